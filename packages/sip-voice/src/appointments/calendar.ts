import type { Appointment, AppointmentStatus } from "./appointment.ts";

/** Which appointments of a clinic to look for. */
export interface CalendarQuery {
  /** The clinic. */
  readonly clinicId: string;
  /** The earliest start, RFC 3339. */
  readonly from: string;
  /** The latest start (not included), RFC 3339. */
  readonly to: string;
  /** Only those that stand so; all but cancelled ones unless given. */
  readonly statuses?: readonly AppointmentStatus[];
  /** Only those after this one in the order of the answer: give the last one of a page to get the next page. */
  readonly after?: Pick<Appointment, "id" | "start">;
  /** How many at the most; 100 unless given. */
  readonly limit?: number;
}

/**
 * The port to a clinic's appointments by time, for call lists. The agent does without it, so an `AppointmentStore` need not have
 * it; this package's stores do. A store that can't be reached throws `SipVoiceError` `store-unavailable`.
 * Its conformance suite is `testAppointmentCalendar` in `@clinic/sip-voice/testing`.
 */
export interface AppointmentCalendar {
  /** The clinic's appointments that begin between two instants, the earliest first, those of one instant by their id. */
  startingBetween(query: CalendarQuery): Promise<readonly Appointment[]>;
}

/** What is looked for where no status is named. */
export const notCancelled: readonly AppointmentStatus[] = ["booked", "confirmed", "reschedule-requested"];
