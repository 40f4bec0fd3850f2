/** What the doctor looked at. */
export type DoctorSubject =
  | "variables"
  | "livekit"
  | "clock"
  | "credentials"
  | "sip"
  | "files"
  | "trunks"
  | "inbound"
  | "agent"
  | "gemini"
  | "telnyx"
  | "database";

/** One step of the way from the environment to a ringing telephone. Holds no secret and no whole number. */
export interface DoctorStep {
  /** What was looked at. */
  readonly subject: DoctorSubject;
  /** `not-checked` says in `found` why it could not be. */
  readonly state: "ok" | "warning" | "error" | "not-checked";
  /** What was found. */
  readonly found: string;
  /** What it means; empty when all is well. */
  readonly means: string;
  /** What to do; empty when all is well. */
  readonly remedy: string;
}

/** A step that found nothing wrong. */
export function well(subject: DoctorSubject, found: string): DoctorStep {
  return { subject, state: "ok", found, means: "", remedy: "" };
}

/** A step that could not be taken. */
export function unchecked(subject: DoctorSubject, why: string): DoctorStep {
  return { subject, state: "not-checked", found: why, means: "", remedy: "" };
}
