/** Id of one call: one conversation on one line, from first ring to hang-up. */
export type CallId = string;

/** Id of one try at ringing one number: the caller's idempotency key. */
export type AttemptId = string;

/** Who called whom. */
export type CallDirection = "inbound" | "outbound";

/** What the patient talks through. */
export type CallChannel = "phone" | "web";
