import type { Appointment, Slot } from "../appointments/appointment.ts";
import { csvRecord } from "../csv/csv-field.ts";
import { appointmentColumnNames, slotColumnNames } from "./column-names.ts";

async function* csvOf<Item>(
  columns: readonly string[],
  items: Iterable<Item> | AsyncIterable<Item>,
  valuesOf: (item: Item) => Readonly<Record<string, string | undefined>>,
): AsyncGenerator<string> {
  yield `\uFEFF${csvRecord(columns)}`;
  for await (const item of items) {
    const values = valuesOf(item);
    yield csvRecord(columns.map((column) => values[column] ?? ""));
  }
}

const slotValues = (slot: Slot) => ({
  id: slot.id,
  clinicId: slot.clinicId,
  provider: slot.provider,
  start: slot.start,
  timeZone: slot.timeZone,
  durationMinutes: String(slot.durationMinutes),
  location: slot.location,
});

function appointmentValues(appointment: Omit<Appointment, "version">) {
  const { patient, preferences: { walkIn, reminder } = {} } = appointment;
  return {
    ...slotValues(appointment),
    status: appointment.status,
    slotId: appointment.slotId,
    confirmationCode: appointment.confirmationCode,
    patientId: patient.id,
    patientName: patient.name,
    phoneNumber: patient.phoneNumber,
    dateOfBirth: patient.dateOfBirth,
    place: patient.place,
    language: patient.language,
    patientTimeZone: patient.timeZone,
    walkIn: walkIn === undefined ? undefined : walkIn ? "yes" : "no",
    reminderChannel: reminder?.channel,
    reminderHoursBefore: reminder?.hoursBefore === undefined ? undefined : String(reminder.hoursBefore),
  };
}

/**
 * Appointments as CSV, in pieces, that {@link importAppointments} reads back as they were, but for their versions. What a
 * spreadsheet would run as a formula has an apostrophe before it, which the import takes away. **It holds patients' data.**
 *
 * @param appointments - what `listAppointments` of a clinic database gives, or a list
 * @example
 * ```ts
 * import { createWriteStream } from "node:fs";
 * import { pipeline } from "node:stream/promises";
 * import { appointmentsCsv } from "@clinic/sip-voice/data";
 * import { openClinicDatabase } from "@clinic/sip-voice/sqlite";
 *
 * const database = openClinicDatabase("clinic.sqlite");
 * const csv = appointmentsCsv(database.listAppointments("riverside"));
 * await pipeline(csv, createWriteStream("appointments.csv", { mode: 0o600 }));
 * database.close();
 * ```
 */
export function appointmentsCsv(
  appointments: Iterable<Omit<Appointment, "version">> | AsyncIterable<Omit<Appointment, "version">>,
): AsyncGenerator<string> {
  return csvOf(appointmentColumnNames, appointments, appointmentValues);
}

/**
 * Slots as CSV, in pieces, that {@link importSlots} reads back.
 *
 * @param slots - what `listSlots` of a clinic database gives, or a list
 * @example
 * ```ts
 * import { slotsCsv } from "@clinic/sip-voice/data";
 * import { sampleSlot } from "@clinic/sip-voice/testing";
 *
 * for await (const piece of slotsCsv([sampleSlot()])) console.log(piece);
 * ```
 */
export function slotsCsv(slots: Iterable<Slot> | AsyncIterable<Slot>): AsyncGenerator<string> {
  return csvOf(slotColumnNames, slots, slotValues);
}
