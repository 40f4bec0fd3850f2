import {
  type AppointmentPreferences,
  parsePhoneNumber,
  type ReminderPreference,
  type Slot,
} from "@clinic/sip-voice";
import type { CallPatient } from "../demo/call-patient.ts";
import type { Lab } from "../lab/lab.ts";
import type { ScenarioReminder } from "./scenario-clinic.ts";
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
  return { name: patient, phoneNumber, appointmentId: appointmentIdOf(index, 0) };
}

/** The appointments of a scenario's number besides the one that it is about. */
export function otherAppointments({ appointments = [] }: Scenario, index: number): string[] {
  return appointments.slice(1).map((_, place) => appointmentIdOf(index, place + 1));
}

function appointmentIdOf(index: number, place: number): string {
  return place === 0 ? `scenario-appointment-${index}` : `scenario-appointment-${index}-${place}`;
}

const untold: NonNullable<Scenario["appointments"]> = [{ "days-later": 0, at: "10:00", status: "booked" }];

/**
 * Gives each scenario its appointments, one at ten o'clock on the coming Tuesday unless the file has others, all with a provider
 * of the scenario's own; and that provider a free time on each of the ten days after it: so that scenarios do not take each
 * other's times.
 */
export async function addScenarioPatients(lab: Lab, scenarios: readonly Scenario[]): Promise<void> {
  const today = new Date();
  const untilTuesday = (2 - today.getUTCDay() + 7) % 7 || 7;
  const startAfter = (days: number, at = "10:00"): string =>
    `${new Date(today.getTime() + (untilTuesday + days) * dayMs).toISOString().slice(0, 10)}T${at}:00-08:00`;
  for (const [index, scenario] of scenarios.entries()) {
    const { name, phoneNumber } = scenarioPatient(scenario, index);
    const provider = providerName(index);
    const own = scenario.appointments ?? untold;
    const starts = own.map((one) => startAfter(one["days-later"], one.at));
    const free = Array.from({ length: freeDays }, (_, day) => startAfter(day + 1));
    const slots = [...starts, ...free.filter((start) => !starts.includes(start))].map(
      (start, number): Slot => ({
        id: `scenario-slot-${index}-${number}`,
        clinicId,
        provider,
        start,
        timeZone,
        durationMinutes: 20,
      }),
    );
    await lab.database.addSlots(slots);
    await lab.database.addAppointments(
      own.map((one, place) => ({
        id: appointmentIdOf(index, place),
        clinicId,
        patient: {
          id: `scenario-patient-${index}-${one.patient ?? name}`,
          name: one.patient ?? name,
          phoneNumber: parsePhoneNumber(phoneNumber),
          timeZone,
          ...(one.born === undefined ? {} : { dateOfBirth: one.born }),
        },
        provider,
        start: starts[place] ?? "",
        timeZone,
        durationMinutes: 20,
        status: one.status,
        slotId: slots[place]?.id,
        ...(one.code === undefined ? {} : { confirmationCode: one.code }),
        ...preferencesOf(one),
      })),
    );
  }
}

function preferencesOf({ reminder, ...one }: NonNullable<Scenario["appointments"]>[number]): {
  readonly preferences?: AppointmentPreferences;
} {
  const walkIn = one["walk-in"];
  if (walkIn === undefined && reminder === undefined) return {};
  return {
    preferences: {
      ...(walkIn === undefined ? {} : { walkIn }),
      ...(reminder === undefined ? {} : { reminder: reminderOf(reminder) }),
    },
  };
}

/** A reminder as the store has it. */
export function reminderOf({ channel, ...reminder }: ScenarioReminder): ReminderPreference {
  const hoursBefore = reminder["hours-before"];
  return { channel, ...(hoursBefore === undefined ? {} : { hoursBefore }) };
}

/** Invented, and different for each of the first hundred. */
function providerName(index: number): string {
  const first = ["Drew", "Moss", "Reed", "Hale", "Vale", "Dunn", "Park", "Rowe", "Shaw", "Webb"];
  const [last, before] = [first[index % 10], first[Math.floor(index / 10) % 10]];
  return index < 10 ? `Dr. ${last}` : `Dr. ${before} ${last}`;
}
