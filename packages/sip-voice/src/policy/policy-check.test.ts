import { describe, expect, it } from "vitest";
import { type CallingPolicy, defaultCallingPolicy, strictCallingPolicy } from "./calling-policy.ts";
import { checkCallingPolicy } from "./policy-check.ts";

describe("a policy that types could not check", () => {
  const hours = (from: unknown, to: unknown) => ({ window: { 7: { from, to } } });

  it.each<[string, unknown, string]>([
    ["a time without its zero", hours("9:00", "21:00"), "policy.window.7.from"],
    ["a time that does not exist", hours("25:00", "26:00"), "policy.window.7.from"],
    ["an end after the day's", hours("08:00", "24:01"), "policy.window.7.to"],
    ["hours without an end", hours("08:00", undefined), "policy.window.7.to"],
    ["a number as a time", hours(8, 21), "policy.window.7.from"],
    ["a word as a day", { window: { monday: { from: "08:00", to: "21:00" } } }, "policy.window.monday"],
    ["no window", { window: undefined }, "policy.window"],
    [
      "a bad regular expression",
      { windowExceptions: [{ numbers: "+1(", window: {} }] },
      "policy.windowExceptions.0.numbers",
    ],
    [
      "an exception without numbers",
      { windowExceptions: [{ window: {} }] },
      "policy.windowExceptions.0.numbers",
    ],
    [
      "an exception without a window",
      { windowExceptions: [{ numbers: "^x" }] },
      "policy.windowExceptions.0.window",
    ],
    ["no exceptions", { windowExceptions: undefined }, "policy.windowExceptions"],
    ["no destinations", { destinations: undefined }, "policy.destinations.countries"],
    ["a switch that is a text", { stopped: "false" }, "policy.stopped"],
    [
      "a missing cap",
      { caps: { ...defaultCallingPolicy.caps, concurrency: undefined } },
      "policy.caps.concurrency",
    ],
    [
      "a cap that is no number",
      { caps: { ...defaultCallingPolicy.caps, perNumberPerDay: Number.NaN } },
      "policy.caps.perNumberPerDay",
    ],
    ["no place rules", { placeRules: undefined }, "policy.placeRules"],
    ["a place in words", { placeRules: [{ place: "Florida", window: {} }] }, "policy.placeRules.0.place"],
    ["a place without a window", { placeRules: [{ place: "US-FL" }] }, "policy.placeRules.0.window"],
    ["no holidays", { holidays: undefined }, "policy.holidays"],
    [
      "a holiday in no month",
      { holidays: [{ month: 13, day: 1, observed: true }] },
      "policy.holidays.0.month",
    ],
    ["a holiday on no day", { holidays: [{ month: 1, observed: true }] }, "policy.holidays.0.day"],
    ["a holiday that may be observed", { holidays: [{ month: 1, day: 1 }] }, "policy.holidays.0.observed"],
    [
      "a holiday on no weekday",
      { holidays: [{ month: 1, weekday: 0, nth: 1 }] },
      "policy.holidays.0.weekday",
    ],
    ["a holiday in no week", { holidays: [{ month: 1, weekday: 1, nth: 0 }] }, "policy.holidays.0.nth"],
    ["a date in American", { closedDates: ["12/24/2026"] }, "policy.closedDates.0"],
    ["a date that does not exist", { closedDates: ["2026-12-24", "2026-02-29"] }, "policy.closedDates.1"],
    ["no consent rules", { consent: undefined }, "policy.consent.bases"],
    [
      "a consent that expires at once",
      { consent: { bases: [], expiresAfterDays: 0 } },
      "policy.consent.expiresAfterDays",
    ],
    ["no caps", { caps: undefined }, "policy.caps.perNumberPerDay"],
  ])("is refused whatever day it is: %s", (_, wrong, field) => {
    const broken = { ...defaultCallingPolicy, ...(wrong as object) } as CallingPolicy;
    expect(() => checkCallingPolicy(broken)).toThrow(
      expect.objectContaining({ code: "invalid-option", field }),
    );
  });

  it("is refused when there is none", () => {
    expect(() => checkCallingPolicy(null as never)).toThrow(expect.objectContaining({ field: "policy" }));
  });

  it("may hold every field", () => {
    const closedDates = ["2028-02-29", "2026-12-24"];
    const all = { ...defaultCallingPolicy, closedDates, consent: { bases: [], expiresAfterDays: 365 } };
    expect(() => checkCallingPolicy(all)).not.toThrow();
    expect(() => checkCallingPolicy(strictCallingPolicy)).not.toThrow();
  });
});
