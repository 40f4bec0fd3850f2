import type { Appointment } from "./appointment.ts";

/** The appointment without what a caller proves their identity with: it passes through systems that have no need of it. */
export function withoutIdentityProofs(appointment: Appointment): Appointment {
  const { confirmationCode: _code, patient, ...rest } = appointment;
  const { dateOfBirth: _date, ...known } = patient;
  return { ...rest, patient: known };
}
