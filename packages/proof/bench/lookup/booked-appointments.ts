import { type Appointment, parsePhoneNumber } from "@clinic/sip-voice";

/** The clinic that all are booked with. */
export const clinicId = "main";
/** When the callers call. */
export const from = "2026-11-23T10:00:00-08:00";

const monday = Date.parse("2026-11-30T08:00:00Z");
/** So many appointments does a number have: a family's. */
const ofNumber = 2;
/** Only 555-01xx are nobody's, too few to tell a million callers apart: the rest of the key is an extension, which no number has. */
const base = parsePhoneNumber("+15105550100").slice(0, -2);

/** The number of whoever has the appointment of this ordinal. Not for dialling: longer than a number may be. */
export function numberOfCaller(ordinal: number): Appointment["patient"]["phoneNumber"] {
  return `${base}${String(Math.floor(ordinal / ofNumber)).padStart(7, "0")}` as Appointment["patient"]["phoneNumber"];
}

/** So many appointments, made while they are asked for: they never are in memory at once. */
export function* bookedAppointments(
  count: number,
  signal: AbortSignal,
): Generator<Omit<Appointment, "version">> {
  for (let ordinal = 0; ordinal < count; ordinal++) {
    if (ordinal % 1_000 === 0) signal.throwIfAborted();
    yield {
      id: `appointment-${ordinal}`,
      clinicId,
      patient: { id: `patient-${ordinal}`, name: `Patient ${ordinal}`, phoneNumber: numberOfCaller(ordinal) },
      provider: `Dr. ${ordinal % 40}`,
      // Over a year, as a clinic's calendar is.
      start: new Date(monday + (ordinal % 35_040) * 900_000).toISOString(),
      timeZone: "America/Los_Angeles",
      durationMinutes: 15,
      status: "booked",
      slotId: undefined,
    };
  }
}
