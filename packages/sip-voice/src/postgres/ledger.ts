import { type Attempt, type AttemptOutcome, type NewAttempt, nobodyWasRung } from "../outbound/attempt.ts";
import { lineGraceMs, longestCallSeconds, longestRingingSeconds } from "../outbound/attempt-line.ts";
import type { AttemptCap, Ledger } from "../outbound/ledger.ts";
import { ledgerMisuse } from "../outbound/memory-ledger.ts";
import { type AttemptRow, attemptColumns, attemptOf } from "./attempt-row.ts";
import type { PostgresDatabase, Query } from "./database.ts";

/** First keys of our advisory locks; the second one is what is locked, as a hash. Spells "sipv", so as to meet nobody else's. */
const numberLocks = 0x73697076;
const clinicLocks = numberLocks + 1;
const trunkLocks = numberLocks + 2;

/** The change when dialling begins at `$3`; the same as `lineUntilOfDial`. */
const toDialing = `state = 'dialing', dialing_at = $3, line_until = $3::bigint + ${lineGraceMs} + 1000 *
  (coalesce(ringing_timeout_seconds, ${longestRingingSeconds}) + coalesce(call_limit_seconds, ${longestCallSeconds}))`;
/** The change when an attempt is settled at `$4`, answered if `$6`; the same as `lineUntilOfAnswer`. */
const lineOfAnswer = `line_until = CASE WHEN $6::boolean THEN $4::bigint + ${lineGraceMs} + 1000 * call_limit_seconds END`;

