import type { CallRecord } from "../call/call-log.ts";
import type { AttemptId, CallId } from "../call/identifiers.ts";
import type { CallParty, CallState, Disposition } from "../call/state.ts";
import type { PhoneNumber } from "../phone/phone-number.ts";
import type { PolicyReason } from "../policy/decision.ts";
import type { DialFailure } from "../sip/dial-outcome.ts";
import type { TransferResult } from "./room-gateway.ts";

/** What every result of `makeCall` has. */
interface CallIdentity {
  /** The idempotency key of the attempt: the same id never rings a telephone twice. */
  readonly attemptId: AttemptId;
  /** The call. */
  readonly callId: CallId;
}

/** What is left of a call after its telephone has left the room. */
export interface EndedCall {
  /** What the patient decided; `none` also when the agent died before it could tell. */
  readonly disposition: Disposition;
  /**
   * Who took the call, as far as the agent could tell: `machine` and `screener` mean that the patient was not spoken to, so
   * that calling again later makes sense; `unknown` is somebody who said nothing.
   */
  readonly reached: CallParty;
  /** Whether a message was left on a machine, to its end. */
  readonly messageLeft: boolean;
  /** The state in which the agent left the call; `undefined` when it died before it could tell. */
  readonly state: CallState | undefined;
  /** The call's record, where a call log is kept. */
  readonly record: CallRecord | undefined;
}

/** The telephone was answered and the agent is talking. */
export interface AnsweredCall extends CallIdentity {
  /** Somebody took the call. */
  readonly outcome: "answered";
  /** Do not call again for this. */
  readonly retry: "never";
  /** LiveKit's id of the SIP call, `SCL_…`. */
  readonly sipCallId: string;
  /** The room that the call is held in. */
  readonly roomName: string;
  /** The telephone's identity in the room. */
  readonly participantIdentity: string;
  /** Ends the call. */
  hangUp(): Promise<void>;
  /** Hands the telephone to another number. */
  transfer(to: PhoneNumber): Promise<TransferResult>;
  /** Resolves when the telephone has left; never rejects. */
  readonly ended: Promise<EndedCall>;
}

/** The policy or a cap refused the attempt; nobody was rung. */
export interface RefusedCall extends CallIdentity {
  /** The policy said no. */
  readonly outcome: "refused-by-policy";
  /** `later` when time alone lifts the refusal. */
  readonly retry: "later" | "after-review";
  /** Every reason. */
  readonly reasons: readonly PolicyReason[];
  /** Not before this instant (milliseconds since 1970) would hours, holidays and caps allow it, where that is known. */
  readonly earliest?: number;
}

/** Nobody was reached, or that is not known (`unknown`). */
export interface UnansweredCall extends CallIdentity, DialFailure {}

/** What became of a call: switch over `outcome`. */
export type CallResult = AnsweredCall | RefusedCall | UnansweredCall;
