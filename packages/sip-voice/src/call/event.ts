import type { ReminderPreference } from "../appointments/preferences.ts";
import type { AppointmentChange } from "../appointments/store.ts";
import type { Language } from "./prompt.ts";
import type { CallEndedBy, CallParty, OperatorFailure } from "./state.ts";

/** How a patient told what they want. */
export type ChoiceVia = "digit" | "voice" | "tap";

/** What a patient can ask for in one step. */
export type CallChoice = "confirm" | "reschedule" | "cancel" | "operator" | "opt-out" | "call-back";

/** What showed that the other party is the patient. */
export type IdentityProof = "phone-number" | "date-of-birth" | "token" | "clinic";

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
  /** The other party said that the number is not the patient's. */
  | { readonly type: "wrong-number"; readonly via: ChoiceVia }
  /** The wish to get no more calls is durable. */
  | { readonly type: "opt-out-kept"; readonly via: ChoiceVia }
  /** The wish to get no more calls could not be kept. */
  | { readonly type: "opt-out-not-kept"; readonly via: ChoiceVia }
  /** The wish to be called back is durable. */
  | { readonly type: "call-back-kept"; readonly via: ChoiceVia }
  /** The wish to be called back could not be kept. */
  | { readonly type: "call-back-not-kept"; readonly via: ChoiceVia }
  /** Before anything is told, the other party must show who they are. */
  | { readonly type: "identity-asked" }
  /** The other party is the patient. */
  | { readonly type: "identity-proven"; readonly by: IdentityProof; readonly via?: ChoiceVia }
  /** What the other party gave as proof is wrong. */
  | { readonly type: "identity-refused"; readonly via: ChoiceVia }
  /** Whoever answered is somebody else: what proved that they are the patient proves it no more. */
  | { readonly type: "patient-absent" }
  /** From now on another language is spoken. */
  | { readonly type: "language-chosen"; readonly language: Language; readonly via: ChoiceVia }
  /** It became clear who is on the other end. */
  | { readonly type: "party-detected"; readonly party: Exclude<CallParty, "unknown"> }
  /** Nothing was heard of the caller for a while. */
  | { readonly type: "caller-silent" }
  /** The caller spoke, or pressed a key. */
  | { readonly type: "caller-heard" }
  /** The caller spoke of an emergency. */
  | { readonly type: "emergency" }
  /** The patient told whether they would come at short notice. */
  | { readonly type: "walk-in-preferred"; readonly walkIn: boolean }
  /** The patient told how they want to be reminded. */
  | { readonly type: "reminder-preferred"; readonly reminder: ReminderPreference }
  /** The operator took the call. */
  | { readonly type: "transferred"; readonly by: "refer" | "bridge" }
  /** The operator did not take the call. */
  | { readonly type: "transfer-failed"; readonly reason: OperatorFailure }
  /** The model's connection died or it went deaf. */
  | { readonly type: "model-lost" }
  /** A new model took over; `quiet` where nobody was told that the one before was lost. */
  | { readonly type: "model-restored"; readonly quiet?: boolean }
  /** The call is over. */
  | { readonly type: "ended"; readonly by: CallEndedBy };
