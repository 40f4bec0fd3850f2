import type { CalendarDay } from "./calendar-day.ts";

/** A holiday, as the rule by which it comes every year. */
export type HolidayRule =
  /** A date. On a Saturday the Friday before is closed too, on a Sunday the Monday after, where `observed` says so. */
  | { readonly name: string; readonly month: number; readonly day: number; readonly observed: boolean }
  /** The nth ISO weekday (1 Monday to 7 Sunday) of a month; -1 is the last. */
  | { readonly name: string; readonly month: number; readonly weekday: number; readonly nth: number };

/**
 * The holidays of the United States' federal government, with the days on which it observes them.
 * Source: 5 U.S.C. 6103(a) and (b); Executive Order 11582 for holidays on a Sunday.
 *
 * @example
 * ```ts
 * import { type CallingPolicy, defaultCallingPolicy, usFederalHolidays } from "@clinic/sip-voice";
 *
 * // Open on Columbus Day, closed on Christmas Eve.
 * const holidays = usFederalHolidays.filter(({ name }) => name !== "Columbus Day");
 * const policy: CallingPolicy = { ...defaultCallingPolicy, holidays, closedDates: ["2026-12-24"] };
 * ```
 */
export const usFederalHolidays: readonly HolidayRule[] = [
  { name: "New Year's Day", month: 1, day: 1, observed: true },
  { name: "Birthday of Martin Luther King, Jr.", month: 1, weekday: 1, nth: 3 },
  { name: "Washington's Birthday", month: 2, weekday: 1, nth: 3 },
  { name: "Memorial Day", month: 5, weekday: 1, nth: -1 },
  { name: "Juneteenth", month: 6, day: 19, observed: true },
  { name: "Independence Day", month: 7, day: 4, observed: true },
  { name: "Labor Day", month: 9, weekday: 1, nth: 1 },
  { name: "Columbus Day", month: 10, weekday: 1, nth: 2 },
  { name: "Veterans Day", month: 11, day: 11, observed: true },
  { name: "Thanksgiving Day", month: 11, weekday: 4, nth: 4 },
  { name: "Christmas Day", month: 12, day: 25, observed: true },
];

/** The holiday that a day is, or is observed for. Over the turn of the year too: 31 December 2027 is closed for 1 January. */
export function holidayOn(
  rules: readonly HolidayRule[],
  {
    month,
    day,
    weekday,
    daysInMonth,
    weekendBeside,
  }: Omit<CalendarDay, "zone" | "iso" | "startsAt" | "endsAt">,
): HolidayRule | undefined {
  return rules.find((rule) => {
    if ("weekday" in rule) {
      if (month !== rule.month || weekday !== rule.weekday) return false;
      return rule.nth === -1 ? day + 7 > daysInMonth : Math.ceil(day / 7) === rule.nth;
    }
    if (month === rule.month && day === rule.day) return true;
    return rule.observed && weekendBeside?.month === rule.month && weekendBeside.day === rule.day;
  });
}
