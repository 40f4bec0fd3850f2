import type { AppointmentChange } from "../appointments/store.ts";
import type { ChoiceVia } from "./event.ts";
import type { Language, PromptName } from "./prompt.ts";
import type { CallState } from "./state.ts";

/** Something that is to be done because the state changed. {@link transition} only names it; whoever drives the call does it. */
export type CallEffect =
  /** Stop what is being said. */
  | { readonly type: "interrupt" }
  /** Say a fixed sentence. */
  | { readonly type: "say"; readonly prompt: PromptName }
  /** Write a change into the appointment store, then send `stored` or `not-stored`. */
  | {
      readonly type: "store";
      readonly change: AppointmentChange;
      readonly appointmentId: string;
      readonly via: ChoiceVia;
    }
  /** Let the model go on with a new date. */
  | { readonly type: "offer-slots" }
  /** Hand the call to the operator, then send `transferred` or `transfer-failed`. */
  | { readonly type: "transfer" }
  /** Stop all calls to this number, then send `opt-out-kept` or `opt-out-not-kept`. */
  | { readonly type: "opt-out"; readonly via: ChoiceVia }
  /** Have the clinic call back, then send `call-back-kept` or `call-back-not-kept`. */
  | { readonly type: "request-call-back"; readonly via: ChoiceVia }
  /** Have the other party key in who they are, then send `identity-proven` or `identity-refused`. */
  | { readonly type: "ask-identity"; readonly again: boolean }
  /** Begin the conversation anew: what is allowed to be said has changed. */
  | { readonly type: "greet" }
  /** Speak another language from now on. */
  | { readonly type: "speak-language"; readonly language: Language; readonly via: ChoiceVia }
  /** Leave a message on the machine that answered, or don't, as the clinic has it; then end the call. */
  | { readonly type: "leave-message" }
  /** Tell a screening assistant who is calling. */
  | { readonly type: "introduce" }
  /** End the call once what is being said was said. */
  | { readonly type: "hang-up" };

/** The state after an event, and what is to be done because of it. */
export interface Transition {
  /** The state after the event; the same object when nothing changed. */
  readonly state: CallState;
  /** What is to be done, in order. */
  readonly effects: readonly CallEffect[];
}
