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

/** Who or what ended the call. */
export type CallEndedBy =
  | "patient"
  | "agent"
  | "transfer"
  | "room-closed"
  | "time-limit"
  | "worker-stopped"
  | "error";

/** When and how a patient wants to be reminded. */
export interface ReminderPreference {
  /** The way to reach the patient. */
  readonly channel: "call" | "sms" | "none";
  /** Hours before the appointment. */
  readonly hoursBefore?: number;
}

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
  /** Whether the patient wants no more calls. */
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
  optedOut: false,
  model: "working",
  endedBy: undefined,
};
