import type { AppointmentChange } from "../appointments/store.ts";
import type { CallEndedBy, ReminderPreference } from "./state.ts";

/** How a patient told what they want. */
export type ChoiceVia = "digit" | "voice" | "tap";

/** What a patient can ask for in one step. */
export type CallChoice = "confirm" | "reschedule" | "cancel" | "operator" | "opt-out";

/** Something that happened on a call. */
export type CallEvent =
  /** The other party's telephone rings. */
  | { readonly type: "rang" }
  /** The two parties are connected. */
  | { readonly type: "connected" }
  /** The appointment that the call is about was found. */
  | { readonly type: "appointment-found"; readonly appointmentId: string }
  /** The patient made a choice. */
  | { readonly type: "chose"; readonly choice: CallChoice; readonly via: ChoiceVia }
  /** The patient pressed a key without a meaning. */
  | { readonly type: "pressed-unmapped" }
  /** The store kept a change. */
  | { readonly type: "stored"; readonly change: AppointmentChange; readonly via: ChoiceVia }
  /** The store did not keep a change. */
  | { readonly type: "not-stored"; readonly change: AppointmentChange; readonly via: ChoiceVia }
  /** The patient said that the number is not theirs. */
  | { readonly type: "wrong-number" }
  /** The patient told whether they would come at short notice. */
  | { readonly type: "walk-in-preferred"; readonly walkIn: boolean }
  /** The patient told how they want to be reminded. */
  | { readonly type: "reminder-preferred"; readonly reminder: ReminderPreference }
  /** The operator took the call. */
  | { readonly type: "transferred" }
  /** The operator did not take the call. */
  | { readonly type: "transfer-failed" }
  /** The model's connection died or it went deaf. */
  | { readonly type: "model-lost" }
  /** A new model took over. */
  | { readonly type: "model-restored" }
  /** The call is over. */
  | { readonly type: "ended"; readonly by: CallEndedBy };
