import type {
  AppointmentStatus,
  CallEndedBy,
  CallParty,
  CallResult,
  Disposition,
  DtmfDigit,
  IdentityStatus,
  PromptName,
  ReminderPreference,
} from "@clinic/sip-voice";
import type { TelephoneBehaviour } from "../telephone/index.ts";
import type { UtteranceKey } from "../voice/index.ts";
import type { CallPatient } from "./call-patient.ts";

/** The patient presses a key and listens to the fixed sentence that answers it, and to what the model says next. */
export interface PressStep {
  readonly press: DtmfDigit;
  readonly hears: PromptName;
  readonly model?: RegExp;
}

/** What should come of the patient's words: the model's answer, a fixed sentence, or the end of the call. */
export type SayAnswer = RegExp | { readonly hears: PromptName } | "hangs-up";

/** The patient presses several keys, and listens to what comes of the last of them. */
export interface KeysStep {
  readonly keys: string;
  readonly answer: Exclude<SayAnswer, "hangs-up">;
}

/** The patient says a sentence and listens to what comes of it. */
export interface SayStep {
  readonly say: UtteranceKey;
  /** Other words for it; the stand-in understands what {@link say} means. */
  readonly words?: string;
  readonly answer: SayAnswer;
}

/** The patient waits for a fixed sentence that nobody asked for. */
export interface HearStep {
  readonly hears: PromptName;
}

/** The model's connection is closed with a code, and the patient hears what is said about it. */
export interface FailStep {
  readonly closeModel: number;
  readonly hears: PromptName;
}

/** One thing that the patient does on the telephone, and what they wait for before the next. */
export type DemoStep = PressStep | KeysStep | SayStep | HearStep | FailStep;

/** What should be once the call is over. */
export interface DemoExpectation {
  /** What became of the call; `answered` also for one that came in. */
  readonly outcome: CallResult["outcome"];
  /** What the patient decided; for calls that were answered. */
  readonly disposition?: Disposition;
  /** Who or what ended the call; for calls that were answered. */
  readonly endedBy?: CallEndedBy;
  /** Where the patient's appointment stands; it is `booked` before each call. */
  readonly appointment: AppointmentStatus;
  /** The day to which the appointment has moved; unless given it keeps its time. */
  readonly movedTo?: string;
  /** Whether the patient is not to be called again; not looked at unless given. */
  readonly optedOut?: boolean;
  /** The tools that the model used, in order, each of which did its work; not looked at unless given. */
  readonly tools?: readonly string[];
  /** Why the rules did not allow the call; for calls that were refused. */
  readonly refusedBy?: readonly string[];
  /** What became of a transfer; not looked at unless given. */
  readonly transfer?: "none" | "completed" | "failed";
  /** Whether the clinic is to call back; not looked at unless given. */
  readonly callBack?: boolean;
  /** What the store has of coming at short notice; not looked at unless given. */
  readonly walkIn?: boolean;
  /** What the store has of reminders; not looked at unless given. */
  readonly reminder?: ReminderPreference;
  /** Whether the other party is known to be the patient; not looked at unless given. */
  readonly identity?: IdentityStatus;
  /** Who was on the other end; not looked at unless given. */
  readonly party?: CallParty;
  /** Whether words of an emergency were heard; not looked at unless given. */
  readonly emergency?: boolean;
  /** Words that the model did not say in the whole call. */
  readonly notSaid?: readonly string[];
  /** How many telephones were rung by the clinic: the patient's, or the operator's at a transfer. */
  readonly rings: number;
}

interface AnyDemoCall {
  /** Short name, for `--only`. */
  readonly name: string;
  /** What it shows, in one line. */
  readonly title: string;
  /** Whose appointment it is about: each call has a patient of its own, so that calls can go on side by side. */
  readonly patient: CallPatient;
  /** What the patient does once the agent has introduced itself and greeted them. */
  readonly steps: readonly DemoStep[];
  /** The patient does not wait for the end of the introduction: a key acts at any time. */
  readonly impatient?: true;
  /** What should be afterwards. */
  readonly expect: DemoExpectation;
  /** No other call goes on: all that the model says is of this one. */
  readonly alone?: true;
  /** The greeting does not name the patient: it is not known yet whether they are it. */
  readonly greetedUnknown?: true;
  /** Other appointments of the same number, which must stay as they are. */
  readonly others?: readonly string[];
  /** What the operator's telephone does; it answers unless given. */
  readonly operator?: TelephoneBehaviour;
  /** Only one call of a group goes on at a time. */
  readonly group?: "operator";
  /** Most of it is waiting: it does not take the place of another call. */
  readonly waits?: true;
  /** Depends on what the model says, so that it is verified with the stand-in's script alone. */
  readonly scripted?: true;
}

/** A call that comes in. */
export interface InboundDemoCall extends AnyDemoCall {
  readonly direction: "inbound";
  /** The caller is not known to the clinic: by a number that nobody has, or because the number is withheld. */
  readonly unknownBecause?: "strange-number" | "number-hidden" | "anonymous";
  /** What the patient's telephone did when the clinic called them before, about the same appointment. */
  readonly calledBefore?: TelephoneBehaviour;
}

/** A call that the clinic places with `makeCall`. */
export interface OutboundDemoCall extends AnyDemoCall {
  readonly direction: "outbound";
  /** What the patient's telephone does when it rings. */
  readonly telephone: TelephoneBehaviour;
  /** What picks it up before the patient does. */
  readonly pickedUpBy?: "answering-machine" | "screener";
  /** The agent to dispatch, where it is not the worker's. */
  readonly agentName?: string;
  /** The patient has asked for no more calls. */
  readonly optedOut?: true;
}

/** One call of the demo. */
export type DemoCall = InboundDemoCall | OutboundDemoCall;
