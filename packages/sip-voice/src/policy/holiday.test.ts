import { describe, expect, it } from "vitest";
import { calendarDay } from "./calendar-day.ts";
import { holidayOn, usFederalHolidays } from "./holiday.ts";

/** Every closed date of a year. */
function closedDates(year: number): string[] {
  const dates: string[] = [];
  const end = Date.UTC(year + 1, 0, 1);
  for (
    let day = calendarDay("UTC", Date.UTC(year, 0, 1));
    day.startsAt < end;
    day = calendarDay("UTC", day.endsAt)
  )
    if (holidayOn(usFederalHolidays, day)) dates.push(day.iso.slice(5));
  return dates;
}

describe("federal holidays of the United States", () => {
  // The dates that the Office of Personnel Management lists, with the Saturdays and Sundays themselves.
  it.each<[number, string]>([
    [2026, "01-01 01-19 02-16 05-25 06-19 07-03 07-04 09-07 10-12 11-11 11-26 12-25"],
    [2027, "01-01 01-18 02-15 05-31 06-18 06-19 07-04 07-05 09-06 10-11 11-11 11-25 12-24 12-25 12-31"],
    [2028, "01-01 01-17 02-21 05-29 06-19 07-04 09-04 10-09 11-10 11-11 11-23 12-25"],
  ])("of %i", (year, dates) => {
    expect(closedDates(year).join(" ")).toBe(dates);
  });

  it("are not moved where a rule does not say so", () => {
    const christmas = [{ name: "Christmas", month: 12, day: 25, observed: false }];
    expect(holidayOn(christmas, calendarDay("UTC", Date.UTC(2027, 11, 24)))).toBeUndefined();
    expect(holidayOn(christmas, calendarDay("UTC", Date.UTC(2027, 11, 25)))).toBe(christmas[0]);
  });
});
