import {
  type AppointmentBook,
  allPages,
  type BookRule,
  inPieces,
  invalidRow,
} from "../appointments/appointment-book.ts";
import {
  appointmentOf,
  rowOfAppointment,
  rowOfSlot,
  type SlotRow,
  slotOf,
} from "../appointments/appointment-row.ts";
import type { PostgresDatabase } from "./database.ts";
import { sqlStateOf } from "./store-unavailable.ts";

/** How many rows are added in one transaction. */
const rowsAtOnce = 500;

const slotColumns = {
  id: "text",
  clinic_id: "text",
  provider: "text",
  start: "text",
  start_ms: "bigint",
  time_zone: "text",
  duration_minutes: "double precision",
  location: "text",
};

const appointmentColumns = {
  ...slotColumns,
  version: "integer",
  patient_id: "text",
  patient_name: "text",
  phone_number: "text",
  patient_time_zone: "text",
  patient_date_of_birth: "text",
  patient_place: "text",
  patient_language: "text",
  status: "text",
  slot_id: "text",
  confirmation_code: "text",
  preferences: "text",
};

/** What a constraint that is broken means for an appointment, by SQLSTATE. */
const rules: Readonly<Record<string, BookRule>> = {
  "23503": "unknown-slot",
  "23505": "taken-slot",
  "23514": "unknown-status",
};

/** The {@link AppointmentBook} in PostgreSQL. */
export function postgresAppointmentBook({ schema, read, write }: PostgresDatabase): AppointmentBook {
  /** Adds rows, given as JSON in one parameter. */
  async function add<T>(
    table: string,
    columns: Readonly<Record<string, string>>,
    items: Iterable<T>,
    rowOf: (item: T) => object,
  ): Promise<number> {
    const names = Object.keys(columns).join(", ");
    const types = Object.entries(columns).map((column) => column.join(" "));
    const text = `INSERT INTO ${schema}.${table} (${names})
      SELECT ${names} FROM json_to_recordset($1::json) AS one (${types.join(", ")}) ON CONFLICT (id) DO NOTHING`;
    let added = 0;
    for (const chunk of inPieces(items, rowsAtOnce)) {
      const rows = JSON.stringify(chunk.map(rowOf));
      try {
        added += await write(async (query) => (await query(text, [rows])).rowCount ?? 0);
      } catch (cause) {
        const state = sqlStateOf(cause) ?? "";
        if (!/^2[23]/.test(state)) throw cause;
        throw invalidRow(rules[state], cause);
      }
    }
    return added;
  }

  function list<Row extends SlotRow, Item>(table: string, itemOf: (row: Row) => Item) {
    const text = `SELECT * FROM ${schema}.${table} WHERE clinic_id = $1 AND id > $2 ORDER BY id LIMIT $3`;
    return (clinicId: string) =>
      allPages(
        async (after, limit) => (await read(text, [clinicId, after, limit])).rows as unknown as Row[],
        itemOf,
      );
  }

  return {
    listSlots: list("slots", slotOf),
    listAppointments: list("appointments", appointmentOf),
    addSlots: (slots) => add("slots", slotColumns, slots, rowOfSlot),
    addAppointments: (appointments) =>
      add("appointments", appointmentColumns, appointments, rowOfAppointment),
  };
}
