import type { AttemptId } from "../call/identifiers.ts";
import {
  type Attempt,
  type AttemptOutcome,
  type AttemptState,
  type NewAttempt,
  nobodyWasRung,
} from "../outbound/attempt.ts";
import { lineUntilOfAnswer, lineUntilOfDial } from "../outbound/attempt-line.ts";
import type { AttemptCap, Ledger } from "../outbound/ledger.ts";
import { ledgerMisuse } from "../outbound/memory-ledger.ts";
import type { PhoneNumber } from "../phone/phone-number.ts";
import type { SqliteDatabase } from "./database.ts";

type AttemptRow = {
  readonly attempt_id: string;
  readonly call_id: string;
  readonly clinic_id: string;
  readonly phone_number: string;
  readonly room_name: string;
  readonly reserved_at: number;
  readonly lease_until: number;
  readonly state: AttemptState;
  readonly lease: number;
  readonly dialing_at: number | null;
  readonly finished_at: number | null;
  readonly outcome: string | null;
  readonly appointment_id: string | null;
  readonly trunk_id: string | null;
  readonly ringing_timeout_seconds: number | null;
  readonly call_limit_seconds: number | null;
  readonly line_until: number | null;
};

/** What a column that may be empty adds to an attempt. */
function given<Key extends string, Value>(key: Key, value: Value | null): { readonly [K in Key]?: Value } {
  return (value === null ? {} : { [key]: value }) as { readonly [K in Key]?: Value };
}

function attemptOf(row: AttemptRow): Attempt {
  return {
    attemptId: row.attempt_id,
    callId: row.call_id,
    clinicId: row.clinic_id,
    phoneNumber: row.phone_number as PhoneNumber,
    roomName: row.room_name,
    ...given("appointmentId", row.appointment_id),
    ...given("trunkId", row.trunk_id),
    ...given("ringingTimeoutSeconds", row.ringing_timeout_seconds),
    ...given("callLimitSeconds", row.call_limit_seconds),
    reservedAt: row.reserved_at,
    leaseUntil: row.lease_until,
    state: row.state,
    lease: row.lease,
    dialingAt: row.dialing_at ?? undefined,
    finishedAt: row.finished_at ?? undefined,
    outcome: row.outcome === null ? undefined : (JSON.parse(row.outcome) as AttemptOutcome),
    lineUntil: row.line_until ?? undefined,
  };
}

