import type { Appointment, Slot } from "@clinic/sip-voice";
import { parsePhoneNumber } from "@clinic/sip-voice";

/** When everybody asks: before the first slot, whatever the machine's clock says. */
export const askedAt = "2026-11-23T18:00:00Z";
/** The id of a slot. */
export const slotId = (ordinal: number): string => `slot-${ordinal}`;
/** The id of a booker's appointment. */
export const appointmentId = (booker: number, ordinal: number): string => `appointment-${booker}-${ordinal}`;

const visit = {
  clinicId: "main",
  provider: "Dr. Lane",
  timeZone: "America/Los_Angeles",
  durationMinutes: 15,
} as const;
const friday = Date.parse("2026-11-27T09:00:00-08:00");
const startOf = (ordinal: number): string => new Date(friday + ordinal * 900_000).toISOString();

/** The slots that everybody wants. */
export function rushSlots(count: number): Slot[] {
  return Array.from({ length: count }, (_, ordinal) => ({
    ...visit,
    id: slotId(ordinal),
    start: startOf(ordinal),
  }));
}

/** The appointments that shall be moved, so many of each booker. */
export function* rushAppointments(bookers: number, each: number): Generator<Omit<Appointment, "version">> {
  const phoneNumber = parsePhoneNumber("+15105550111");
  for (let booker = 0; booker < bookers; booker++) {
    for (let ordinal = 0; ordinal < each; ordinal++) {
      const id = appointmentId(booker, ordinal);
      const patient = { id: `patient-of-${id}`, name: "Nadia Haddad", phoneNumber };
      yield {
        ...visit,
        id,
        patient,
        start: "2026-12-24T10:00:00-08:00",
        status: "booked",
        slotId: undefined,
      };
    }
  }
}
