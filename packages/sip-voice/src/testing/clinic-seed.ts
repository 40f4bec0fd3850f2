import type { Appointment, Slot } from "../appointments/appointment.ts";
import { parsePhoneNumber } from "../phone/phone-number.ts";
import { sampleAppointment, sampleSlot } from "./sample-appointment.ts";

/** What an appointment store holds when a case of {@link testAppointmentStore} begins. */
export interface ClinicSeed {
  /** The slots, taken ones included. */
  readonly slots: readonly Slot[];
  /** The appointments. The store may give them versions of its own. */
  readonly appointments: readonly Appointment[];
}

/** Two people share this number. */
export const familyNumber = parsePhoneNumber("+15105550111");
/** The number of one person. */
export const otherNumber = parsePhoneNumber("+15105550112");
/** A number with twelve appointments. */
export const busyNumber = parsePhoneNumber("+15105550113");
/** The number of two people with odd names, who come at one instant. */
export const oddNumber = parsePhoneNumber("+15105550114");

/** Pieces of SQL, of a FHIR search, of a spreadsheet's formula and of a template: texts like any others to a store. */
export const hostileTexts = [
  "Robert'); DROP TABLE appointments;--",
  '=HYPERLINK("http://127.0.0.1/?"&A1)',
  "x' OR '1'='1",
  "lee,sami",
  "lee&_count=0&status=free,busy",
  "../Patient/patient-1",
  "%",
  "*",
  "$1 :id ?1 {{id}} \\",
] as const;

const days = Array.from({ length: 12 }, (_, index) => `2026-12-${String(index + 1).padStart(2, "0")}`);

/** The two clinics of the cases: `main` and `east`. */
export function clinicSeed(): ClinicSeed {
  const nadia = {
    id: "patient-1",
    name: "Nadia Haddad",
    phoneNumber: familyNumber,
    timeZone: "America/Denver",
    dateOfBirth: "1990-12-24",
    place: "US-CO",
    language: "ar",
  };
  const sami = { id: "patient-2", name: "سامي حداد", phoneNumber: familyNumber };
  const lee = { id: "patient-3", name: "Lee O'Brien", phoneNumber: otherNumber, dateOfBirth: "1984-03-07" };
  const often = { id: "patient-4", name: "Ana Cruz", phoneNumber: busyNumber };
  const tuesday = "2026-11-24T10:00:00-08:00";
  return {
    slots: [
      sampleSlot({ id: "slot-of-nadia", start: tuesday }),
      sampleSlot({
        id: "slot-late",
        start: "2026-11-27T10:00:00-08:00",
        provider: "Dr. Moreno",
        location: "North",
      }),
      // Earlier than 9:30 in California, though its text is later.
      sampleSlot({ id: "slot-early", start: "2026-11-27T17:00:00Z", durationMinutes: 45 }),
      sampleSlot({ id: "slot-middle", start: "2026-11-27T09:30:00-08:00", timeZone: "America/Phoenix" }),
      sampleSlot({ id: "slot-east", clinicId: "east" }),
      // Slots that are past, and not, whatever the clock says.
      sampleSlot({ id: "slot-2001", start: "2001-06-01T10:00:00-07:00" }),
      ...[1, 2].map((one) => sampleSlot({ id: `slot-2999-${one}`, start: "2999-06-01T10:00:00-07:00" })),
      // The hour that comes twice in California, and the one that is left out.
      sampleSlot({ id: "slot-second-half-past-one", start: "2027-11-07T01:30:00-08:00" }),
      sampleSlot({ id: "slot-first-half-past-one", start: "2027-11-07T01:30:00-07:00" }),
      sampleSlot({ id: "slot-after-the-gap", start: "2027-03-14T03:00:00-07:00" }),
      sampleSlot({ id: "slot-before-the-gap", start: "2027-03-14T01:30:00-08:00" }),
      ...[3, 1, 2].map((twin) => sampleSlot({ id: `slot-twin-${twin}`, start: "2026-12-20T10:00:00-08:00" })),
      ...days.map((day) => sampleSlot({ id: `slot-${day}`, start: `${day}T09:00:00-08:00` })),
    ],
    appointments: [
      sampleAppointment({ id: "nadia", patient: nadia, start: tuesday, slotId: "slot-of-nadia" }),
      // Half an hour before Nadia's, though its text is later.
      sampleAppointment({
        id: "sami",
        patient: sami,
        start: "2026-11-24T17:30:00Z",
        location: "North",
        confirmationCode: "230042",
      }),
      sampleAppointment({ id: "past", patient: nadia, start: "2026-11-02T10:00:00-08:00" }),
      sampleAppointment({
        id: "cancelled",
        patient: nadia,
        start: "2026-11-25T10:00:00-08:00",
        status: "cancelled",
      }),
      sampleAppointment({ id: "east", patient: nadia, clinicId: "east", start: "2026-11-26T10:00:00-08:00" }),
      sampleAppointment({
        id: "lee",
        patient: lee,
        start: "2026-11-24T11:00:00-08:00",
        confirmationCode: "481516",
        preferences: { reminder: { channel: "call", hoursBefore: 48 } },
      }),
      // Two at one instant, whose people and doctor have names that are hard to keep.
      sampleAppointment({
        id: "zoe",
        patient: {
          id: "patient-5",
          name: "Zoe\u0308 \u05d0\u05d1\u05e8\u05d4\u05dd (\u2068Abe\u2069) \ud83d\udc69\u200d\u2695\ufe0f",
          phoneNumber: oddNumber,
        },
        start: "2026-12-20T10:00:00-08:00",
        provider: "Lane, Moreno | Partners $5 \\ & Co",
      }),
      sampleAppointment({
        id: "robert",
        patient: { id: "patient-6", name: hostileTexts[0], phoneNumber: oddNumber },
        start: "2026-12-20T18:00:00Z",
        provider: hostileTexts[1],
        location: hostileTexts[2],
      }),
      ...days.map((day) =>
        sampleAppointment({ id: `on-${day}`, patient: often, start: `${day}T14:00:00-08:00` }),
      ),
    ],
  };
}
