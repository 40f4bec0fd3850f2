import { describe, expect, it } from "vitest";
import { slotSpan } from "./slot-span.ts";

const zone = "America/Los_Angeles";
const now = Date.parse("2026-10-30T10:00:00-07:00");
const inThreeWeeks = new Date(now + 21 * 86_400_000).toISOString();
const soon = new Date(now).toISOString();

describe("slotSpan", () => {
  it.each([
    { asked: {}, from: soon, to: inThreeWeeks },
    { asked: { from: "2026-11-02" }, from: "2026-11-02T08:00:00.000Z", to: inThreeWeeks },
    // A day has 25 hours when the clocks go back.
    {
      asked: { from: "2026-11-01", to: "2026-11-01" },
      from: "2026-11-01T07:00:00.000Z",
      to: "2026-11-02T08:00:00.000Z",
    },
    // Today is what is left of it.
    { asked: { from: "2026-10-30", to: "2026-10-30" }, from: soon, to: "2026-10-31T07:00:00.000Z" },
    { asked: { from: "2020-01-01" }, from: soon, to: inThreeWeeks },
    {
      asked: { from: "2026-11-02T13:00:00-08:00", to: "2026-11-02T17:00:00-08:00" },
      from: "2026-11-02T21:00:00.000Z",
      to: "2026-11-03T01:00:00.000Z",
    },
    { asked: { from: "", to: "" }, from: soon, to: inThreeWeeks },
    { asked: { from: "next Friday", to: "whenever" }, from: soon, to: inThreeWeeks },
    { asked: { from: "2026-02-31", to: "2026-13-01" }, from: soon, to: inThreeWeeks },
  ])("is $from to $to for $asked", ({ asked, from, to }) => {
    expect(slotSpan(asked, zone, now)).toEqual({ from, to });
  });

  it("goes by the days of the clinic's zone", () => {
    const asked = { from: "2026-11-02", to: "2026-11-02" };
    expect(slotSpan(asked, "Asia/Dubai", now)).toEqual({
      from: "2026-11-01T20:00:00.000Z",
      to: "2026-11-02T20:00:00.000Z",
    });
  });
});
