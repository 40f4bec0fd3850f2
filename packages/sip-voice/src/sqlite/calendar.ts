import { type AppointmentRow, appointmentOf } from "../appointments/appointment-row.ts";
import { type AppointmentCalendar, notCancelled } from "../appointments/calendar.ts";
import { parseInstant } from "../appointments/instant.ts";
import { parseLimit } from "../appointments/limit.ts";
import type { SqliteDatabase } from "./database.ts";

/** The clinic's appointments by time, in its SQLite file. */
export function sqliteCalendar({ connection, read }: SqliteDatabase): AppointmentCalendar {
  const select = connection.prepare(
    `SELECT * FROM appointments
     WHERE clinic_id = :clinicId AND start_ms >= :from AND start_ms < :to
       AND (:afterId IS NULL OR (start_ms, id) > (:afterMs, :afterId))
       AND status IN (SELECT value FROM json_each(:statuses))
     ORDER BY start_ms, id LIMIT :limit`,
  );
  return {
    async startingBetween({ clinicId, from, to, statuses = notCancelled, after, limit = 100 }) {
      const wanted = {
        clinicId,
        from: parseInstant(from, "invalid-option", "from").ms,
        to: parseInstant(to, "invalid-option", "to").ms,
        afterId: after?.id ?? null,
        afterMs: after ? parseInstant(after.start, "invalid-option", "after").ms : null,
        statuses: JSON.stringify(statuses),
        limit: parseLimit(limit),
      };
      return ((await read(() => select.all(wanted))) as AppointmentRow[]).map(appointmentOf);
    },
  };
}
