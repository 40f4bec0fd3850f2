import type { AttemptId, CallId } from "../call/identifiers.ts";
import type { PhoneNumber } from "../phone/phone-number.ts";
import type { PolicyReason } from "../policy/decision.ts";
import type { DialFailure } from "../sip/dial-outcome.ts";

/** What the ledger keeps of an attempt's end. */
export type AttemptOutcome =
  /** The telephone was answered. */
  | { readonly outcome: "answered"; readonly participantIdentity: string; readonly sipCallId: string }
  /** The policy or a cap said no. */
  | {
      readonly outcome: "refused-by-policy";
      readonly retry: "later" | "after-review";
      readonly reasons: readonly PolicyReason[];
      readonly earliest?: number;
    }
  /** Nobody was reached, or that is not known. */
  | DialFailure;

/**
 * Where an attempt stands.
 *
 * - `reserved`: durably planned; nobody was rung; may be released
 * - `dialing`: the telephone may be ringing; never dialled again
 * - `settled`: it is known what became of it
 * - `unknown`: a person has to look at what became of it
 * - `released`: given up before it was dialled; its caps were given back
 */
export type AttemptState = "reserved" | "dialing" | "settled" | "unknown" | "released";

/** What an attempt is reserved with. */
export interface NewAttempt {
  /** The idempotency key. */
  readonly attemptId: AttemptId;
  /** The call that the attempt is to become. */
  readonly callId: CallId;
  /** The clinic that calls. */
  readonly clinicId: string;
  /** The number to ring. */
  readonly phoneNumber: PhoneNumber;
  /** The appointment that the call is about: whoever missed the call and calls back goes on with it. */
  readonly appointmentId?: string;
  /** The room that the call is held in. */
  readonly roomName: string;
  /** When it was reserved, milliseconds since 1970. */
  readonly reservedAt: number;
  /** Until when (milliseconds since 1970) whoever reserved it must have begun to dial; after that it may be taken over. */
  readonly leaseUntil: number;
  /** The trunk that the call goes out through, whose lines are counted. */
  readonly trunkId?: string;
  /** How long it rings at most, in seconds; the longest that `makeCall` allows unless given. */
  readonly ringingTimeoutSeconds?: number;
  /** After how many seconds the call is ended. Without it an answered attempt is not counted as under way. */
  readonly callLimitSeconds?: number;
}

/** One dial attempt as the ledger keeps it. */
export interface Attempt extends NewAttempt {
  /** Where it stands. */
  readonly state: AttemptState;
  /** Counts the reservations of this attempt: a process that lost its lease can no longer dial. */
  readonly lease: number;
  /** When dialling began. */
  readonly dialingAt: number | undefined;
  /** When it ended. */
  readonly finishedAt: number | undefined;
  /** What became of it; `undefined` while it is `reserved` or `dialing`. */
  readonly outcome: AttemptOutcome | undefined;
  /**
   * Until when (milliseconds since 1970) it may take up a line: while it is reserved, dialled, or talked on. `undefined` when
   * it takes up none: it is no longer under way.
   */
  readonly lineUntil: number | undefined;
}

const identityPrefix = "phone-";

/** The identity that the telephone of an attempt has in its room. */
export function telephoneIdentity(attemptId: AttemptId): string {
  return `${identityPrefix}${attemptId}`;
}

/** The attempt whose telephone has this identity; `undefined` for any other participant. */
export function attemptOfTelephone(identity: string): AttemptId | undefined {
  return identity.startsWith(identityPrefix) && identity.length > identityPrefix.length
    ? identity.slice(identityPrefix.length)
    : undefined;
}

/** Whether an outcome says that no telephone rang, so that the attempt does not count against a cap. */
export function nobodyWasRung(outcome: AttemptOutcome): boolean {
  switch (outcome.outcome) {
    case "trunk-capacity":
    case "trunk-refused":
    case "agent-unavailable":
    case "refused-by-policy":
      return true;
    default:
      return false;
  }
}
