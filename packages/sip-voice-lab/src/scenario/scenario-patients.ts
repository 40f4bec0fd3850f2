import { parsePhoneNumber, type Slot } from "@clinic/sip-voice";
import type { CallPatient } from "../demo/call-patient.ts";
import type { Lab } from "../lab/lab.ts";
import type { Scenario } from "./scenario-shape.ts";

const clinicId = "riverside";
const timeZone = "America/Los_Angeles";
const dayMs = 86_400_000;
const freeDays = 10;

/** The patient of a scenario: a number and an appointment that no other scenario has. */
export function scenarioPatient({ patient }: Scenario, index: number): CallPatient {
  // 100 numbers of each area code are set aside for fiction.
  const area = 628 + Math.floor(index / 100);
  const phoneNumber = `+1${area}55501${String(index % 100).padStart(2, "0")}`;
  return { name: patient, phoneNumber, appointmentId: `scenario-appointment-${index}` };
}

/**
 * Gives each patient an appointment at ten o'clock on the coming Tuesday with a provider of their own, and that provider a
 * free time on each of the ten days after it: so that scenarios do not take each other's times.
 */
export async function addScenarioPatients(lab: Lab, patients: readonly CallPatient[]): Promise<void> {
  const today = new Date();
  const untilTuesday = (2 - today.getUTCDay() + 7) % 7 || 7;
  const startAfter = (days: number): string =>
    `${new Date(today.getTime() + (untilTuesday + days) * dayMs).toISOString().slice(0, 10)}T10:00:00-08:00`;
  for (const [index, { name, phoneNumber, appointmentId }] of patients.entries()) {
    const provider = providerName(index);
    const slots = Array.from(
      { length: freeDays + 1 },
      (_, day): Slot => ({
        id: `scenario-slot-${index}-${day}`,
        clinicId,
        provider,
        start: startAfter(day),
        timeZone,
        durationMinutes: 20,
      }),
    );
    await lab.database.addSlots(slots);
    await lab.database.addAppointments([
      {
        id: appointmentId,
        clinicId,
        patient: {
          id: `scenario-patient-${index}`,
          name,
          phoneNumber: parsePhoneNumber(phoneNumber),
          timeZone,
        },
        provider,
        start: startAfter(0),
        timeZone,
        durationMinutes: 20,
        status: "booked",
        slotId: slots[0]?.id,
      },
    ]);
  }
}

/** Invented, and different for each of the first hundred. */
function providerName(index: number): string {
  const first = ["Lane", "Moss", "Reed", "Hale", "Vale", "Dunn", "Park", "Rowe", "Shaw", "Webb"];
  const [last, before] = [first[index % 10], first[Math.floor(index / 10) % 10]];
  return index < 10 ? `Dr. ${last}` : `Dr. ${before} ${last}`;
}
