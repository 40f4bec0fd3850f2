import { SipVoiceError, shapeOf } from "../errors.ts";
import type { PhoneNumber } from "../phone/phone-number.ts";
import type { Appointment, AppointmentStatus, Slot } from "./appointment.ts";
import { isDate, parseInstant } from "./instant.ts";
import type { AppointmentPreferences } from "./preferences.ts";

type SlotColumns = {
  readonly id: string;
  readonly clinic_id: string;
  readonly provider: string;
  readonly start: string;
  readonly start_ms: number;
  readonly time_zone: string;
  readonly duration_minutes: number;
  readonly location: string | null;
};

/** A row of `slots`. */
export type SlotRow = SlotColumns;

/** A row of `appointments`. The patient is kept as the appointment has them: ids of patients may repeat between clinics. */
export type AppointmentRow = SlotColumns & {
  readonly version: number;
  readonly patient_id: string;
  readonly patient_name: string;
  readonly phone_number: string;
  readonly patient_time_zone: string | null;
  readonly patient_date_of_birth: string | null;
  readonly patient_place: string | null;
  readonly patient_language: string | null;
  readonly confirmation_code: string | null;
  readonly preferences: string | null;
  readonly status: string;
  readonly slot_id: string | null;
};

/** The slot in a row. */
export function slotOf(row: SlotRow): Slot {
  return {
    id: row.id,
    clinicId: row.clinic_id,
    provider: row.provider,
    start: row.start,
    timeZone: row.time_zone,
    durationMinutes: row.duration_minutes,
    ...(row.location === null ? {} : { location: row.location }),
  };
}

/** The row of a slot. */
export function rowOfSlot(slot: Slot): SlotRow {
  const start = parseInstant(slot.start, "invalid-appointment", "start");
  return {
    id: slot.id,
    clinic_id: slot.clinicId,
    provider: slot.provider,
    start: start.text,
    start_ms: start.ms,
    time_zone: slot.timeZone,
    duration_minutes: slot.durationMinutes,
    location: slot.location ?? null,
  };
}

/** The appointment in a row. */
export function appointmentOf(row: AppointmentRow): Appointment {
  return {
    ...slotOf(row),
    version: String(row.version),
    patient: {
      id: row.patient_id,
      name: row.patient_name,
      phoneNumber: row.phone_number as PhoneNumber,
      ...(row.patient_time_zone === null ? {} : { timeZone: row.patient_time_zone }),
      ...(row.patient_date_of_birth === null ? {} : { dateOfBirth: row.patient_date_of_birth }),
      ...(row.patient_place === null ? {} : { place: row.patient_place }),
      ...(row.patient_language === null ? {} : { language: row.patient_language }),
    },
    status: row.status as AppointmentStatus,
    slotId: row.slot_id ?? undefined,
    ...(row.confirmation_code === null ? {} : { confirmationCode: row.confirmation_code }),
    ...(row.preferences === null
      ? {}
      : { preferences: JSON.parse(row.preferences) as AppointmentPreferences }),
  };
}

/** The row of an appointment that is new to the database. */
export function rowOfAppointment(appointment: Omit<Appointment, "version">): AppointmentRow {
  const { patient, status, slotId, confirmationCode, preferences } = appointment;
  const { dateOfBirth } = patient;
  // One that is written in another way would never be what a caller says, and nobody would know why.
  if (dateOfBirth !== undefined && !isDate(dateOfBirth)) {
    throw new SipVoiceError("invalid-appointment", `The date of birth is ${shapeOf(dateOfBirth)}.`, {
      field: "patient.dateOfBirth",
      remedy: "Write it as YYYY-MM-DD.",
    });
  }
  return {
    ...rowOfSlot(appointment),
    version: 1,
    patient_id: patient.id,
    patient_name: patient.name,
    phone_number: patient.phoneNumber,
    patient_time_zone: patient.timeZone ?? null,
    patient_date_of_birth: dateOfBirth ?? null,
    patient_place: patient.place ?? null,
    patient_language: patient.language ?? null,
    confirmation_code: confirmationCode ?? null,
    preferences: preferences ? JSON.stringify(preferences) : null,
    status,
    slot_id: slotId ?? null,
  };
}