/** The record of dial attempts in PostgreSQL. */
export function postgresLedger({ schema, read, write }: PostgresDatabase): Ledger {
  const table = `${schema}.attempts`;
  const underWay = "line_until IS NOT NULL";

  async function rowOf(query: Query, attemptId: string): Promise<AttemptRow | undefined> {
    const { rows } = await query(`SELECT ${attemptColumns} FROM ${table} WHERE attempt_id = $1`, [attemptId]);
    return rows[0] as AttemptRow | undefined;
  }

  /**
   * Has everybody else who asks for a cap on this number or clinic wait until this transaction has ended. Locks of their
   * own, since there may be no row yet; taken before the counting statement, which then sees what they kept. The number
   * first, then the clinic, then the trunk: in one order nobody waits for each other in a circle.
   */
  async function lock(
    query: Query,
    { phoneNumber, clinicId, trunkId }: NewAttempt,
    caps: readonly AttemptCap[],
  ) {
    const isAsked = (scope: AttemptCap["scope"]): boolean => caps.some((cap) => cap.scope === scope);
    const text = `SELECT pg_advisory_xact_lock($1, hashtext($2))`;
    if (isAsked("number")) await query(text, [numberLocks, `${schema} ${phoneNumber}`]);
    if (isAsked("clinic")) await query(text, [clinicLocks, `${schema} ${clinicId}`]);
    if (isAsked("trunk")) await query(text, [trunkLocks, `${schema} ${trunkId}`]);
  }

  /** The caps that one more attempt would exceed. Counts no further than the cap, so that it takes the same time at any size. */
  async function fullCaps(query: Query, wanted: NewAttempt, caps: readonly AttemptCap[]) {
    if (caps.length === 0) return [];
    const values: unknown[] = [wanted.attemptId, wanted.phoneNumber, wanted.clinicId, wanted.trunkId ?? null];
    const whoseOf = {
      number: "phone_number = $2",
      clinic: "clinic_id = $3",
      trunk: "trunk_id = $4",
    } as const;
    const counts = caps.map(({ scope, since, atMost }, index) => {
      const when = since === "under-way" ? underWay : `counts AND reserved_at >= $${values.push(since)}`;
      const most = `$${values.push(Math.max(0, Math.min(Math.ceil(atMost), Number.MAX_SAFE_INTEGER)))}`;
      // An attempt that is taken over does not stand in its own way.
      return `(SELECT count(*) FROM (SELECT FROM ${table} WHERE attempt_id <> $1 AND ${whoseOf[scope]} AND ${when} LIMIT ${most}) AS c)
        AS cap_${index}`;
    });
    // Names each parameter, used or not, so that the server knows its type.
    const { rows } = await query(`SELECT ${counts.join(", ")}, $2::text, $3::text, $4::text`, values);
    return caps.filter(({ atMost }, index) => Number(rows[0]?.[`cap_${index}`]) + 1 > atMost);
  }

  /** Inserts an attempt, or takes one over whose lease has run out, which shuts out whoever had it. */
  async function insert(query: Query, wanted: NewAttempt): Promise<AttemptRow | undefined> {
    const { rows } = await query(
      `INSERT INTO ${table} AS kept
         (attempt_id, call_id, clinic_id, phone_number, room_name, reserved_at, lease_until, appointment_id,
          trunk_id, ringing_timeout_seconds, call_limit_seconds, line_until, state, lease)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $7, 'reserved', 1)
       ON CONFLICT (attempt_id) DO UPDATE SET
         call_id = excluded.call_id, clinic_id = excluded.clinic_id, phone_number = excluded.phone_number,
         room_name = excluded.room_name, reserved_at = excluded.reserved_at, lease_until = excluded.lease_until,
         appointment_id = excluded.appointment_id, trunk_id = excluded.trunk_id,
         ringing_timeout_seconds = excluded.ringing_timeout_seconds, call_limit_seconds = excluded.call_limit_seconds,
         line_until = excluded.line_until, lease = kept.lease + 1
       WHERE kept.state = 'reserved' AND kept.lease_until <= excluded.reserved_at
       RETURNING ${attemptColumns}`,
      [
        wanted.attemptId,
        wanted.callId,
        wanted.clinicId,
        wanted.phoneNumber,
        wanted.roomName,
        wanted.reservedAt,
        wanted.leaseUntil,
        wanted.appointmentId ?? null,
        wanted.trunkId ?? null,
        wanted.ringingTimeoutSeconds ?? null,
        wanted.callLimitSeconds ?? null,
      ],
    );
    return rows[0] as AttemptRow | undefined;
  }

  /** Changes an attempt if it is where the step takes it from; `undefined` when it is not. */
  async function step(query: Query, change: string, from: string, values: readonly unknown[]) {
    const text = `UPDATE ${table} SET ${change} WHERE attempt_id = $1 AND ${from} RETURNING ${attemptColumns}`;
    const row = (await query(text, values)).rows[0] as AttemptRow | undefined;
    return row && attemptOf(row);
  }

  return {
    reserve: (wanted, caps) =>
      write(async (query) => {
        await lock(query, wanted, caps);
        const full = await fullCaps(query, wanted, caps);
        const row = full.length === 0 ? await insert(query, wanted) : undefined;
        if (row) return { kind: "reserved", attempt: attemptOf(row) };
        const known = await rowOf(query, wanted.attemptId);
        const attempt = known && attemptOf(known);
        if (attempt && !(attempt.state === "reserved" && attempt.leaseUntil <= wanted.reservedAt)) {
          return { kind: "known", attempt };
        }
        return { kind: "capped", caps: full };
      }),
    startDialing: (attemptId, lease, at) =>
      write(async (query) => {
        const dialing = await step(query, toDialing, "state = 'reserved' AND lease = $2", [
          attemptId,
          lease,
          at,
        ]);
        if (dialing) return { kind: "dialing", attempt: dialing };
        const row = await rowOf(query, attemptId);
        if (!row) throw ledgerMisuse("be dialled", "missing");
        return { kind: "lost", attempt: attemptOf(row) };
      }),
    settle: (attemptId, outcome, at) =>
      write(async (query): Promise<Attempt> => {
        const state = outcome.outcome === "unknown" ? "unknown" : "settled";
        const isAnswered = outcome.outcome === "answered";
        const values = [attemptId, state, ...ending(outcome, at), !nobodyWasRung(outcome), isAnswered];
        const change = `state = $2, outcome = $3, finished_at = $4, counts = $5, ${lineOfAnswer}`;
        const settled = await step(query, change, "state IN ('dialing', 'unknown')", values);
        if (settled) return settled;
        throw ledgerMisuse("be settled", (await rowOf(query, attemptId))?.state ?? "missing");
      }),
    release: (attemptId, lease, outcome, at) =>
      write(async (query): Promise<Attempt> => {
        const values = [attemptId, lease, ...ending(outcome, at)];
        const change =
          "state = 'released', outcome = $3, finished_at = $4, counts = false, line_until = NULL";
        const released = await step(query, change, "state = 'reserved' AND lease = $2", values);
        if (released) return released;
        throw ledgerMisuse("be released", (await rowOf(query, attemptId))?.state ?? "missing");
      }),
    freeLine: (attemptId) =>
      write(async (query) => {
        await step(query, "line_until = NULL", "state = 'settled'", [attemptId]);
      }),
    async get(attemptId) {
      const row = await rowOf(read, attemptId);
      return row && attemptOf(row);
    },
    async underWay() {
      const text = `SELECT ${attemptColumns} FROM ${table} WHERE ${underWay} ORDER BY reserved_at, attempt_id`;
      return ((await read(text)).rows as unknown as AttemptRow[]).map(attemptOf);
    },
    async awaitingReview(limit) {
      const text = `SELECT ${attemptColumns} FROM ${table} WHERE state = 'unknown' ORDER BY finished_at, attempt_id LIMIT $1`;
      return ((await read(text, [limit])).rows as unknown as AttemptRow[]).map(attemptOf);
    },
    async lastAttempt(phoneNumber, clinicId) {
      const text = `SELECT ${attemptColumns} FROM ${table}
        WHERE phone_number = $1 AND clinic_id = $2 AND counts AND dialing_at IS NOT NULL
        ORDER BY dialing_at DESC, attempt_id DESC LIMIT 1`;
      const row = (await read(text, [phoneNumber, clinicId])).rows[0] as AttemptRow | undefined;
      return row && attemptOf(row);
    },
  };
}

const ending = (outcome: AttemptOutcome, at: number): readonly unknown[] => [JSON.stringify(outcome), at];
