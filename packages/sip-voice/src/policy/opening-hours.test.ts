import { describe, expect, it } from "vitest";
import { usFederalHolidays } from "./holiday.ts";
import { checkOpeningHours, isOpenAt, type OpeningHours } from "./opening-hours.ts";

const day = [
  { from: "08:00", to: "12:30" },
  { from: "13:30", to: "18:00" },
];
const hours: OpeningHours = {
  timeZone: "America/Los_Angeles",
  week: { 1: day, 2: day, 3: day, 4: day, 5: [{ from: "08:00", to: "15:00" }] },
  holidays: usFederalHolidays,
  dates: { "2026-12-24": [{ from: "08:00", to: "12:00" }], "2026-12-31": [], "2026-11-11": day },
};
const openAt = (instant: string, of: OpeningHours = hours): boolean => isOpenAt(of, Date.parse(instant));

describe("isOpenAt", () => {
  it.each([
    ["2026-11-23T07:59:59-08:00", false, "before it opens"],
    ["2026-11-23T08:00:00-08:00", true, "as it opens"],
    ["2026-11-23T12:30:00-08:00", false, "as the break begins"],
    ["2026-11-23T13:30:00-08:00", true, "after the break"],
    ["2026-11-23T18:00:00-08:00", false, "as it closes"],
    ["2026-11-27T14:59:00-08:00", true, "on a Friday"],
    ["2026-11-27T15:00:00-08:00", false, "on a Friday, which closes early"],
    ["2026-11-22T10:00:00-08:00", false, "on a Sunday"],
    ["2026-11-23T20:00:00Z", true, "by the clinic's clock, not by the caller's"],
    ["2026-11-26T10:00:00-08:00", false, "on Thanksgiving Day"],
    ["2026-11-11T10:00:00-08:00", true, "on a holiday with hours of its own"],
    ["2026-12-24T11:00:00-08:00", true, "in the hours of a date"],
    ["2026-12-24T13:30:00-08:00", false, "after the hours of a date"],
    ["2026-12-31T10:00:00-08:00", false, "on a date that is closed"],
  ])("%s: %s, %s", (instant, open) => {
    expect(openAt(instant)).toBe(open);
  });

  it("goes by the wall clock when it is changed", () => {
    const night: OpeningHours = {
      timeZone: "America/Los_Angeles",
      week: { 7: [{ from: "01:30", to: "09:00" }] },
    };
    // 1 November 2026, 1:30 comes twice; 8 March 2026, 2:00 to 3:00 does not come.
    expect(openAt("2026-11-01T01:30:00-07:00", night)).toBe(false);
    expect(openAt("2026-11-01T01:30:00-08:00", night)).toBe(true);
    expect(openAt("2026-11-01T08:59:00-08:00", night)).toBe(true);
    expect(openAt("2026-11-01T09:00:00-08:00", night)).toBe(false);
    expect(openAt("2026-03-08T08:59:00-07:00", night)).toBe(true);
    expect(openAt("2026-03-08T09:00:00-07:00", night)).toBe(false);
  });

  it("is open to the end of a day of 23 or 25 hours", () => {
    const allDay: OpeningHours = {
      timeZone: "Europe/Berlin",
      week: { 7: [{ from: "00:00", to: "24:00" }] },
    };
    expect(openAt("2026-10-25T22:59:59Z", allDay)).toBe(true);
    expect(openAt("2026-10-25T23:00:00Z", allDay)).toBe(false);
    expect(openAt("2026-03-29T21:59:59Z", allDay)).toBe(true);
    expect(openAt("2026-03-29T22:00:00Z", allDay)).toBe(false);
  });
});

describe("checkOpeningHours", () => {
  it("takes good hours", () => {
    expect(() => checkOpeningHours(hours, "operator.openingHours")).not.toThrow();
  });

  it.each<[string, unknown]>([
    ["timeZone", { ...hours, timeZone: "Pacific" }],
    ["timeZone", { ...hours, timeZone: undefined }],
    ["week", { ...hours, week: undefined }],
    ["week.0", { ...hours, week: { 0: day } }],
    ["week.1", { ...hours, week: { 1: { from: "08:00", to: "09:00" } } }],
    ["week.1.0.from", { ...hours, week: { 1: [{ from: "8:00", to: "09:00" }] } }],
    ["week.1.0.to", { ...hours, week: { 1: [{ from: "18:00", to: "08:00" }] } }],
    ["week.1.0.to", { ...hours, week: { 1: [{ from: "18:00", to: "25:00" }] } }],
    ["week.1.0.from", { ...hours, week: { 1: [null] } }],
    ["dates.2026-02-30", { ...hours, dates: { "2026-02-30": [] } }],
    ["dates.24.12.", { ...hours, dates: { "24.12.": [] } }],
  ])("names %s", (field, wrong) => {
    expect(() => checkOpeningHours(wrong as OpeningHours, "hours")).toThrow(
      expect.objectContaining({ code: "invalid-option", field: `hours.${field}` }),
    );
  });
});
