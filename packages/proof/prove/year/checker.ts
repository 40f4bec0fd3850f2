/**
 * Looks for what must not have happened in a year of calls. Goes by `Intl.DateTimeFormat` and rules written down a second
 * time: nothing of the library is used here, so that a mistake in it is not repeated.
 */
import { closedDates, hoursOfPlace, most, usualHours } from "./rule-book.ts";
import { wallTime } from "./wall-clock.ts";
import type { YearCall, YearContact, YearSeen } from "./year-seen.ts";

/** What the checker looks for. */
export type ViolationKind =
  | "hours"
  | "closed-day"
  | "number-cap"
  | "clinic-cap"
  | "opted-out"
  | "consent"
  | "starved";

/** What was found, of one kind. */
export interface Finding {
  /** How many things were looked at. */
  readonly tried: number;
  /** What was wrong, without a number. */
  readonly violations: readonly string[];
}

const hourMs = 3_600_000;
const dayMs = 86_400_000;
const probeEveryMs = hourMs / 2;
const triedAgainMs = hourMs / 6;

function isInHours({ trueZones, trueHours }: YearContact, at: number): boolean {
  const week = hoursOfPlace[trueHours] ?? usualHours;
  return trueZones.every((zone) => {
    const { weekday, timeMs } = wallTime(zone, at);
    const hours = weekday === 0 ? week[2] : weekday === 6 ? week[1] : week[0];
    return hours !== undefined && hours[0] * hourMs <= timeMs && timeMs < hours[1] * hourMs;
  });
}

function isOnClosedDay({ trueZones }: YearContact, at: number): boolean {
  return trueZones.some((zone) => closedDates.has(wallTime(zone, at).date));
}

function hasConsent({ consentAt }: YearContact, at: number): boolean {
  const given = consentAt === undefined ? Number.NaN : Date.parse(consentAt);
  return given <= at && at < given + most.consentDays * dayMs;
}

function byKey<T>(list: readonly T[], keyOf: (one: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const one of list) {
    const group = groups.get(keyOf(one));
    if (group) group.push(one);
    else groups.set(keyOf(one), [one]);
  }
  return groups;
}

const where = (contact: YearContact, at: number): string =>
  `${contact.trueHours} in ${contact.trueZones.join(" and ")} at ${new Date(at).toISOString()}`;

/** Which of these calls would leave no room for one at `at`: on that date, or in the seven dates that end with it. */
function isNumberFull(
  calls: readonly YearCall[],
  zones: readonly string[],
  at: number,
  taken: number,
): boolean {
  return zones.some((zone) => {
    const today = wallTime(zone, at).day;
    const days = calls.filter((call) => call.at <= at).map((call) => wallTime(zone, call.at).day);
    const onDay = days.filter((day) => day === today).length;
    const inWeek = days.filter((day) => day > today - 7 && day <= today).length;
    return onDay + taken > most.perDay || inWeek + taken > most.perWeek;
  });
}

/** Calls of one clinic, the first first, to count those of 24 hours and those under way. */
function isClinicFull(calls: readonly YearCall[], at: number, taken: number): boolean {
  let low = 0;
  let high = calls.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((calls[middle] as YearCall).at < at - dayMs) low = middle + 1;
    else high = middle;
  }
  let inDay = 0;
  let underWay = 0;
  for (let index = low; index < calls.length && (calls[index] as YearCall).at <= at; index++) {
    inDay += 1;
    if ((calls[index] as YearCall).endedAt > at) underWay += 1;
  }
  return inDay + taken > most.perClinicIn24Hours || underWay + taken > most.atOneTime;
}

/** Looks through a year. */
export function checkYear({
  contacts,
  calls,
  fullTrunks,
  optOuts,
}: YearSeen): Readonly<Record<ViolationKind, Finding>> {
  const contactOf = new Map(contacts.map((contact) => [contact.id, contact]));
  const callsOfNumber = byKey(calls, ({ number }) => number);
  const callsOfClinic = new Map(
    [...byKey(calls, ({ clinic }) => clinic)].map(([clinic, all]) => [
      clinic,
      all.toSorted((a, b) => a.at - b.at),
    ]),
  );
  const optOutsOfNumber = byKey(optOuts, ({ number }) => number);
  const isOptedOut = (number: string, at: number): boolean =>
    (optOutsOfNumber.get(number) ?? []).some((one) => one.at <= at && at < one.undoneAt);
  const found: Record<ViolationKind, string[]> = {
    hours: [],
    "closed-day": [],
    "number-cap": [],
    "clinic-cap": [],
    "opted-out": [],
    consent: [],
    starved: [],
  };

  for (const { contact: id, number, clinic, at } of calls) {
    const contact = contactOf.get(id);
    if (!contact || contact.number !== number) {
      found.consent.push("a call to nobody who is on the list");
      continue;
    }
    const told = where(contact, at);
    if (!isInHours(contact, at)) found.hours.push(told);
    if (isOnClosedDay(contact, at)) found["closed-day"].push(told);
    // The call itself is among those that are counted.
    if (isNumberFull(callsOfNumber.get(number) ?? [], contact.trueZones, at, 0))
      found["number-cap"].push(told);
    if (isClinicFull(callsOfClinic.get(clinic) ?? [], at, 0)) found["clinic-cap"].push(told);
    if (isOptedOut(number, at)) found["opted-out"].push(told);
    if (!hasConsent(contact, at)) found.consent.push(told);
  }

  const fullTrunksOf = byKey(fullTrunks, ({ contact }) => String(contact));
  const called = new Set(calls.map(({ contact }) => contact));
  for (const contact of contacts) {
    if (called.has(contact.id)) continue;
    const { number, clinic, from, until, trueZones } = contact;
    for (let at = from + probeEveryMs; at < until; at += probeEveryMs) {
      const isTriedAgain = (fullTrunksOf.get(String(contact.id)) ?? []).some(
        (tried) => tried.at <= at && at < tried.at + triedAgainMs,
      );
      const mayBeCalled =
        !isTriedAgain &&
        hasConsent(contact, at) &&
        !isOptedOut(number, at) &&
        isInHours(contact, at) &&
        !isOnClosedDay(contact, at) &&
        !isNumberFull(callsOfNumber.get(number) ?? [], trueZones, at, 1) &&
        !isClinicFull(callsOfClinic.get(clinic) ?? [], at, 1);
      if (!mayBeCalled) continue;
      found.starved.push(`nobody called ${where(contact, at)}`);
      break;
    }
  }
  const finding = (kind: ViolationKind): Finding => ({
    tried: kind === "starved" ? contacts.length : calls.length,
    violations: found[kind],
  });
  return {
    hours: finding("hours"),
    "closed-day": finding("closed-day"),
    "number-cap": finding("number-cap"),
    "clinic-cap": finding("clinic-cap"),
    "opted-out": finding("opted-out"),
    consent: finding("consent"),
    starved: finding("starved"),
  };
}
