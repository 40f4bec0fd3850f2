import type { Attempt, AttemptOutcome, AttemptState } from "../outbound/attempt.ts";
import type { PhoneNumber } from "../phone/phone-number.ts";

/** A `bigint` as a pool gives it: `pg` as text, unless the pool has a parser of its own. */
type BigInteger = string | number | bigint;

/** A row of `attempts`. */
export type AttemptRow = {
  readonly attempt_id: string;
  readonly call_id: string;
  readonly clinic_id: string;
  readonly phone_number: string;
  readonly room_name: string;
  readonly reserved_at: BigInteger;
  readonly lease_until: BigInteger;
  readonly state: AttemptState;
  readonly lease: number;
  readonly dialing_at: BigInteger | null;
  readonly finished_at: BigInteger | null;
  readonly outcome: string | null;
  readonly appointment_id: string | null;
  readonly trunk_id: string | null;
  readonly ringing_timeout_seconds: number | null;
  readonly call_limit_seconds: number | null;
  readonly line_until: BigInteger | null;
};

/** The columns of a row. JSON comes as text, so that the pool's own parser has no part in it. */
export const attemptColumns = `attempt_id, call_id, clinic_id, phone_number, room_name, reserved_at, lease_until, state,
  lease, dialing_at, finished_at, outcome::text AS outcome, appointment_id, trunk_id, ringing_timeout_seconds,
  call_limit_seconds, line_until`;

const instant = (ms: BigInteger | null): number | undefined => (ms === null ? undefined : Number(ms));

/** The attempt in a row. */
export function attemptOf(row: AttemptRow): Attempt {
  return {
    attemptId: row.attempt_id,
    ...(row.appointment_id === null ? {} : { appointmentId: row.appointment_id }),
    ...(row.trunk_id === null ? {} : { trunkId: row.trunk_id }),
    ...(row.ringing_timeout_seconds === null ? {} : { ringingTimeoutSeconds: row.ringing_timeout_seconds }),
    ...(row.call_limit_seconds === null ? {} : { callLimitSeconds: row.call_limit_seconds }),
    callId: row.call_id,
    clinicId: row.clinic_id,
    phoneNumber: row.phone_number as PhoneNumber,
    roomName: row.room_name,
    reservedAt: Number(row.reserved_at),
    leaseUntil: Number(row.lease_until),
    state: row.state,
    lease: row.lease,
    dialingAt: instant(row.dialing_at),
    finishedAt: instant(row.finished_at),
    outcome: row.outcome === null ? undefined : (JSON.parse(row.outcome) as AttemptOutcome),
    lineUntil: instant(row.line_until),
  };
}
