import type { Appointment, AppointmentStatus } from "../appointments/appointment.ts";
import type { AppointmentCalendar } from "../appointments/calendar.ts";
import { SipVoiceError } from "../errors.ts";
import { calendarDay } from "../policy/calendar-day.ts";
import type { Consent } from "../policy/contact-preferences.ts";
import { ListedContacts } from "./call-list/listed-contacts.ts";
import type { CampaignContact } from "./contact.ts";

/** Which appointments are to be called about. */
export interface AppointmentContactsQuery {
  /** The clinic. */
  readonly clinicId: string;
  /** The clinic's IANA time zone, in which days begin and end. */
  readonly timeZone: string;
  /** The instant of asking, milliseconds since 1970. */
  readonly now: number;
  /** How many days from today the appointments are: 0 is today (what is still to come of it), 1 tomorrow; 1 unless given. */
  readonly daysAhead?: number;
  /** How the appointments stand; `["booked"]`, which is not confirmed, unless given. */
  readonly statuses?: readonly AppointmentStatus[];
  /** The consent of all of these patients, where the clinic takes one with every booking; else what is on record counts. */
  readonly consent?: Consent;
}

const pageSize = 500;

/** From when until when, RFC 3339. */
function spanOf({ timeZone, now, daysAhead = 1 }: AppointmentContactsQuery): { from: string; to: string } {
  if (!Number.isInteger(daysAhead) || daysAhead < 0 || daysAhead > 366) {
    const remedy = "Give 0 for today, 1 for tomorrow, and so on.";
    throw new SipVoiceError("invalid-option", "daysAhead is not a whole number of days.", {
      field: "daysAhead",
      remedy,
    });
  }
  let day: ReturnType<typeof calendarDay>;
  try {
    day = calendarDay(timeZone, now);
    for (let ahead = 0; ahead < daysAhead; ahead++) day = calendarDay(timeZone, day.endsAt);
  } catch (cause) {
    const remedy = "Give an IANA name, as in America/Los_Angeles.";
    throw new SipVoiceError("invalid-option", "The clinic's time zone is not known.", {
      field: "timeZone",
      remedy,
      cause,
    });
  }
  const iso = (at: number): string => new Date(at).toISOString();
  return { from: iso(Math.max(day.startsAt, now)), to: iso(day.endsAt) };
}

/**
 * The contacts of a day's appointments, as "tomorrow's unconfirmed": the day is the one of the clinic's own calendar. A number
 * is one contact, about the earliest of its appointments, with the others along. The day is read in pages, so the contacts are
 * those of the moment at which each page was read.
 *
 * @throws SipVoiceError `invalid-option`; `store-unavailable` when the appointments can't be read
 * @example
 * ```ts
 * import { appointmentContacts, systemClock } from "@clinic/sip-voice";
 * import { openClinicDatabase } from "@clinic/sip-voice/sqlite";
 *
 * const { appointments } = openClinicDatabase("clinic.db");
 * const contacts = await appointmentContacts(appointments, {
 *   clinicId: "main",
 *   timeZone: "America/Los_Angeles",
 *   now: systemClock.now(),
 * });
 * console.log(`${contacts.length} patients have not confirmed tomorrow's appointment`);
 * ```
 */
export async function appointmentContacts(
  calendar: AppointmentCalendar,
  query: AppointmentContactsQuery,
): Promise<readonly CampaignContact[]> {
  const { clinicId, statuses = ["booked"], consent } = query;
  const span = spanOf(query);
  const listed = new ListedContacts();
  const contacts = new Map<string, CampaignContact>();
  let after: Appointment | undefined;
  for (;;) {
    const page = await calendar.startingBetween({
      clinicId,
      ...span,
      statuses,
      limit: pageSize,
      ...(after ? { after } : {}),
    });
    for (const { id, patient } of page) {
      const { phoneNumber, timeZone, place, language } = patient;
      const facts = { phoneNumber, appointmentId: id, consent, timeZone, place, language };
      const added = listed.add(facts, undefined);
      if ("contact" in added) contacts.set(added.contact.id, added.contact);
    }
    after = page.at(-1);
    if (page.length < pageSize) return [...contacts.values()];
  }
}
