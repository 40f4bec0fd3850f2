import type { SQLInputValue, StatementSync } from "node:sqlite";
import {
  type AppointmentBook,
  allPages,
  type BookRule,
  inPieces,
  invalidRow,
} from "../appointments/appointment-book.ts";
import {
  type AppointmentRow,
  appointmentOf,
  rowOfAppointment,
  rowOfSlot,
  type SlotRow,
  slotOf,
} from "../appointments/appointment-row.ts";
import type { SqliteDatabase } from "./database.ts";

/** How many rows are added in one transaction: other processes wait for it, and so does this one's sound. */
const rowsAtOnce = 500;

const slotColumns = [
  "id",
  "clinic_id",
  "provider",
  "start",
  "start_ms",
  "time_zone",
  "duration_minutes",
  "location",
] as const;
const appointmentColumns = [
  ...slotColumns,
  "version",
  "patient_id",
  "patient_name",
  "phone_number",
  "patient_time_zone",
  "patient_date_of_birth",
  "patient_place",
  "patient_language",
  "status",
  "slot_id",
  "confirmation_code",
  "preferences",
] as const;

/** What SQLite's constraints (extended result codes) mean for an appointment. */
const rules: Readonly<Record<number, BookRule>> = {
  275: "unknown-status",
  787: "unknown-slot",
  2067: "taken-slot",
};

/** The {@link AppointmentBook} of the clinic's SQLite file. */
export function sqliteAppointmentBook({ connection, read, write }: SqliteDatabase): AppointmentBook {
  /** Binds by position: by name takes SQLite twice as long for a row. */
  function inserter<Row extends SlotRow>(table: string, columns: readonly (keyof Row & string)[]) {
    const statement = connection.prepare(
      `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})
       ON CONFLICT (id) DO NOTHING`,
    );
    return (row: Row): number =>
      insert(
        statement,
        columns.map((column) => row[column] as SQLInputValue),
      );
  }
  const insertSlot = inserter<SlotRow>("slots", slotColumns);
  const insertAppointment = inserter<AppointmentRow>("appointments", appointmentColumns);

  function insert(statement: StatementSync, values: readonly SQLInputValue[]): number {
    try {
      return Number(statement.run(...values).changes);
    } catch (cause) {
      const { errcode = 0, code } = cause as { errcode?: number; code?: string };
      const isRowWrong = (errcode & 0xff) === 19 || code === "ERR_INVALID_ARG_TYPE";
      if (!isRowWrong) throw cause;
      throw invalidRow(rules[errcode], cause);
    }
  }

  async function add<T, Row>(items: Iterable<T>, rowOf: (item: T) => Row, insertRow: (row: Row) => number) {
    let added = 0;
    for (const chunk of inPieces(items, rowsAtOnce)) {
      const rows = chunk.map(rowOf);
      added += await write(() => rows.reduce((sum, row) => sum + insertRow(row), 0));
    }
    return added;
  }

  function list<Row extends SlotRow, Item>(table: string, itemOf: (row: Row) => Item) {
    const select = connection.prepare(
      `SELECT * FROM ${table} WHERE clinic_id = ? AND id > ? ORDER BY id LIMIT ?`,
    );
    return (clinicId: string) =>
      allPages(async (after, limit) => await read(() => select.all(clinicId, after, limit) as Row[]), itemOf);
  }

  return {
    listSlots: list("slots", slotOf),
    listAppointments: list("appointments", appointmentOf),
    addSlots: (slots) => add(slots, rowOfSlot, insertSlot),
    addAppointments: (appointments) => add(appointments, rowOfAppointment, insertAppointment),
  };
}
