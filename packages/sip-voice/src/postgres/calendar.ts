import { type AppointmentRow, appointmentOf } from "../appointments/appointment-row.ts";
import { type AppointmentCalendar, notCancelled } from "../appointments/calendar.ts";
import { parseInstant } from "../appointments/instant.ts";
import { parseLimit } from "../appointments/limit.ts";
import type { PostgresDatabase } from "./database.ts";

/** The clinic's appointments by time, in PostgreSQL. */
export function postgresCalendar({ schema, read }: PostgresDatabase): AppointmentCalendar {
  return {
    async startingBetween({ clinicId, from, to, statuses = notCancelled, after, limit = 100 }) {
      const { rows } = await read(
        `SELECT * FROM ${schema}.appointments
         WHERE clinic_id = $1 AND start_ms >= $2 AND start_ms < $3 AND status = ANY ($4::text[])
           AND ($5::text IS NULL OR (start_ms, id) > ($6::bigint, $5::text))
         ORDER BY start_ms, id LIMIT $7`,
        [
          clinicId,
          parseInstant(from, "invalid-option", "from").ms,
          parseInstant(to, "invalid-option", "to").ms,
          statuses,
          after?.id ?? null,
          after ? parseInstant(after.start, "invalid-option", "after").ms : null,
          parseLimit(limit),
        ],
      );
      return (rows as unknown as AppointmentRow[]).map(appointmentOf);
    },
  };
}
