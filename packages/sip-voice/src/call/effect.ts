import type { AppointmentChange } from "../appointments/store.ts";
import type { ChoiceVia } from "./event.ts";
import type { PromptName } from "./prompt.ts";

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
  /** Stop all calls to this number. */
  | { readonly type: "opt-out" }
  /** End the call. */
  | { readonly type: "hang-up" };
