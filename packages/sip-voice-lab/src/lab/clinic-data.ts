import { type Appointment, type Patient, parsePhoneNumber, type Slot } from "@clinic/sip-voice";

/** The numbers of the lab's invented clinic. */
export const clinicNumbers = {
  /** The number that patients call. */
  inbound: "+17205550174",
  /** The front desk. */
  operator: "+15105550199",
} as const;

const clinicId = "riverside";
const timeZone = "America/Los_Angeles";
const provider = "Dr. Lane";
const dayMs = 86_400_000;

/** The lab's patients, by first name; all invented. */
export const patientNumbers = {
  Maria: "+15105550111",
  Omar: "+15105550112",
  Grace: "+15105550113",
  Ravi: "+15105550114",
  Elena: "+15105550115",
  Tomas: "+15105550116",
  Aisha: "+15105550117",
  Peter: "+15105550118",
  Nadia: "+15105550119",
  Samuel: "+15105550120",
  Hana: "+15105550121",
  Jonas: "+15105550122",
  Lucia: "+15105550123",
  Yusuf: "+15105550124",
} as const;

/** A patient's first name. */
export type LabPatient = keyof typeof patientNumbers;

/** The id of a patient's appointment. */
export function appointmentIdOf(patient: LabPatient): string {
  return `appointment-${patient.toLowerCase()}`;
}

function patientOf(name: LabPatient): Patient {
  return {
    id: `patient-${name.toLowerCase()}`,
    name,
    phoneNumber: parsePhoneNumber(patientNumbers[name]),
    timeZone,
  };
}

/** Ten o'clock in California in winter time, `days` after the coming Tuesday. */
function tenOClock(now: number, days: number): string {
  const today = new Date(now);
  const untilTuesday = (2 - today.getUTCDay() + 7) % 7 || 7;
  const day = new Date(now + (untilTuesday + days) * dayMs).toISOString().slice(0, 10);
  return `${day}T10:00:00-08:00`;
}

/** An appointment on the coming Tuesday for each patient, and free slots on each of the ten days after it. */
export function labClinicData(now: number): { appointments: Omit<Appointment, "version">[]; slots: Slot[] } {
  const slot = (id: string, start: string): Slot => ({
    id,
    clinicId,
    provider,
    start,
    timeZone,
    durationMinutes: 20,
  });
  const names = Object.keys(patientNumbers) as LabPatient[];
  const taken = names.map((name) => slot(`slot-${name.toLowerCase()}`, tenOClock(now, 0)));
  const free = Array.from({ length: 10 }, (_, day) => slot(`slot-free-${day + 1}`, tenOClock(now, day + 1)));
  const appointments = names.map((name, index) => ({
    id: appointmentIdOf(name),
    clinicId,
    patient: patientOf(name),
    provider,
    start: tenOClock(now, 0),
    timeZone,
    durationMinutes: 20,
    status: "booked" as const,
    slotId: taken[index]?.id,
  }));
  return { appointments, slots: [...taken, ...free] };
}
