import type {
  Extension,
  Appointment as FhirAppointment,
  Patient as FhirPatient,
  Slot as FhirSlot,
  Resource,
} from "@medplum/fhirtypes";
import type { Appointment, Patient, Slot } from "../../appointments/appointment.ts";
import { type ClinicSeed, hostileTexts } from "../../testing/clinic-seed.ts";
import type { FhirClinic } from "../fhir-clinics.ts";

/** The clinics of the seed, as Locations of one server. */
export const seedClinics: Readonly<Record<string, FhirClinic>> = {
  main: {
    timeZone: "America/Los_Angeles",
    locations: [
      { id: "main" },
      { id: "main-north", spokenAs: "North" },
      { id: "main-x-or-1-1", spokenAs: hostileTexts[2] },
    ],
  },
  east: { timeZone: "America/Los_Angeles", locations: [{ id: "east" }] },
};

/** The identifier system of the seed's confirmation codes. */
export const seedCodes = "urn:oid:2.16.840.1.113883.19.5.1";

const minutesAfter = (start: string, minutes: number): string =>
  new Date(Date.parse(start) + minutes * 60_000).toISOString();

const locationId = ({ clinicId, location }: Slot | Appointment): string =>
  location === undefined
    ? clinicId
    : `${clinicId} ${location}`
        .toLowerCase()
        .replaceAll(/[^a-z0-9]+/g, "-")
        .replace(/-$/, "");
const practitionerId = (provider: string): string => provider.replaceAll(/[^A-Za-z]/g, "");
const scheduleId = (slot: Slot): string => `${locationId(slot)}-${practitionerId(slot.provider)}`;
const zoneOf = (timeZone: string): { extension: Extension[] } => ({
  extension: [{ url: "http://hl7.org/fhir/StructureDefinition/tz-code", valueCode: timeZone }],
});

/** A patient as a front desk may have written them down: the number as it is spoken, the name in parts. */
export function patientResource(patient: Patient): FhirPatient {
  const [given = "", ...family] = patient.name.split(" ");
  const digits = patient.phoneNumber.slice(2);
  const written = `(${digits.slice(0, 3)}) ${digits.slice(3, 6)}-${digits.slice(6)}`;
  const [country, state] = patient.place?.split("-") ?? [];
  return {
    resourceType: "Patient",
    id: patient.id,
    name: [
      { use: "old", text: "Somebody Else" },
      { use: "official", given: [given], family: family.join(" ") },
    ],
    telecom: [
      { system: "email", value: "patient@clinic.example" },
      { system: "phone", use: "mobile", value: written },
    ],
    ...(patient.dateOfBirth ? { birthDate: patient.dateOfBirth } : {}),
    ...(country ? { address: [{ country, ...(state ? { state } : {}) }] } : {}),
    ...(patient.language ? { communication: [{ language: { coding: [{ code: patient.language }] } }] } : {}),
    ...(patient.timeZone
      ? {
          extension: [
            { url: "http://hl7.org/fhir/StructureDefinition/timezone", valueCode: patient.timeZone },
          ],
        }
      : {}),
  };
}

/** A slot, and whose schedule it is in. */
export function slotResource(slot: Slot, isTaken: boolean): FhirSlot {
  return {
    resourceType: "Slot",
    id: slot.id,
    status: isTaken ? "busy" : "free",
    schedule: { reference: `Schedule/${scheduleId(slot)}` },
    start: slot.start,
    _start: zoneOf(slot.timeZone),
    end: minutesAfter(slot.start, slot.durationMinutes),
  } as FhirSlot;
}

/** An appointment as another system books it. */
export function appointmentResource(appointment: Appointment): FhirAppointment {
  const { preferences, confirmationCode, status, start, slotId, patient } = appointment;
  const answer = {
    booked: "needs-action",
    confirmed: "accepted",
    "reschedule-requested": "declined",
    cancelled: "declined",
  } as const;
  const reminder = preferences?.reminder;
  const own = "https://www.npmjs.com/package/@clinic/sip-voice/fhir";
  return {
    resourceType: "Appointment",
    id: appointment.id,
    status: status === "cancelled" ? "cancelled" : "booked",
    start,
    _start: zoneOf(appointment.timeZone),
    end: minutesAfter(start, appointment.durationMinutes),
    ...(slotId ? { slot: [{ reference: `Slot/${slotId}` }] } : {}),
    ...(confirmationCode ? { identifier: [{ system: seedCodes, value: confirmationCode }] } : {}),
    participant: [
      { actor: { reference: `Patient/${patient.id}` }, status: answer[status] },
      { actor: { reference: `Practitioner/${practitionerId(appointment.provider)}` }, status: "accepted" },
      { actor: { reference: `Location/${locationId(appointment)}` }, status: "accepted" },
    ],
    ...(reminder
      ? {
          extension: [
            {
              url: `${own}/preferences`,
              extension: [
                { url: "reminder-channel", valueCode: reminder.channel },
                { url: "reminder-hours-before", valueDecimal: reminder.hoursBefore },
              ],
            },
          ],
        }
      : {}),
  } as FhirAppointment;
}

/** Everything that a FHIR server has to hold for a seed. */
export function clinicResources({ slots, appointments }: ClinicSeed): Resource[] {
  const taken = new Set(
    appointments.filter(({ status }) => status !== "cancelled").map(({ slotId }) => slotId),
  );
  const providers = new Set([...slots, ...appointments].map(({ provider }) => provider));
  const patients = new Map(appointments.map(({ patient }) => [patient.id, patient]));
  const schedules = new Map(slots.map((slot) => [scheduleId(slot), slot]));
  return [
    ...[...providers].map((name): Resource => {
      const [, prefix, family] = /^(Dr[.]) (\w+)$/.exec(name) ?? [];
      return {
        resourceType: "Practitioner",
        id: practitionerId(name),
        name: [prefix && family ? { prefix: [prefix], family } : { text: name }],
      };
    }),
    ...["main", "main-north", "main-x-or-1-1", "east"].map(
      (id): Resource => ({ resourceType: "Location", id, name: id }),
    ),
    ...[...schedules].map(
      ([id, slot]): Resource => ({
        resourceType: "Schedule",
        id,
        actor: [
          { reference: `Practitioner/${practitionerId(slot.provider)}` },
          { reference: `Location/${locationId(slot)}` },
        ],
      }),
    ),
    ...[...patients.values()].map(patientResource),
    ...slots.map((slot) => slotResource(slot, taken.has(slot.id))),
    ...appointments.map(appointmentResource),
  ];
}
