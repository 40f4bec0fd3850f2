import type { StatementSync } from "node:sqlite";
import {
  type AppointmentBook,
  type BookRule,
  inPieces,
  invalidRow,
} from "../appointments/appointment-book.ts";
import {
  type AppointmentRow,
  rowOfAppointment,
  rowOfSlot,
  type SlotRow,
} from "../appointments/appointment-row.ts";
import type { SqliteDatabase } from "./database.ts";

/** How many rows are added in one transaction: other processes wait for it, and so does this one's sound. */
const rowsAtOnce = 200;

/** What SQLite's constraints (extended result codes) mean for an appointment. */
const rules: Readonly<Record<number, BookRule>> = {
  275: "unknown-status",
  787: "unknown-slot",
  2067: "taken-slot",
};

/** The {@link AppointmentBook} of the clinic's SQLite file. */
export function sqliteAppointmentBook({ connection, write }: SqliteDatabase): AppointmentBook {
  const insertSlot = connection.prepare(
    `INSERT INTO slots (id, clinic_id, provider, start, start_ms, time_zone, duration_minutes, location)
     VALUES (:id, :clinic_id, :provider, :start, :start_ms, :time_zone, :duration_minutes, :location)
     ON CONFLICT (id) DO NOTHING`,
  );
  const insertAppointment = connection.prepare(
    `INSERT INTO appointments (id, version, clinic_id, patient_id, patient_name, phone_number, patient_time_zone,
       patient_date_of_birth, patient_place, patient_language, provider, start, start_ms, time_zone, duration_minutes,
       location, status, slot_id, confirmation_code, preferences)
     VALUES (:id, :version, :clinic_id, :patient_id, :patient_name, :phone_number, :patient_time_zone,
       :patient_date_of_birth, :patient_place, :patient_language, :provider, :start, :start_ms, :time_zone, :duration_minutes,
       :location, :status, :slot_id, :confirmation_code, :preferences)
     ON CONFLICT (id) DO NOTHING`,
  );

  function insert(statement: StatementSync, row: SlotRow | AppointmentRow): number {
    try {
      return Number(statement.run(row).changes);
    } catch (cause) {
      const { errcode = 0, code } = cause as { errcode?: number; code?: string };
      const isRowWrong = (errcode & 0xff) === 19 || code === "ERR_INVALID_ARG_TYPE";
      if (!isRowWrong) throw cause;
      throw invalidRow(rules[errcode], cause);
    }
  }

  async function add<T>(items: Iterable<T>, rowOf: (item: T) => SlotRow, statement: StatementSync) {
    let added = 0;
    for (const chunk of inPieces(items, rowsAtOnce)) {
      const rows = chunk.map(rowOf);
      added += await write(() => rows.reduce((sum, row) => sum + insert(statement, row), 0));
    }
    return added;
  }

  return {
    addSlots: (slots) => add(slots, rowOfSlot, insertSlot),
    addAppointments: (appointments) => add(appointments, rowOfAppointment, insertAppointment),
  };
}
