import type { Appointment, Slot } from "../appointments/appointment.ts";
import { parsePhoneNumber } from "../phone/phone-number.ts";

/**
 * Makes an appointment for tests: an invented patient at +15105550111, on Tuesday 24 November 2026 at 10:00 in California.
 *
 * @param overrides - what is different
 * @example
 * ```ts
 * import { sampleAppointment } from "@clinic/sip-voice/testing";
 *
 * const confirmed = sampleAppointment({ id: "appointment-2", status: "confirmed" });
 * console.log(confirmed.patient.name); // "Nadia Haddad"
 * ```
 */
export function sampleAppointment(overrides: Partial<Appointment> = {}): Appointment {
  return {
    id: "appointment-1",
    version: "1",
    clinicId: "main",
    patient: { id: "patient-1", name: "Nadia Haddad", phoneNumber: parsePhoneNumber("+15105550111") },
    provider: "Dr. Lane",
    start: "2026-11-24T10:00:00-08:00",
    timeZone: "America/Los_Angeles",
    durationMinutes: 30,
    status: "booked",
    slotId: undefined,
    ...overrides,
  };
}

/**
 * Makes a slot for tests: Friday 27 November 2026 at 9:00 in California.
 *
 * @param overrides - what is different
 * @example
 * ```ts
 * import { sampleSlot } from "@clinic/sip-voice/testing";
 *
 * const slots = ["2026-11-27T09:00:00-08:00", "2026-11-27T09:30:00-08:00"].map((start) => sampleSlot({ id: start, start }));
 * console.log(slots.length); // 2
 * ```
 */
export function sampleSlot(overrides: Partial<Slot> = {}): Slot {
  return {
    id: "slot-1",
    clinicId: "main",
    provider: "Dr. Lane",
    start: "2026-11-27T09:00:00-08:00",
    timeZone: "America/Los_Angeles",
    durationMinutes: 30,
    ...overrides,
  };
}
