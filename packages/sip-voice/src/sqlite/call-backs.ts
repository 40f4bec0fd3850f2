import { type CallBackRow, callBackOfRow } from "../appointments/call-back-row.ts";
import { parseInstant } from "../appointments/instant.ts";
import { parseLimit } from "../appointments/limit.ts";
import type { AppointmentStore } from "../appointments/store.ts";
import type { SqliteDatabase } from "./database.ts";

/** The patients who want to be called back, in the clinic's SQLite file. */
export function sqliteCallBacks({
  connection,
  read,
  write,
}: SqliteDatabase): Pick<AppointmentStore, "requestCallBack" | "callBacks" | "finishCallBack"> {
  const insert = connection.prepare(
    `INSERT INTO call_backs (call_id, clinic_id, phone_number, appointment_id, requested_at, requested_at_ms)
     VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (call_id) DO NOTHING`,
  );
  const select = connection.prepare(
    "SELECT * FROM call_backs WHERE clinic_id = ? AND finished = 0 ORDER BY requested_at_ms, call_id LIMIT ?",
  );
  const finish = connection.prepare("UPDATE call_backs SET finished = 1 WHERE call_id = ?");

  return {
    async requestCallBack({ callId, clinicId, phoneNumber, appointmentId, requestedAt }) {
      const { ms, text } = parseInstant(requestedAt, "invalid-option", "requestedAt");
      await write(() => void insert.run(callId, clinicId, phoneNumber, appointmentId ?? null, text, ms));
    },
    async callBacks({ clinicId, limit = 10 }) {
      const rows = await read(() => select.all(clinicId, parseLimit(limit)));
      return (rows as CallBackRow[]).map(callBackOfRow);
    },
    finishCallBack: (callId) => write(() => void finish.run(callId)),
  };
}
