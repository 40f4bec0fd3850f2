import { type SlotRow, slotOf } from "../appointments/appointment-row.ts";
import { parseInstant } from "../appointments/instant.ts";
import { parseLimit } from "../appointments/limit.ts";
import type { AppointmentStore, SlotQuery } from "../appointments/store.ts";
import { systemClock } from "../clock.ts";
import type { SqliteDatabase } from "./database.ts";

/** The slots of the clinic's SQLite file: what is free of them, and for whom they are held. */
export interface SqliteSlots extends Pick<AppointmentStore, "openSlots" | "holdSlot"> {
  /** Inside of a write: the slot, unless it is another clinic's, held by another call, or has begun. An appointment may still have it. */
  find(slotId: string, clinicId: string, callId: string, at: string | undefined): SlotRow | undefined;
  /** Inside of a write: frees what a call holds. */
  release(callId: string): void;
}

const instantOf = (at: string | undefined): number =>
  at === undefined ? systemClock.now() : parseInstant(at, "invalid-option", "at").ms;

/** The {@link SqliteSlots} of a file. */
export function sqliteSlots({ connection, read, write }: SqliteDatabase): SqliteSlots {
  const isTaken = "EXISTS (SELECT 1 FROM appointments WHERE slot_id = slots.id AND status <> 'cancelled')";
  const isHeld =
    "EXISTS (SELECT 1 FROM slot_holds WHERE slot_id = slots.id AND call_id IS NOT :callId AND until_ms > :at)";
  const selectOpen = connection.prepare(
    `SELECT * FROM slots
     WHERE clinic_id = :clinicId AND start_ms >= :from AND start_ms < :to AND duration_minutes >= :minutes
       AND (:provider IS NULL OR provider = :provider) AND (:location IS NULL OR location = :location)
       AND (:afterId IS NULL OR (start_ms, id) > (:afterMs, :afterId))
       AND start_ms > :at AND NOT ${isTaken} AND NOT ${isHeld}
     ORDER BY start_ms, id LIMIT :limit`,
  );
  const selectUnheld = connection.prepare(
    `SELECT * FROM slots WHERE id = :slotId AND clinic_id = :clinicId AND start_ms > :at AND NOT ${isHeld}`,
  );
  const selectTaken = connection.prepare(`SELECT 1 FROM slots WHERE id = ? AND ${isTaken}`);
  const deleteHolds = connection.prepare("DELETE FROM slot_holds WHERE call_id = ?");
  // A hold of another call that is still there has run out.
  const insertHold = connection.prepare(
    "REPLACE INTO slot_holds (slot_id, call_id, until_ms) VALUES (?, ?, ?)",
  );

  const find: SqliteSlots["find"] = (slotId, clinicId, callId, at) =>
    selectUnheld.get({ slotId, clinicId, callId, at: instantOf(at) }) as SlotRow | undefined;
  const release = (callId: string): void => void deleteHolds.run(callId);

  function afterOf({ after }: SlotQuery): { afterId: string | null; afterMs: number | null } {
    if (!after) return { afterId: null, afterMs: null };
    return { afterId: after.id, afterMs: parseInstant(after.start, "invalid-option", "after").ms };
  }

  return {
    find,
    release,
    async openSlots(query) {
      const wanted = {
        clinicId: query.clinicId,
        from: parseInstant(query.from, "invalid-option", "from").ms,
        to: parseInstant(query.to, "invalid-option", "to").ms,
        minutes: query.durationMinutes ?? 0,
        provider: query.provider ?? null,
        location: query.location ?? null,
        ...afterOf(query),
        callId: query.callId ?? null,
        at: instantOf(query.at),
        limit: parseLimit(query.limit ?? 10),
      };
      const rows = await read(() => selectOpen.all(wanted));
      return (rows as SlotRow[]).map(slotOf);
    },
    async holdSlot(slotId, { clinicId, callId, until, at }) {
      const { ms } = parseInstant(until, "invalid-option", "until");
      return await write(() => {
        const slot = find(slotId, clinicId, callId, at);
        if (!slot || selectTaken.get(slotId)) return { ok: false, conflict: "SlotTaken" };
        release(callId);
        insertHold.run(slotId, callId, ms);
        return { ok: true, slot: slotOf(slot) };
      });
    },
  };
}
