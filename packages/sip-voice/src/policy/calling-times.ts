import { type CalendarDay, calendarDay, instantOn } from "./calendar-day.ts";
import type { CallingWindow } from "./calling-window.ts";
import { type HolidayRule, holidayOn } from "./holiday.ts";

/** When a number may be called, on the clock and calendar of each of its zones. */
export interface CallingTimes {
  /** The hours of each weekday. */
  readonly window: CallingWindow;
  /** Holidays, on which there are no calls. */
  readonly holidays: readonly HolidayRule[];
  /** Other dates without calls, `YYYY-MM-DD`. */
  readonly closedDates: readonly string[];
}

const dayMs = 86_400_000;
/** How far ahead an opening is looked for: a rule that opens but once a year is found. */
const horizonDays = 400;

/** Why a day is closed as a whole; `undefined` when it is not. */
function closedOn(
  { holidays, closedDates }: CallingTimes,
  day: CalendarDay,
): "holiday" | "closed-date" | undefined {
  if (holidayOn(holidays, day)) return "holiday";
  return closedDates.includes(day.iso) ? "closed-date" : undefined;
}

/** Whether an instant is inside the hours of its weekday in every one of the zones, closed or not. */
export function isInHours({ window }: CallingTimes, zones: readonly string[], at: number): boolean {
  return zones.every((zone) => {
    const hours = hoursOf(window, calendarDay(zone, at));
    return hours !== undefined && hours[0] <= at && at < hours[1];
  });
}

/** From when to when calls are allowed on a day, in milliseconds since 1970; `undefined` on a day without calls. */
function hoursOf(
  window: CallingWindow,
  day: CalendarDay,
): readonly [opens: number, closes: number] | undefined {
  const hours = window[day.weekday];
  if (!hours) return undefined;
  // An hour that comes twice opens the second time and closes the first: inside by either reading.
  const opens = instantOn(day, hours.from, "later");
  const closes = instantOn(day, hours.to, "earlier");
  return opens < closes ? [opens, closes] : undefined;
}

/** Why the whole day is closed in one of the zones at an instant. */
export function closedAt(times: CallingTimes, zones: readonly string[], at: number) {
  return zones.map((zone) => closedOn(times, calendarDay(zone, at))).find((why) => why !== undefined);
}

/** The first instant at or after `at` that is inside in one zone, before the horizon. */
function openingIn(times: CallingTimes, zone: string, at: number, until: number): number | undefined {
  for (let day = calendarDay(zone, at); day.startsAt < until; day = calendarDay(zone, day.endsAt)) {
    const hours = hoursOf(times.window, day);
    if (hours && at < hours[1] && !closedOn(times, day)) return Math.max(at, hours[0]);
  }
  return undefined;
}

/** The first instant at or after `from` that is inside in all zones at once; `undefined` when none comes within 400 days. */
export function nextOpening(times: CallingTimes, zones: readonly string[], from: number): number | undefined {
  if (zones.length === 0 || Object.values(times.window).every((hours) => !hours)) return undefined;
  const until = from + horizonDays * dayMs;
  let at = from;
  while (at < until) {
    let latest = at;
    for (const zone of zones) {
      const opening = openingIn(times, zone, latest, until);
      if (opening === undefined) return undefined;
      latest = opening;
    }
    if (latest === at) return at;
    at = latest;
  }
  return undefined;
}

/** The instant at which the calendar day of `now` began, `daysBefore` days back, in the zone where it began first. */
export function startOfDay(zones: readonly string[], now: number, daysBefore = 0): number {
  const starts = zones.map((zone) => {
    let day = calendarDay(zone, now);
    for (let back = 0; back < daysBefore; back++) day = calendarDay(zone, day.startsAt - 1);
    return day.startsAt;
  });
  return Math.min(...starts, now);
}

/** The first instant at which a new calendar day begins in any of the zones. */
export function nextMidnight(zones: readonly string[], now: number): number {
  return Math.min(...zones.map((zone) => calendarDay(zone, now).endsAt));
}
