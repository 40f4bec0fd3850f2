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
import { postgresCallBacks } from "./call-backs.ts";
import type { PostgresDatabase, Query } from "./database.ts";
import { postgresSlots } from "./slots.ts";

/** Writes the changed row and gives it; `undefined` when the slot was not to be had. */
type Change = (query: Query, current: AppointmentRow) => Promise<AppointmentRow | undefined>;

const isUpcoming = (number: number): string =>
  `start_ms >= $${number} AND status <> 'cancelled' ORDER BY start_ms, id`;

/** The clinic's appointments in PostgreSQL. */
export function postgresAppointmentStore(database: PostgresDatabase): AppointmentStore {
  const { schema, read, write } = database;
  const table = `${schema}.appointments`;
  const { take, release, ...slots } = postgresSlots(database);

  function conflict(kind: AppointmentConflict, row: AppointmentRow | undefined): AppointmentResult {
    return { ok: false, conflict: kind, appointment: row && appointmentOf(row) };
  }

  async function find(text: string, values: readonly unknown[]): Promise<readonly Appointment[]> {
    return ((await read(text, values)).rows as unknown as AppointmentRow[]).map(appointmentOf);
  }

  async function update(query: Query, id: string, changes: string, values: readonly unknown[]) {
    const text = `UPDATE ${table} SET version = version + 1, ${changes} WHERE id = $1 RETURNING *`;
    return (await query(text, [id, ...values])).rows[0] as AppointmentRow | undefined;
  }

  function change(
    id: string,
    name: string,
    given: AppointmentWrite,
    make: Change,
  ): Promise<AppointmentResult> {
    const done = [id, given.callId, name, given.version];
    return write(async (query) => {
      // Locked by itself: whoever waited for the lock has to look at the changes afterwards, not as they were before.
      const locked = await query(`SELECT * FROM ${table} WHERE id = $1 FOR UPDATE`, [id]);
      const current = locked.rows[0] as AppointmentRow | undefined;
      if (!current) return conflict("AppointmentNotFound", undefined);
      const { rowCount } = await query(
        `SELECT FROM ${schema}.appointment_changes
         WHERE appointment_id = $1 AND call_id = $2 AND change = $3 AND decided_on = $4`,
        done,
      );
      // Asked for again, as after a lost answer: it was made already, whatever has become of the appointment since.
      if (rowCount) return { ok: true, appointment: appointmentOf(current) };
      if (current.status === "cancelled") return conflict("AppointmentCancelled", current);
      if (String(current.version) !== given.version) return conflict("VersionConflict", current);
      const changed = await make(query, current);
      if (!changed) return conflict("SlotTaken", current);
      await query(
        `INSERT INTO ${schema}.appointment_changes (appointment_id, call_id, change, decided_on) VALUES ($1, $2, $3, $4)`,
        done,
      );
      return { ok: true, appointment: appointmentOf(changed) };
    });
  }

  function changeStatus(name: AppointmentChange, status: Appointment["status"]) {
    return (id: string, given: AppointmentWrite) =>
      change(id, name, given, (query) => update(query, id, "status = $2", [status]));
  }

  return {
    async findUpcoming(phoneNumber, { clinicId, from, limit = 10 }) {
      const { ms } = parseInstant(from, "invalid-option", "from");
      const text = `SELECT * FROM ${table} WHERE phone_number = $1 AND clinic_id = $2 AND ${isUpcoming(3)} LIMIT $4`;
      return await find(text, [phoneNumber, clinicId, ms, parseLimit(limit)]);
    },
    async findByIdentity({ clinicId, confirmationCode, dateOfBirth, from, limit = 10 }) {
      const { ms } = parseInstant(from, "invalid-option", "from");
      const text = `SELECT * FROM ${table} WHERE confirmation_code = $1 AND patient_date_of_birth = $2 AND clinic_id = $3
        AND ${isUpcoming(4)} LIMIT $5`;
      return await find(text, [confirmationCode, dateOfBirth, clinicId, ms, parseLimit(limit)]);
    },
    get: async (id) => (await find(`SELECT * FROM ${table} WHERE id = $1`, [id]))[0],
    confirm: changeStatus("confirm", "confirmed"),
    cancel: changeStatus("cancel", "cancelled"),
    requestReschedule: changeStatus("request-reschedule", "reschedule-requested"),
    reschedule: (id, given) =>
      change(id, `reschedule ${given.slotId}`, given, async (query, { clinic_id: clinicId }) => {
        const { slotId, callId, at } = given;
        const slot = await take(query, { slotId, clinicId, callId, at });
        if (!slot) return undefined;
        await release(query, callId);
        return await update(
          query,
          id,
          `status = 'booked', slot_id = $2, provider = $3, start = $4, start_ms = $5, time_zone = $6,
            duration_minutes = $7, location = $8`,
          [
            slot.id,
            slot.provider,
            slot.start,
            slot.start_ms,
            slot.time_zone,
            slot.duration_minutes,
            slot.location,
          ],
        );
      }),
    setPreferences: (id, { preferences, ...given }) =>
      change(id, preferencesChange(preferences), given, (query, current) => {
        const known = current.preferences === null ? {} : (JSON.parse(current.preferences) as object);
        return update(query, id, "preferences = $2", [JSON.stringify({ ...known, ...preferences })]);
      }),
    ...slots,
    ...postgresCallBacks(database),
  };
}
