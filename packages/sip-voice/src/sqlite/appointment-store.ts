import type { Appointment } from "../appointments/appointment.ts";
import { type AppointmentRow, appointmentOf } from "../appointments/appointment-row.ts";
import { parseInstant } from "../appointments/instant.ts";
import { parseLimit } from "../appointments/limit.ts";
import { preferencesChange } from "../appointments/preferences.ts";
import type {
  AppointmentChange,
  AppointmentConflict,
  AppointmentResult,
  AppointmentStore,
  AppointmentWrite,
} from "../appointments/store.ts";
import { sqliteCallBacks } from "./call-backs.ts";
import type { SqliteDatabase } from "./database.ts";
import { sqliteSlots } from "./slots.ts";

/** Writes the changed row; `false` when the slot was not to be had. */
type Change = (current: AppointmentRow) => boolean;

/** The clinic's appointments in its SQLite file. */
export function sqliteAppointmentStore(database: SqliteDatabase): AppointmentStore {
  const { connection, read, write } = database;
  const selectOne = connection.prepare("SELECT * FROM appointments WHERE id = ?");
  const selectUpcoming = connection.prepare(
    `SELECT * FROM appointments
     WHERE phone_number = ? AND clinic_id = ? AND start_ms >= ? AND status <> 'cancelled'
     ORDER BY start_ms, id LIMIT ?`,
  );
  const selectByIdentity = connection.prepare(
    `SELECT * FROM appointments
     WHERE confirmation_code = ? AND patient_date_of_birth = ? AND clinic_id = ? AND start_ms >= ? AND status <> 'cancelled'
     ORDER BY start_ms, id LIMIT ?`,
  );
  const updateStatus = connection.prepare(
    "UPDATE appointments SET status = ?, version = version + 1 WHERE id = ?",
  );
  // IGNORE: a slot that is taken breaks the unique index, and then nothing is changed.
  const updateSlot = connection.prepare(
    `UPDATE OR IGNORE appointments SET status = 'booked', version = version + 1, slot_id = :id, provider = :provider,
       start = :start, start_ms = :start_ms, time_zone = :time_zone, duration_minutes = :duration_minutes,
       location = :location
     WHERE id = :appointmentId AND slot_id IS NOT :id`,
  );
  const updatePreferences = connection.prepare(
    "UPDATE appointments SET preferences = ?, version = version + 1 WHERE id = ?",
  );
  const selectChange = connection.prepare(
    "SELECT 1 FROM appointment_changes WHERE appointment_id = ? AND call_id = ? AND change = ? AND decided_on = ?",
  );
  const insertChange = connection.prepare(
    "INSERT INTO appointment_changes (appointment_id, call_id, change, decided_on) VALUES (?, ?, ?, ?)",
  );

  const { find, release, ...slots } = sqliteSlots(database);
  const rowOf = (id: string) => selectOne.get(id) as AppointmentRow | undefined;

  function conflict(kind: AppointmentConflict, row: AppointmentRow | undefined): AppointmentResult {
    return { ok: false, conflict: kind, appointment: row && appointmentOf(row) };
  }

  function change(
    id: string,
    name: string,
    { version, callId }: AppointmentWrite,
    make: Change,
  ): Promise<AppointmentResult> {
    return write(() => {
      const current = rowOf(id);
      if (!current) return conflict("AppointmentNotFound", undefined);
      // Asked for again, as after a lost answer: it was made already, whatever has become of the appointment since.
      if (selectChange.get(id, callId, name, version)) {
        return { ok: true, appointment: appointmentOf(current) };
      }
      if (current.status === "cancelled") return conflict("AppointmentCancelled", current);
      if (String(current.version) !== version) return conflict("VersionConflict", current);
      if (!make(current)) return conflict("SlotTaken", current);
      insertChange.run(id, callId, name, version);
      return { ok: true, appointment: appointmentOf(rowOf(id) ?? current) };
    });
  }

  function changeStatus(name: AppointmentChange, status: Appointment["status"]) {
    return (id: string, given: AppointmentWrite) =>
      change(id, name, given, () => updateStatus.run(status, id).changes === 1);
  }

  return {
    async findUpcoming(phoneNumber, { clinicId, from, limit = 10 }) {
      const { ms } = parseInstant(from, "invalid-option", "from");
      const rows = await read(() => selectUpcoming.all(phoneNumber, clinicId, ms, parseLimit(limit)));
      return (rows as AppointmentRow[]).map(appointmentOf);
    },
    async findByIdentity({ clinicId, confirmationCode, dateOfBirth, from, limit = 10 }) {
      const { ms } = parseInstant(from, "invalid-option", "from");
      const rows = await read(() =>
        selectByIdentity.all(confirmationCode, dateOfBirth, clinicId, ms, parseLimit(limit)),
      );
      return (rows as AppointmentRow[]).map(appointmentOf);
    },
    async get(id) {
      const row = await read(() => rowOf(id));
      return row && appointmentOf(row);
    },
    confirm: changeStatus("confirm", "confirmed"),
    cancel: changeStatus("cancel", "cancelled"),
    requestReschedule: changeStatus("request-reschedule", "reschedule-requested"),
    reschedule: (id, given) =>
      change(id, `reschedule ${given.slotId}`, given, (current) => {
        const slot = find(given.slotId, current.clinic_id, given.callId, given.at);
        if (!slot) return false;
        const { clinic_id: _same, ...columns } = slot;
        if (updateSlot.run({ ...columns, appointmentId: id }).changes !== 1) return false;
        release(given.callId);
        return true;
      }),
    setPreferences: (id, { preferences, ...given }) =>
      change(id, preferencesChange(preferences), given, (current) => {
        const known = current.preferences === null ? {} : (JSON.parse(current.preferences) as object);
        return updatePreferences.run(JSON.stringify({ ...known, ...preferences }), id).changes === 1;
      }),
    ...slots,
    ...sqliteCallBacks(database),
  };
}
