import type { Appointment, AppointmentStatus, Slot } from "../appointments/appointment.ts";
import type { AppointmentPreferences } from "../appointments/preferences.ts";
import type { PhoneNumber } from "../phone/phone-number.ts";
import type { RowExamination } from "./row-examination.ts";

/** What counts for every row of a file that does not say otherwise. */
export interface DataDefaults {
  /** The clinic. */
  readonly clinicId?: string;
  /** The clinic's IANA time zone, in which times without an offset are read. */
  readonly timeZone?: string;
  /** The length in minutes. */
  readonly durationMinutes?: number;
}

/** What a row of a file says, read by {@link readSlot} or {@link readAppointment}. */
export type RowReader<Item> = (row: RowExamination, defaults: DataDefaults, notBeforeMs: number) => Item;

const statuses: readonly AppointmentStatus[] = ["booked", "confirmed", "reschedule-requested", "cancelled"];

/** A field that is left out when there is nothing to put into it. */
function field<Name extends string, Value>(name: Name, value: Value | undefined) {
  return (value === undefined ? {} : { [name]: value }) as { readonly [Key in Name]?: Value };
}

/** Reads a slot. Of a row with faults it is of no use. */
export const readSlot: RowReader<Slot> = (row, defaults, notBeforeMs) => {
  const timeZone = row.timeZone("timeZone", defaults.timeZone);
  return {
    id: row.required("id"),
    clinicId: row.required("clinicId", defaults.clinicId),
    provider: row.required("provider"),
    start: row.instant("start", timeZone, notBeforeMs) ?? "",
    timeZone: row.required("timeZone", defaults.timeZone),
    durationMinutes: row.minutes("durationMinutes", defaults.durationMinutes),
    ...field("location", row.optional("location")),
  };
};

function readPreferences(row: RowExamination): AppointmentPreferences | undefined {
  const walkIn = row.word("walkIn", ["yes", "no"]);
  const channel = row.word("reminderChannel", ["call", "sms", "none"]);
  const hoursBefore = row.hours("reminderHoursBefore");
  if (walkIn === undefined && channel === undefined) return undefined;
  return {
    ...field("walkIn", walkIn && walkIn === "yes"),
    ...field("reminder", channel && { channel, ...field("hoursBefore", hoursBefore) }),
  };
}

/** Reads an appointment. Of a row with faults it is of no use. */
export const readAppointment: RowReader<Omit<Appointment, "version">> = (row, defaults, notBeforeMs) => ({
  ...readSlot(row, defaults, notBeforeMs),
  patient: {
    id: row.required("patientId"),
    name: row.required("patientName"),
    phoneNumber: row.phoneNumber("phoneNumber") ?? ("" as PhoneNumber),
    ...field("timeZone", row.timeZone("patientTimeZone")),
    ...field("dateOfBirth", row.date("dateOfBirth")),
    ...field("place", row.optional("place")),
    ...field("language", row.optional("language")),
  },
  status: row.word("status", statuses) ?? "booked",
  slotId: row.optional("slotId"),
  ...field("confirmationCode", row.optional("confirmationCode")),
  ...field("preferences", readPreferences(row)),
});
