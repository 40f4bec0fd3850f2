import type { StatementSync } from "node:sqlite";
import type { Appointment, Slot } from "../appointments/appointment.ts";
import {
  type AppointmentRow,
  rowOfAppointment,
  rowOfSlot,
  type SlotRow,
} from "../appointments/appointment-row.ts";
import { SipVoiceError } from "../errors.ts";
import type { SqliteDatabase } from "./database.ts";

/** How many rows are added in one transaction: other processes wait for it, and so does this one's sound. */
const rowsAtOnce = 200;

/** What SQLite's constraints (extended result codes) mean for an appointment. */
const constraints: Readonly<Record<number, { message: string; field: string; remedy: string }>> = {
  275: {
    message: "The appointment's status is unknown.",
    field: "status",
    remedy: "Give one of AppointmentStatus.",
  },
  787: { message: "The appointment's slot is unknown.", field: "slotId", remedy: "Add the slots first." },
  2067: {
    message: "The appointment's slot is taken by another one.",
    field: "slotId",
    remedy: "Give each slot one appointment that is not cancelled.",
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
      const rule = constraints[errcode] ?? anyConstraint;
      throw new SipVoiceError("invalid-appointment", rule.message, { ...rule, cause });
    }
  }

  async function add<T>(items: Iterable<T>, rowOf: (item: T) => SlotRow, statement: StatementSync) {
    let added = 0;
    for (const chunk of chunks(items)) {
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
