import type { ReminderPreference } from "../appointments/preferences.ts";
import type { Language } from "./prompt.ts";

/** Where a call stands. */
export type CallPhase = "starting" | "ringing" | "active" | "transferring" | "ended";

/** What the patient decided. */
export type Disposition =
  | "none"
  | "confirmed"
  | "cancelled"
  | "rescheduled"
  | "reschedule-requested"
  | "wrong-number";

/** How a transfer to the operator goes. */
export type TransferStatus = "none" | "requested" | "completed" | "failed";

/** Why the operator did not take a call. */
export type OperatorFailure = "no-operator" | "closed" | "busy" | "no-answer" | "refused" | "unknown";

/** Who is on the other end, as far as it can be told. */
export type CallParty = "unknown" | "person" | "machine" | "screener";

/**
 * Whether the other party is known to be the patient. Details are given and changes made only when it is `proven`;
 * `asked` means that it can be proven on this call, `refused` that it was tried too often.
 */
export type IdentityStatus = "unproven" | "asked" | "proven" | "refused";

/** Who or what ended the call. */
export type CallEndedBy =
  | "patient"
  | "agent"
  | "transfer"
  | "room-closed"
  | "time-limit"
  | "worker-stopped"
  | "error";

/** Everything known of a call, as one plain value that can be stored and compared. */
export interface CallState {
  /** Where the call stands. */
  readonly phase: CallPhase;
  /** What the patient decided about the appointment, once the store kept it; or that the number is wrong. */
  readonly disposition: Disposition;
  /** The appointment that the call is about. */
  readonly appointmentId: string | undefined;
  /** Whether the patient would come at short notice when a slot falls free; `undefined` when not asked. */
  readonly walkIn: boolean | undefined;
  /** How the patient wants to be reminded; `undefined` when not asked. */
  readonly reminder: ReminderPreference | undefined;
  /** How a transfer to the operator goes. */
  readonly transfer: TransferStatus;
  /** Why the last transfer failed. */
  readonly transferFailure: OperatorFailure | undefined;
  /** Whether the clinic is to call the patient back. */
  readonly callBack: boolean;
  /** The language that is spoken. */
  readonly language: Language;
  /** Who is on the other end. */
  readonly party: CallParty;
  /** Whether the other party is known to be the patient. */
  readonly identity: IdentityStatus;
  /** How often a wrong proof of identity was given. */
  readonly identityTries: number;
  /** How often in a row nothing was heard of the caller. */
  readonly silences: number;
  /** Whether words of an emergency were heard. */
  readonly emergency: boolean;
  /** Whether the patient wants no more calls; withdrawn when it could not be kept. */
  readonly optedOut: boolean;
  /** Whether the model answers. Keys work without it. */
  readonly model: "working" | "lost";
  /** Who ended the call; `undefined` until it has ended. */
  readonly endedBy: CallEndedBy | undefined;
}

/** The state in which every call begins. */
export const initialCallState: CallState = {
  phase: "starting",
  disposition: "none",
  appointmentId: undefined,
  walkIn: undefined,
  reminder: undefined,
  transfer: "none",
  transferFailure: undefined,
  callBack: false,
  language: "en-US",
  party: "unknown",
  identity: "unproven",
  identityTries: 0,
  silences: 0,
  emergency: false,
  optedOut: false,
  model: "working",
  endedBy: undefined,
};
