import { type CallBackRow, callBackOfRow } from "../appointments/call-back-row.ts";
import { parseInstant } from "../appointments/instant.ts";
import { parseLimit } from "../appointments/limit.ts";
import type { AppointmentStore } from "../appointments/store.ts";
import type { PostgresDatabase } from "./database.ts";

/** The patients who want to be called back, in PostgreSQL. */
export function postgresCallBacks({
  schema,
  read,
  write,
}: PostgresDatabase): Pick<AppointmentStore, "requestCallBack" | "callBacks" | "finishCallBack"> {
  const table = `${schema}.call_backs`;
  return {
    async requestCallBack({ callId, clinicId, phoneNumber, appointmentId, requestedAt }) {
      const { ms, text } = parseInstant(requestedAt, "invalid-option", "requestedAt");
      const values = [callId, clinicId, phoneNumber, appointmentId ?? null, text, ms];
      await write((query) =>
        query(
          `INSERT INTO ${table} (call_id, clinic_id, phone_number, appointment_id, requested_at, requested_at_ms)
           VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (call_id) DO NOTHING`,
          values,
        ),
      );
    },
    async callBacks({ clinicId, limit = 10 }) {
      const { rows } = await read(
        `SELECT * FROM ${table} WHERE clinic_id = $1 AND NOT finished ORDER BY requested_at_ms, call_id LIMIT $2`,
        [clinicId, parseLimit(limit)],
      );
      return (rows as unknown as CallBackRow[]).map(callBackOfRow);
    },
    async finishCallBack(callId) {
      await write((query) => query(`UPDATE ${table} SET finished = true WHERE call_id = $1`, [callId]));
    },
  };
}
