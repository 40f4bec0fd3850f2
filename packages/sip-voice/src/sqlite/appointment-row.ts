import type { Appointment, AppointmentStatus, Slot } from "../appointments/appointment.ts";
import type { PhoneNumber } from "../phone/phone-number.ts";
import { parseInstant } from "./instant.ts";

type SlotColumns = {
  readonly id: string;
  readonly clinic_id: string;
  readonly provider: string;
  readonly start: string;
  readonly start_ms: number;
  readonly time_zone: string;
  readonly duration_minutes: number;
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
    },
    status: row.status as AppointmentStatus,
    slotId: row.slot_id ?? undefined,
  };
}

/** The row of an appointment that is new to the database. */
export function rowOfAppointment(appointment: Omit<Appointment, "version">): AppointmentRow {
  const { patient, status, slotId } = appointment;
  return {
    ...rowOfSlot(appointment),
    version: 1,
    patient_id: patient.id,
    patient_name: patient.name,
    phone_number: patient.phoneNumber,
    patient_time_zone: patient.timeZone ?? null,
    status,
    slot_id: slotId ?? null,
  };
}