/** The record of dial attempts in the clinic's SQLite file. */
export function sqliteLedger(database: SqliteDatabase): Ledger {
  const { connection, read, write } = database;
  const select = connection.prepare("SELECT * FROM attempts WHERE attempt_id = ?");
  const selectUnderWay = connection.prepare(
    "SELECT * FROM attempts WHERE line_until IS NOT NULL ORDER BY reserved_at, attempt_id",
  );
  const selectUnknown = connection.prepare(
    "SELECT * FROM attempts WHERE state = 'unknown' ORDER BY finished_at, attempt_id LIMIT ?",
  );
  const selectLast = connection.prepare(
    `SELECT * FROM attempts WHERE phone_number = ? AND clinic_id = ? AND counts = 1 AND dialing_at IS NOT NULL
     ORDER BY dialing_at DESC, attempt_id DESC LIMIT 1`,
  );
  // One that is taken over keeps its row and gets a new lease, which shuts out whoever had it.
  const upsert = connection.prepare(
    `INSERT INTO attempts
       (attempt_id, call_id, clinic_id, phone_number, appointment_id, room_name, reserved_at, lease_until, trunk_id,
        ringing_timeout_seconds, call_limit_seconds, line_until, state, lease)
     VALUES (:attemptId, :callId, :clinicId, :phoneNumber, :appointmentId, :roomName, :reservedAt, :leaseUntil, :trunkId,
       :ringingTimeoutSeconds, :callLimitSeconds, :leaseUntil, 'reserved', 1)
     ON CONFLICT (attempt_id) DO UPDATE SET
       call_id = excluded.call_id, clinic_id = excluded.clinic_id, phone_number = excluded.phone_number,
       appointment_id = excluded.appointment_id, room_name = excluded.room_name, reserved_at = excluded.reserved_at,
       lease_until = excluded.lease_until, trunk_id = excluded.trunk_id,
       ringing_timeout_seconds = excluded.ringing_timeout_seconds, call_limit_seconds = excluded.call_limit_seconds,
       line_until = excluded.line_until, lease = lease + 1`,
  );
  const startDialing = connection.prepare(
    "UPDATE attempts SET state = 'dialing', dialing_at = ?, line_until = ? WHERE attempt_id = ?",
  );
  const finish = connection.prepare(
    "UPDATE attempts SET state = ?, outcome = ?, finished_at = ?, counts = ?, line_until = ? WHERE attempt_id = ?",
  );
  const freeLine = connection.prepare(
    "UPDATE attempts SET line_until = NULL WHERE attempt_id = ? AND state = 'settled'",
  );
  // An attempt that is taken over does not stand in its own way.
  const count = (which: string) =>
    connection.prepare(`SELECT count(*) AS taken FROM attempts WHERE attempt_id <> ? AND ${which}`);
  const counts = {
    number: {
      since: count("phone_number = ? AND reserved_at >= ? AND counts = 1"),
      underWay: count("phone_number = ? AND line_until IS NOT NULL"),
    },
    clinic: {
      since: count("clinic_id = ? AND reserved_at >= ? AND counts = 1"),
      underWay: count("clinic_id = ? AND line_until IS NOT NULL"),
    },
    trunk: {
      since: count("trunk_id = ? AND reserved_at >= ? AND counts = 1"),
      underWay: count("trunk_id = ? AND line_until IS NOT NULL"),
    },
  };

  const rowOf = (id: AttemptId) => select.get(id) as AttemptRow | undefined;

  /** The attempt as it is after a step. */
  function now(id: AttemptId): Attempt {
    const row = rowOf(id);
    if (!row) throw ledgerMisuse("be read", "missing");
    return attemptOf(row);
  }

  function isFull({ scope, since, atMost }: AttemptCap, wanted: NewAttempt): boolean {
    const whose = { number: wanted.phoneNumber, clinic: wanted.clinicId, trunk: wanted.trunkId ?? null }[
      scope
    ];
    const row =
      since === "under-way"
        ? counts[scope].underWay.get(wanted.attemptId, whose)
        : counts[scope].since.get(wanted.attemptId, whose, since);
    return Number(row?.taken) + 1 > atMost;
  }

  return {
    reserve: (wanted, caps) =>
      write(() => {
        const known = rowOf(wanted.attemptId);
        if (known && !(known.state === "reserved" && known.lease_until <= wanted.reservedAt)) {
          return { kind: "known", attempt: attemptOf(known) };
        }
        const full = caps.filter((cap) => isFull(cap, wanted));
        if (full.length > 0) return { kind: "capped", caps: full };
        const { attemptId, callId, clinicId, phoneNumber, roomName, reservedAt, leaseUntil } = wanted;
        upsert.run({
          attemptId,
          callId,
          clinicId,
          phoneNumber,
          roomName,
          reservedAt,
          leaseUntil,
          appointmentId: wanted.appointmentId ?? null,
          trunkId: wanted.trunkId ?? null,
          ringingTimeoutSeconds: wanted.ringingTimeoutSeconds ?? null,
          callLimitSeconds: wanted.callLimitSeconds ?? null,
        });
        return { kind: "reserved", attempt: now(attemptId) };
      }),
    startDialing: (attemptId, lease, at) =>
      write(() => {
        const row = rowOf(attemptId);
        if (!row) throw ledgerMisuse("be dialled", "missing");
        if (row.state !== "reserved" || row.lease !== lease) return { kind: "lost", attempt: attemptOf(row) };
        startDialing.run(at, lineUntilOfDial(attemptOf(row), at), attemptId);
        return { kind: "dialing", attempt: now(attemptId) };
      }),
    settle: (attemptId, outcome, at) =>
      write(() => {
        const row = rowOf(attemptId);
        if (row?.state !== "dialing" && row?.state !== "unknown") {
          throw ledgerMisuse("be settled", row?.state ?? "missing");
        }
        const next = outcome.outcome === "unknown" ? "unknown" : "settled";
        const lineUntil = outcome.outcome === "answered" ? lineUntilOfAnswer(attemptOf(row), at) : undefined;
        const counted = nobodyWasRung(outcome) ? 0 : 1;
        finish.run(next, JSON.stringify(outcome), at, counted, lineUntil ?? null, attemptId);
        return now(attemptId);
      }),
    release: (attemptId, lease, outcome, at) =>
      write(() => {
        const row = rowOf(attemptId);
        if (row?.state !== "reserved" || row.lease !== lease) {
          throw ledgerMisuse("be released", row?.state ?? "missing");
        }
        finish.run("released", JSON.stringify(outcome), at, 0, null, attemptId);
        return now(attemptId);
      }),
    freeLine: (attemptId) => write(() => void freeLine.run(attemptId)),
    async get(attemptId) {
      const row = await read(() => rowOf(attemptId));
      return row && attemptOf(row);
    },
    async underWay() {
      const rows = await read(() => selectUnderWay.all());
      return (rows as AttemptRow[]).map(attemptOf);
    },
    async awaitingReview(limit) {
      const rows = await read(() => selectUnknown.all(limit));
      return (rows as AttemptRow[]).map(attemptOf);
    },
    async lastAttempt(phoneNumber, clinicId) {
      const row = (await read(() => selectLast.get(phoneNumber, clinicId))) as AttemptRow | undefined;
      return row && attemptOf(row);
    },
  };
}
