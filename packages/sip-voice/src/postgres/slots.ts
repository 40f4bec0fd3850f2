import { type SlotRow, slotOf } from "../appointments/appointment-row.ts";
import { parseInstant } from "../appointments/instant.ts";
import { parseLimit } from "../appointments/limit.ts";
import type { AppointmentStore } from "../appointments/store.ts";
import { systemClock } from "../clock.ts";
import type { PostgresDatabase, Query } from "./database.ts";

/** The slots in PostgreSQL: what is free of them, and for whom they are held. */
export interface PostgresSlots extends Pick<AppointmentStore, "openSlots" | "holdSlot"> {
  /**
   * Inside of a write: the slot, if it is the clinic's and no appointment's, has not begun, and no other call holds it. It is
   * locked: until the write has ended it stays so.
   */
  take(query: Query, wanted: WantedSlot): Promise<SlotRow | undefined>;
  /** Inside of a write: frees what a call holds. */
  release(query: Query, callId: string): Promise<void>;
}

/** A slot that a call wants. */
export interface WantedSlot {
  readonly slotId: string;
  readonly clinicId: string;
  readonly callId: string;
  /** The instant of asking, RFC 3339. */
  readonly at: string | undefined;
}

const instantOf = (at: string | undefined): number =>
  at === undefined ? systemClock.now() : parseInstant(at, "invalid-option", "at").ms;

/** The {@link PostgresSlots} of a database. */
export function postgresSlots({ schema, read, write }: PostgresDatabase): PostgresSlots {
  const isTaken = `EXISTS (SELECT FROM ${schema}.appointments WHERE slot_id = slots.id AND status <> 'cancelled')`;
  const isHeld = (callId: string, at: string): string =>
    `EXISTS (SELECT FROM ${schema}.slot_holds
       WHERE slot_id = slots.id AND call_id IS DISTINCT FROM ${callId}::text AND until_ms > ${at}::bigint)`;

  const take: PostgresSlots["take"] = async (query, { slotId, clinicId, callId, at }) => {
    const now = instantOf(at);
    // Two statements: whoever waits for the lock looks only afterwards, and so sees what the one before kept.
    await query(`SELECT FROM ${schema}.slots WHERE id = $1 AND clinic_id = $2 FOR UPDATE`, [
      slotId,
      clinicId,
    ]);
    const { rows } = await query(
      `SELECT * FROM ${schema}.slots
       WHERE id = $1 AND clinic_id = $2 AND start_ms > $4 AND NOT ${isTaken} AND NOT ${isHeld("$3", "$4")}`,
      [slotId, clinicId, callId, now],
    );
    return rows[0] as SlotRow | undefined;
  };

  return {
    take,
    async release(query, callId) {
      await query(`DELETE FROM ${schema}.slot_holds WHERE call_id = $1`, [callId]);
    },
    async openSlots(wanted) {
      const { rows } = await read(
        `SELECT * FROM ${schema}.slots
         WHERE clinic_id = $1 AND start_ms >= $2 AND start_ms < $3 AND duration_minutes >= $4
           AND ($5::text IS NULL OR provider = $5) AND ($6::text IS NULL OR location = $6)
           AND ($7::text IS NULL OR (start_ms, id) > ($8::bigint, $7))
           AND start_ms > $10 AND NOT ${isTaken} AND NOT ${isHeld("$9", "$10")}
         ORDER BY start_ms, id LIMIT $11`,
        [
          wanted.clinicId,
          parseInstant(wanted.from, "invalid-option", "from").ms,
          parseInstant(wanted.to, "invalid-option", "to").ms,
          wanted.durationMinutes ?? 0,
          wanted.provider ?? null,
          wanted.location ?? null,
          wanted.after?.id ?? null,
          wanted.after ? parseInstant(wanted.after.start, "invalid-option", "after").ms : null,
          wanted.callId ?? null,
          instantOf(wanted.at),
          parseLimit(wanted.limit ?? 10),
        ],
      );
      return (rows as unknown as SlotRow[]).map(slotOf);
    },
    async holdSlot(slotId, { clinicId, callId, until, at }) {
      const { ms } = parseInstant(until, "invalid-option", "until");
      return await write(async (query) => {
        const slot = await take(query, { slotId, clinicId, callId, at });
        if (!slot) return { ok: false, conflict: "SlotTaken" };
        // A hold of another call that is still there has run out.
        await query(`DELETE FROM ${schema}.slot_holds WHERE slot_id = $1 AND call_id <> $2`, [
          slotId,
          callId,
        ]);
        await query(
          `INSERT INTO ${schema}.slot_holds (slot_id, call_id, until_ms) VALUES ($1, $2, $3)
           ON CONFLICT (call_id) DO UPDATE SET slot_id = excluded.slot_id, until_ms = excluded.until_ms`,
          [slotId, callId, ms],
        );
        return { ok: true, slot: slotOf(slot) };
      });
    },
  };
}
