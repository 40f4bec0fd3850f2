import { describe, expect, it } from "vitest";
import { startOfDay } from "./calling-times.ts";

describe("startOfDay", () => {
  it.each<[string, readonly string[], string, number, string]>([
    ["today", ["America/Los_Angeles"], "2026-11-23T10:00:00-08:00", 0, "2026-11-23T00:00:00-08:00"],
    [
      "at midnight itself",
      ["America/Los_Angeles"],
      "2026-11-23T00:00:00-08:00",
      0,
      "2026-11-23T00:00:00-08:00",
    ],
    ["six days back", ["America/Los_Angeles"], "2026-11-23T10:00:00-08:00", 6, "2026-11-17T00:00:00-08:00"],
    [
      "six days back over the end of summer time",
      ["America/Los_Angeles"],
      "2026-11-03T10:00:00-08:00",
      6,
      "2026-10-28T00:00:00-07:00",
    ],
    [
      "in the zone where it began first",
      ["America/Chicago", "America/New_York"],
      "2026-11-23T10:00:00-05:00",
      0,
      "2026-11-23T00:00:00-05:00",
    ],
    [
      "where it is still yesterday",
      ["America/Chicago", "America/New_York"],
      "2026-11-23T00:30:00-05:00",
      0,
      "2026-11-22T00:00:00-06:00",
    ],
    [
      "on a day without a midnight",
      ["America/Havana"],
      "2026-03-08T10:00:00-04:00",
      0,
      "2026-03-08T01:00:00-04:00",
    ],
    [
      "six days before such a day",
      ["America/Havana"],
      "2026-03-08T10:00:00-04:00",
      6,
      "2026-03-02T00:00:00-05:00",
    ],
  ])("%s", (_, zones, now, daysBefore, expected) => {
    expect(startOfDay(zones, Date.parse(now), daysBefore)).toBe(Date.parse(expected));
  });
});
