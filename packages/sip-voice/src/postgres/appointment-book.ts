import type { Appointment, Slot } from "../appointments/appointment.ts";
import { rowOfAppointment, rowOfSlot } from "../appointments/appointment-row.ts";
import { SipVoiceError } from "../errors.ts";
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
const constraints: Readonly<Record<string, { message: string; field: string; remedy: string }>> = {
  "23503": { message: "The appointment's slot is unknown.", field: "slotId", remedy: "Add the slots first." },
  "23505": {
    message: "The appointment's slot is taken by another one.",
    field: "slotId",
    remedy: "Give each slot one appointment that is not cancelled.",
  },
  "23514": {
    message: "The appointment's status is unknown.",
    field: "status",
    remedy: "Give one of AppointmentStatus.",
  },
};

const anyConstraint = {
  message: "The appointment or slot lacks a field, or one has the wrong type.",
  remedy: "Give every field the type that it is declared with.",
};

/** Writes slots and appointments that are not there yet, for set-up, imports and demos. */
export interface AppointmentBook {
  /** Adds slots. */
  addSlots(slots: Iterable<Slot>): Promise<number>;
  /** Adds appointments. */
  addAppointments(appointments: Iterable<Omit<Appointment, "version">>): Promise<number>;
}

function* chunks<T>(items: Iterable<T>): Generator<T[]> {
  let chunk: T[] = [];
  for (const item of items) {
    chunk.push(item);
    if (chunk.length < rowsAtOnce) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

/** The {@link AppointmentBook} in PostgreSQL. */
export function postgresAppointmentBook({ schema, write }: PostgresDatabase): AppointmentBook {
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
    for (const chunk of chunks(items)) {
      const rows = JSON.stringify(chunk.map(rowOf));
      try {
        added += await write(async (query) => (await query(text, [rows])).rowCount ?? 0);
      } catch (cause) {
        const state = sqlStateOf(cause) ?? "";
        if (!/^2[23]/.test(state)) throw cause;
        const rule = constraints[state] ?? anyConstraint;
        throw new SipVoiceError("invalid-appointment", rule.message, { ...rule, cause });
      }
    }
    return added;
  }

  return {
    addSlots: (slots) => add("slots", slotColumns, slots, rowOfSlot),
    addAppointments: (appointments) =>
      add("appointments", appointmentColumns, appointments, rowOfAppointment),
  };
}
