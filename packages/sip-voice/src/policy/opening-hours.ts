import { SipVoiceError } from "../errors.ts";
import { calendarDay, instantOn } from "./calendar-day.ts";
import type { CallingHours } from "./calling-window.ts";
import { type HolidayRule, holidayOn } from "./holiday.ts";

/**
 * When somebody is there to take a call, on the clock and calendar of the clinic's own zone. Unlike a `CallingWindow`,
 * a day may have a break, and a date may have hours of its own.
 *
 * @example
 * ```ts
 * import { type OpeningHours, isOpenAt, usFederalHolidays } from "@clinic/sip-voice";
 *
 * const day = [{ from: "08:00", to: "12:30" }, { from: "13:30", to: "18:00" }];
 * const hours: OpeningHours = {
 *   timeZone: "America/Los_Angeles",
 *   week: { 1: day, 2: day, 3: day, 4: day, 5: [{ from: "08:00", to: "15:00" }] },
 *   holidays: usFederalHolidays,
 *   dates: { "2026-12-24": [{ from: "08:00", to: "12:00" }], "2026-12-31": [] },
 * };
 * console.log(isOpenAt(hours, Date.parse("2026-11-23T12:45:00-08:00"))); // false: a break
 * ```
 */
export interface OpeningHours {
  /** The clinic's IANA time zone. */
  readonly timeZone: string;
  /** The hours of each ISO weekday, 1 Monday to 7 Sunday; a day without hours is closed. */
  readonly week: Readonly<Partial<Record<1 | 2 | 3 | 4 | 5 | 6 | 7, readonly CallingHours[]>>>;
  /** Holidays, on which nobody is there; none unless given. */
  readonly holidays?: readonly HolidayRule[];
  /** Dates (`YYYY-MM-DD`) with hours of their own, in place of the weekday's and of a holiday; an empty list is closed. */
  readonly dates?: Readonly<Record<string, readonly CallingHours[]>>;
}

/**
 * Whether somebody is there at an instant (milliseconds since 1970). Where the clock is changed, an hour that comes twice
 * opens the second time and closes the first.
 *
 * @example
 * ```ts
 * import { isOpenAt } from "@clinic/sip-voice";
 *
 * const always = [{ from: "00:00", to: "24:00" }];
 * const weekdays = { timeZone: "Europe/Berlin", week: { 1: always, 2: always, 3: always, 4: always, 5: always } };
 * console.log(isOpenAt(weekdays, Date.parse("2026-11-22T12:00:00Z"))); // false: a Sunday
 * ```
 */
export function isOpenAt({ timeZone, week, holidays = [], dates = {} }: OpeningHours, at: number): boolean {
  const day = calendarDay(timeZone, at);
  const hours = dates[day.iso] ?? (holidayOn(holidays, day) ? [] : (week[day.weekday] ?? []));
  return hours.some(
    ({ from, to }) => instantOn(day, from, "later") <= at && at < instantOn(day, to, "earlier"),
  );
}

const timeOfDay = /^(?:[01]\d|2[0-3]):[0-5]\d$/;

function wrongInHours(path: string, hours: unknown): string | undefined {
  if (!Array.isArray(hours)) return path;
  for (const [index, one] of (hours as Partial<CallingHours>[]).entries()) {
    const { from = "", to = "" } = one ?? {};
    if (!timeOfDay.test(from)) return `${path}.${index}.from`;
    if ((!timeOfDay.test(to) && to !== "24:00") || to <= from) return `${path}.${index}.to`;
  }
  return undefined;
}

function isTimeZone(zone: unknown): boolean {
  try {
    return typeof zone === "string" && calendarDay(zone, 0).zone === zone;
  } catch {
    return false;
  }
}

function wrongIn({ timeZone, week, dates = {} }: OpeningHours): string | undefined {
  if (!isTimeZone(timeZone)) return "timeZone";
  if (typeof week !== "object" || week === null) return "week";
  for (const [day, hours] of Object.entries(week)) {
    const wrong = /^[1-7]$/.test(day) ? wrongInHours(`week.${day}`, hours) : `week.${day}`;
    if (wrong) return wrong;
  }
  for (const [date, hours] of Object.entries(dates)) {
    const isDate = /^\d{4}-\d\d-\d\d$/.test(date) && new Date(date).toJSON()?.startsWith(date);
    const wrong = isDate ? wrongInHours(`dates.${date}`, hours) : `dates.${date}`;
    if (wrong) return wrong;
  }
  return undefined;
}

/**
 * Checks hours that types could not check: a time that can't be read would come to light only on its day of the week.
 *
 * @throws SipVoiceError `invalid-option`; `field` names the first field that is wrong, below `path`
 */
export function checkOpeningHours(hours: OpeningHours, path: string): void {
  const wrong = wrongIn(hours);
  if (wrong === undefined) return;
  throw new SipVoiceError("invalid-option", `${path}.${wrong} is missing or has the wrong shape.`, {
    field: `${path}.${wrong}`,
    remedy:
      "Days are 1 (Monday) to 7, dates YYYY-MM-DD, times HH:MM and later than the one before, the zone an IANA name.",
  });
}
