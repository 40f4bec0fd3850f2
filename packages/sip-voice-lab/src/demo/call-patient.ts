import { appointmentIdOf, type LabPatient, patientNumbers } from "../lab/clinic-data.ts";

/** Whose call it is: a name that no other call has at the same time, a number, and the appointment that it is about. */
export interface CallPatient {
  readonly name: string;
  readonly phoneNumber: string;
  readonly appointmentId: string;
}

/** One of the patients of the lab's clinic. */
export function labPatient(name: LabPatient): CallPatient {
  return { name, phoneNumber: patientNumbers[name], appointmentId: appointmentIdOf(name) };
}
