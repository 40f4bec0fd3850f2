import { type Appointment, type PhoneNumber, parsePhoneNumber } from "@clinic/sip-voice";
import type { Lab } from "@clinic/sip-voice-lab";

/** A patient of a proof: each is called once. */
export interface ProofPatient {
  /** Their number, a fictitious one. */
  readonly phoneNumber: PhoneNumber;
  /** Their appointment, as the store has it. */
  readonly appointment: Appointment;
}

const timeZone = "America/Los_Angeles";
const dayMs = 86_400_000;

/** Adds patients to the lab's clinic, each with a number and an appointment of their own; at most 100. */
export async function addProofPatients(lab: Lab, count: number): Promise<ProofPatient[]> {
  if (count > 100) throw new RangeError("There are 100 fictitious numbers with an area code.");
  const numbers = Array.from({ length: count }, (_, index) =>
    parsePhoneNumber(`+1415555${String(100 + index).padStart(4, "0")}`),
  );
  const day = new Date(Date.now() + 7 * dayMs).toISOString().slice(0, 10);
  await lab.database.addAppointments(
    numbers.map((phoneNumber, index) => ({
      id: `proof-appointment-${index}`,
      clinicId: "riverside",
      patient: { id: `proof-patient-${index}`, name: "Robin", phoneNumber, timeZone },
      provider: "Dr. Lane",
      start: `${day}T10:00:00-08:00`,
      timeZone,
      durationMinutes: 20,
      status: "booked" as const,
      slotId: undefined,
    })),
  );
  const patients: ProofPatient[] = [];
  for (const [index, phoneNumber] of numbers.entries()) {
    const appointment = await lab.database.appointments.get(`proof-appointment-${index}`);
    if (!appointment) throw new Error("The store did not keep an appointment.");
    patients.push({ phoneNumber, appointment });
  }
  return patients;
}
