import type { CallId } from "../call/identifiers.ts";
import type { CallParty, Disposition } from "../call/state.ts";
import type { PolicyRule } from "../policy/decision.ts";
import type { TryOutcome } from "./retry-plan.ts";

/** Why there was nothing to call about. */
export type SkipReason =
  /** The store has none of the contact's appointments. */
  | "no-appointment"
  /** The store has another number for the patient: a list that is out of date must not tell a stranger. */
  | "other-number"
  /** The appointment is cancelled. */
  | "cancelled"
  /** It has begun, or is over. */
  | "begun"
  /** The patient has decided since the first try. */
  | "decided";

/** What became of one try, as it is kept for the report. */
export interface TryResult {
  /** What it came to. */
  readonly outcome: TryOutcome;
  /** The call, where there was one. */
  readonly callId?: CallId;
  /** The appointment that it was about. */
  readonly appointmentId?: string;
  /** What the patient decided. */
  readonly disposition?: Disposition;
  /** Who took the call. */
  readonly reached?: CallParty;
  /** The SIP response code, when the far end gave one. */
  readonly sipStatus?: number;
  /** The rules that refused it. */
  readonly rules?: readonly PolicyRule[];
  /** Why it was skipped. */
  readonly skipped?: SkipReason;
}
