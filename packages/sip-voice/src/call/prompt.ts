/** The fixed sentences of a call. */
export type PromptName =
  | "opener"
  | "confirmed"
  | "cancelled"
  | "reschedule-requested"
  | "no-appointment"
  | "not-stored"
  | "operator"
  | "operator-unavailable"
  | "opted-out"
  | "unmapped-digit"
  | "apology"
  | "goodbye"
  | "recording-announcement"
  | "hold"
  | "operator-closed"
  | "call-back-noted"
  | "still-there"
  | "silence-goodbye"
  | "reconnected"
  | "voicemail"
  | "screening"
  | "emergency"
  | "wrong-number"
  | "identity-ask"
  | "identity-again"
  | "identity-failed";

/** A language that the clinic's agent speaks, as a BCP 47 tag. */
export type Language = "en-US" | "ar-XA";

/** The wording of every fixed sentence in one language. */
export type PromptTexts = Readonly<Record<PromptName, string>>;
