import { describe, expect, it } from "vitest";
import { parsePhoneNumber } from "../phone/phone-number.ts";
import { attemptCaps, type PolicyCap } from "./attempt-caps.ts";
import { type CallingPolicy, defaultCallingPolicy } from "./calling-policy.ts";
import type { Consent } from "./contact-preferences.ts";
import { decide, decideCapped, type PolicyDecision, type PolicyFacts, type PolicyRule } from "./decision.ts";

const consent: Consent = { basis: "given-at-booking", recordedAt: "2026-01-01T09:00:00Z" };
const nothing = { consent: undefined, optedOutAt: undefined };

function facts(more: Partial<PolicyFacts> & { readonly at?: string } = {}): PolicyFacts {
  const { at = "2026-11-23T10:00:00-08:00", ...rest } = more;
  return {
    phoneNumber: parsePhoneNumber("+15105550111"),
    now: Date.parse(at),
    consent,
    preference: nothing,
    ...rest,
  };
}

function rulesOf(decision: PolicyDecision): readonly PolicyRule[] {
  return decision.allowed ? [] : decision.reasons.map(({ rule }) => rule);
}

function policy(more: Partial<CallingPolicy> = {}): CallingPolicy {
  return { ...defaultCallingPolicy, ...more };
}

const weekdays = { from: "10:00", to: "18:00" };
const strict = policy({ window: { 1: weekdays, 2: weekdays, 3: weekdays, 4: weekdays, 5: weekdays } });

/** The earliest allowed instant, after a check that it is the earliest. */
function earliestOf(rules: CallingPolicy, about: PolicyFacts): string | undefined {
  const decision = decide(rules, about);
  if (decision.allowed) throw new Error("it is allowed already");
  const { earliest } = decision;
  if (earliest === undefined) return undefined;
  expect(earliest).toBeGreaterThan(about.now);
  expect(decide(rules, { ...about, now: earliest })).toMatchObject({ allowed: true });
  expect(rulesOf(decide(rules, { ...about, now: earliest - 1 }))).toEqual(["window"]);
  return new Date(earliest).toISOString();
}

describe("the calling window", () => {
  it.each([
    ["+15105550111", "2026-11-23T07:59:59.999-08:00", false],
    ["+15105550111", "2026-11-23T08:00:00-08:00", true],
    ["+15105550111", "2026-11-23T20:59:59.999-08:00", true],
    ["+15105550111", "2026-11-23T21:00:00-08:00", false],
    ["+12125550111", "2026-11-23T08:00:00-05:00", true],
    ["+12125550111", "2026-11-23T07:59:59-05:00", false],
    ["+12125550111", "2026-11-23T18:00:00-08:00", false],
    ["+18085550111", "2026-11-23T08:00:00-10:00", true],
    ["+18085550111", "2026-11-23T09:59:59-08:00", false],
  ])("%s at %s: %s", (number, at, allowed) => {
    expect(decide(policy(), facts({ phoneNumber: parsePhoneNumber(number), at })).allowed).toBe(allowed);
  });

  it.each([
    ["2026-11-23T03:00:00-08:00", "2026-11-23T16:00:00.000Z", "later today"],
    ["2026-11-23T21:00:00-08:00", "2026-11-24T16:00:00.000Z", "tomorrow"],
    ["2026-12-31T23:30:00-08:00", "2027-01-02T16:00:00.000Z", "next year, after its first day"],
    ["2026-03-07T22:00:00-08:00", "2026-03-08T15:00:00.000Z", "the day on which summer time begins"],
    ["2026-10-31T22:00:00-07:00", "2026-11-01T16:00:00.000Z", "the day on which it ends"],
  ])("refuses at %s until %s: %s", (at, earliest) => {
    expect(earliestOf(policy(), facts({ at }))).toBe(earliest);
  });

  it.each([
    ["2026-11-20T18:00:00-08:00", "2026-11-23T18:00:00.000Z", "closed days are skipped"],
    ["2026-11-21T12:00:00-08:00", "2026-11-23T18:00:00.000Z", "on a closed day"],
    ["2026-11-22T23:59:59-08:00", "2026-11-23T18:00:00.000Z", "at a closed day's end"],
  ])("of Monday to Friday refuses at %s until %s: %s", (at, earliest) => {
    expect(earliestOf(strict, facts({ at }))).toBe(earliest);
  });

  it("of one day a week opens again after a week", () => {
    const mondays = policy({ window: { 1: weekdays } });
    expect(earliestOf(mondays, facts({ at: "2026-11-23T18:00:00-08:00" }))).toBe("2026-11-30T18:00:00.000Z");
  });

  it("that never opens refuses without an earliest moment", () => {
    expect(decide(policy({ window: {} }), facts())).toMatchObject({
      allowed: false,
      reasons: [{ rule: "window" }],
    });
    expect(earliestOf(policy({ window: {} }), facts())).toBeUndefined();
  });

  it("whose end comes before its beginning, or with it, is closed", () => {
    for (const hours of [
      { from: "21:00", to: "08:00" },
      { from: "08:00", to: "08:00" },
    ]) {
      const window = Object.fromEntries([1, 2, 3, 4, 5, 6, 7].map((day) => [day, hours]));
      for (let hour = 0; hour < 24; hour++) {
        const about = facts({ now: Date.parse("2026-11-23T00:00:00-08:00") + hour * 3_600_000 });
        expect(decide(policy({ window }), about).allowed, `${hours.from} ${hour}`).toBe(false);
      }
    }
  });

  it.each([
    ["2026-11-22T23:59:59.999-08:00", false],
    ["2026-11-23T00:00:00-08:00", true],
    ["2026-11-23T23:59:59.999-08:00", true],
    ["2026-11-24T00:00:00-08:00", false],
  ])("until 24:00 lasts the whole day: %s %s", (at, allowed) => {
    expect(decide(policy({ window: { 1: { from: "00:00", to: "24:00" } } }), facts({ at })).allowed).toBe(
      allowed,
    );
  });

  it("until 24:00 ends at midnight also on the day whose own midnight was skipped", () => {
    // In Havana summer time begins at midnight: 8 March 2026 begins at 01:00.
    const sunday = policy({ window: { 7: { from: "00:00", to: "24:00" } }, placeRules: [] });
    const at = (text: string) => decide(sunday, facts({ timeZone: "America/Havana", at: text })).allowed;
    expect(at("2026-03-08T01:00:00-04:00")).toBe(true);
    expect(at("2026-03-08T23:59:59-04:00")).toBe(true);
    expect(at("2026-03-09T00:00:00-04:00")).toBe(false);
    expect(at("2026-03-09T00:30:00-04:00")).toBe(false);
  });

  it.each([
    ["2026-03-08T06:59:59-08:00", false],
    ["2026-03-08T08:00:00-07:00", true],
    ["2026-03-08T20:59:59-07:00", true],
    ["2026-03-08T21:00:00-07:00", false],
    ["2026-11-01T07:59:59-08:00", false],
    ["2026-11-01T08:00:00-08:00", true],
    ["2026-11-01T21:00:00-08:00", false],
  ])("goes by the clock on the wall on days when that changes: %s %s", (at, allowed) => {
    expect(decide(policy(), facts({ at })).allowed).toBe(allowed);
  });

  it("is the patient's own where the patient's zone is known", () => {
    const early = "2026-11-23T10:30:00-05:00";
    expect(decide(policy(), facts({ at: early, timeZone: "America/New_York" }))).toMatchObject({
      allowed: true,
      zones: ["America/New_York"],
    });
    expect(decide(policy(), facts({ at: early })).allowed).toBe(false);
  });
});

describe("a number in two time zones", () => {
  const phoneNumber = parsePhoneNumber("+18505550111");

  it.each([
    ["2026-11-23T08:30:00-05:00", false],
    ["2026-11-23T09:00:00-05:00", true],
    ["2026-11-23T19:59:59-05:00", true],
    ["2026-11-23T20:00:00-05:00", false],
  ])("may be called only when both are inside the window: %s %s", (at, allowed) => {
    expect(decide(policy(), facts({ phoneNumber, at })).allowed).toBe(allowed);
  });

  it("has its earliest moment when the last of them opens", () => {
    expect(earliestOf(policy(), facts({ phoneNumber, at: "2026-11-23T21:30:00-05:00" }))).toBe(
      "2026-11-24T14:00:00.000Z",
    );
  });

  it("is never called under a window that is never open in both", () => {
    const hour = { from: "08:00", to: "09:00" };
    const short = policy({ window: Object.fromEntries([1, 2, 3, 4, 5, 6, 7].map((day) => [day, hour])) });
    expect(earliestOf(short, facts({ phoneNumber }))).toBeUndefined();
  });

  it("has an earliest moment that holds, at every hour of two weeks", () => {
    const start = Date.parse("2026-10-25T00:30:00Z");
    for (let hour = 0; hour < 14 * 24; hour += 5) {
      const about = facts({ phoneNumber, now: start + hour * 3_600_000 });
      if (!decide(strict, about).allowed) expect(earliestOf(strict, about)).toBeDefined();
    }
  });
});

describe("windows for some numbers", () => {
  const usual = Object.fromEntries([1, 2, 3, 4, 5, 6, 7].map((day) => [day, { from: "00:00", to: "24:00" }]));
  const rules = policy({
    windowExceptions: [
      { numbers: "^\\+1\\d{3}55501\\d\\d$", window: usual },
      { numbers: "^\\+1510", window: {} },
    ],
  });
  const night = "2026-11-23T03:00:00-08:00";

  it("open it for the numbers that match, the first that matches counts", () => {
    expect(decide(rules, facts({ at: night })).allowed).toBe(true);
  });

  it("leave it as it is for the others", () => {
    const phoneNumber = parsePhoneNumber("+12125550211");
    expect(decide(rules, facts({ phoneNumber, at: night })).allowed).toBe(false);
    expect(decide(rules, facts({ phoneNumber, at: "2026-11-23T10:00:00-05:00" })).allowed).toBe(true);
    expect(rulesOf(decide(rules, facts({ phoneNumber: parsePhoneNumber("+15105550211") })))).toEqual([
      "window",
    ]);
  });
});

describe("destinations", () => {
  it.each([
    ["+15105550111", true],
    ["+14165550123", true],
    ["+18005550199", false],
    ["+19005550100", false],
    ["+15005550100", false],
    ["+18765550100", false],
    ["+881655501000", false],
    ["+870773550100", false],
    ["+979155501000", false],
    ["+447005550100", false],
  ])("%s: %s", (number, allowed) => {
    const decision = decide(
      policy(),
      facts({ phoneNumber: parsePhoneNumber(number), timeZone: "America/Los_Angeles" }),
    );
    expect(rulesOf(decision)).toEqual(allowed ? [] : ["destination"]);
  });

  it("are refused without repeating the number", () => {
    const decision = decide(policy(), facts({ phoneNumber: parsePhoneNumber("+19005550100") }));
    expect(JSON.stringify(decision)).not.toContain("5550100");
  });
});

describe("consent", () => {
  it.each<[string, Consent | undefined, Consent | undefined, boolean]>([
    ["none at all", undefined, undefined, false],
    ["given with the call", consent, undefined, true],
    ["on record", undefined, consent, true],
    ["recorded in the future", { ...consent, recordedAt: "2027-01-01T00:00:00Z" }, undefined, false],
    ["on record from the future", undefined, { ...consent, recordedAt: "2027-01-01T00:00:00Z" }, false],
    ["without a date", { basis: "spoken" } as Consent, undefined, false],
    ["with a date that cannot be read", { ...consent, recordedAt: "last spring" }, undefined, false],
    ["with an empty date", { ...consent, recordedAt: "" }, undefined, false],
    ["recorded at this very moment", { ...consent, recordedAt: "2026-11-23T18:00:00Z" }, undefined, true],
  ])("%s: %s %s allowed %s", (_, given, recorded, allowed) => {
    const decision = decide(
      policy(),
      facts({ consent: given, preference: { consent: recorded, optedOutAt: undefined } }),
    );
    expect(rulesOf(decision)).toEqual(allowed ? [] : ["consent"]);
  });
});

describe("a refusal", () => {
  it("by opt-out is stronger than any consent, also one that came later, and time does not lift it", () => {
    const preference = {
      consent: { ...consent, recordedAt: "2026-11-01T00:00:00Z" },
      optedOutAt: "2026-10-01T00:00:00Z",
    };
    const decision = decide(policy(), facts({ preference }));
    expect(rulesOf(decision)).toEqual(["do-not-call"]);
    expect(decision).not.toHaveProperty("earliest");
  });

  it("by an opt-out whose date cannot be read holds all the same", () => {
    expect(rulesOf(decide(policy(), facts({ preference: { consent, optedOutAt: "" } })))).toEqual([
      "do-not-call",
    ]);
  });

  it("by the switch stops everything", () => {
    expect(rulesOf(decide(policy({ stopped: true }), facts()))).toEqual(["stopped"]);
  });

  it("names every reason at once, and no moment when not time alone would lift it", () => {
    const decision = decide(policy({ stopped: true }), {
      phoneNumber: parsePhoneNumber("+19005550100"),
      now: Date.parse("2026-11-23T03:00:00-08:00"),
      timeZone: "America/Los_Angeles",
      preference: { consent: undefined, optedOutAt: "2026-10-01T00:00:00Z" },
    });
    expect(rulesOf(decision)).toEqual(["stopped", "destination", "consent", "do-not-call", "window"]);
    expect(decision).not.toHaveProperty("earliest");
  });

  it("for want of a time zone, where none is known", () => {
    const anywhere = policy({ destinations: { countries: ["ZZ"], kinds: ["mobile"] } });
    const phoneNumber = parsePhoneNumber("+881655501000");
    expect(rulesOf(decide(anywhere, facts({ phoneNumber })))).toContain("zone");
  });

  it.each(["Mars/Olympus", "PST8PDT!", "Maria", "+25:00"])(
    "for a patient's time zone that does not exist: %s",
    (timeZone) => {
      const decision = decide(policy(), facts({ timeZone }));
      expect(rulesOf(decision)).toEqual(["zone"]);
      expect(JSON.stringify(decision)).not.toContain(timeZone);
    },
  );
});

describe("the hours of a place", () => {
  const miami = parsePhoneNumber("+13055550111");

  it.each<[string, Partial<PolicyFacts>, string, boolean]>([
    ["Florida ends at 20:00", { phoneNumber: miami }, "2026-11-23T20:00:00-05:00", false],
    ["not so New York", { phoneNumber: parsePhoneNumber("+12125550111") }, "2026-11-23T20:00:00-05:00", true],
    [
      "the state on file goes first",
      { phoneNumber: miami, place: "US-NY" },
      "2026-11-23T20:00:00-05:00",
      true,
    ],
    [
      "Texas begins at noon on Sunday",
      { phoneNumber: parsePhoneNumber("+15125550111") },
      "2026-11-22T12:59:59-05:00",
      false,
    ],
    [
      "and is open then",
      { phoneNumber: parsePhoneNumber("+15125550111") },
      "2026-11-22T12:00:00-06:00",
      true,
    ],
    [
      "who moved is where it is strictest",
      { timeZone: "America/New_York" },
      "2026-11-23T09:59:59-05:00",
      false,
    ],
    ["and may be called inside of all", { timeZone: "America/New_York" }, "2026-11-23T17:59:59-05:00", true],
  ])("%s", (_, more, at, allowed) => {
    expect(rulesOf(decide(policy(), facts({ ...more, at })))).toEqual(allowed ? [] : ["window"]);
  });

  it("leave out a Sunday that the state keeps free, and say when it is over", () => {
    const phoneNumber = parsePhoneNumber("+12055550111");
    expect(earliestOf(policy(), facts({ phoneNumber, at: "2026-11-21T20:00:00-06:00" }))).toBe(
      "2026-11-23T14:00:00.000Z",
    );
  });

  it("refuse for a place that nobody has heard of", () => {
    expect(rulesOf(decide(policy(), facts({ place: "US-ZZ" })))).toEqual(["place", "zone"]);
  });
});

describe("closed days", () => {
  const closedRules = (decision: PolicyDecision) => rulesOf(decision);

  it.each<[string, Partial<PolicyFacts> & { at: string }, readonly PolicyRule[]]>([
    ["Thanksgiving", { at: "2026-11-26T12:00:00-08:00" }, ["closed-day"]],
    ["the night of it, with both reasons", { at: "2026-11-26T03:00:00-08:00" }, ["window", "closed-day"]],
    ["the last moment before it", { at: "2026-11-25T20:59:59.999-08:00" }, []],
    ["a holiday on Saturday, on the Friday", { at: "2026-07-03T12:00:00-07:00" }, ["closed-day"]],
    ["the new year of New York, in California", { at: "2026-12-31T20:30:00-08:00" }, []],
  ])("%s", (_, about, rules) => {
    expect([...closedRules(decide(policy(), facts(about)))].sort()).toEqual([...rules].sort());
  });

  it("go by the callee's date: what is closed in one of the zones is closed", () => {
    const always = { from: "00:00", to: "24:00" };
    const night = policy({ window: { 4: always, 5: always }, placeRules: [] });
    const phoneNumber = parsePhoneNumber("+18505550111");
    // 00:30 on the day after Thanksgiving in New York, 23:30 on Thanksgiving in Chicago.
    expect(rulesOf(decide(night, facts({ phoneNumber, at: "2026-11-27T00:30:00-05:00" })))).toEqual([
      "closed-day",
    ]);
    expect(rulesOf(decide(night, facts({ phoneNumber, at: "2026-11-27T01:00:00-05:00" })))).toEqual([]);
  });

  it("are skipped by the earliest moment, over holidays, own dates and weekends together", () => {
    const rules = { ...strict, closedDates: ["2026-11-27", "2026-11-30"] };
    const decision = decide(rules, facts({ at: "2026-11-25T18:00:00-08:00" }));
    expect(decision).toMatchObject({ earliest: Date.parse("2026-12-01T10:00:00-08:00") });
  });

  it("do not keep the numbers of a window exception", () => {
    const allDay = { from: "00:00", to: "24:00" };
    const rules = policy({ windowExceptions: [{ numbers: "^\\+1510", window: { 4: allDay } }] });
    expect(decide(rules, facts({ at: "2026-11-26T03:00:00-08:00" })).allowed).toBe(true);
  });

  it("that are all days leave no earliest moment", () => {
    const holidays = Array.from({ length: 12 }, (_, month) =>
      Array.from({ length: 31 }, (_, day) => ({ name: "", month: month + 1, day: day + 1, observed: false })),
    ).flat();
    expect(decide(policy({ holidays }), facts())).not.toHaveProperty("earliest");
  });
});

describe("a consent", () => {
  const yearly = policy({ consent: { bases: ["written"], expiresAfterDays: 365 } });
  const written: Consent = { basis: "written", recordedAt: "2025-11-23T18:00:00Z" };

  it.each<[string, Consent, string, string | undefined]>([
    ["of the last moment", written, "2026-11-23T17:59:59.999Z", undefined],
    ["that has expired", written, "2026-11-23T18:00:00Z", "expired"],
    ["given in another way", { ...written, basis: "spoken" }, "2026-11-01T18:00:00Z", "accepts"],
    ["of the future", { ...written, recordedAt: "2027-01-01T00:00:00Z" }, "2026-11-23T17:00:00Z", "future"],
    ["without a date", { ...written, recordedAt: "" }, "2026-11-23T17:00:00Z", "date"],
  ])("%s", (_, given, at, word) => {
    const decision = decide(yearly, facts({ consent: given, at }));
    expect(decision.allowed).toBe(word === undefined);
    if (!decision.allowed) expect(decision.reasons[0]?.explanation).toContain(word);
  });

  it("on record counts where the one that was named does not", () => {
    const preference = { consent: { ...written, recordedAt: "2026-10-01T00:00:00Z" }, optedOutAt: undefined };
    expect(decide(yearly, facts({ consent: { ...written, basis: "spoken" }, preference })).allowed).toBe(
      true,
    );
  });
});

describe("caps of attempts that are known", () => {
  const day = (text: string) => Date.parse(`2026-11-${text}:00-08:00`);
  const none = { onNumber: [], ofClinic: [], underWay: 0 };

  function earliestWith(attempts: Partial<PolicyFacts["attempts"]>, rules = policy()): string | undefined {
    const decision = decide(rules, facts({ attempts: { ...none, ...attempts } }));
    expect(rulesOf(decision)).toEqual(["cap"]);
    return decision.allowed || decision.earliest === undefined
      ? undefined
      : new Date(decision.earliest).toISOString();
  }

  it("refuse nothing where there is room", () => {
    const attempts = { ...none, onNumber: [day("22T12:00"), day("16T23:59")], underWay: 1 };
    expect(decide(policy(), facts({ attempts })).allowed).toBe(true);
  });

  it("of today lift tomorrow", () => {
    expect(earliestWith({ onNumber: [day("23T09:00")] })).toBe("2026-11-24T16:00:00.000Z");
  });

  it("of the week lift when the first of its days is seven days ago, and no holiday", () => {
    expect(earliestWith({ onNumber: [day("19T12:00"), day("20T12:00"), day("21T12:00")] })).toBe(
      "2026-11-27T16:00:00.000Z",
    );
  });

  it("of the clinic lift after 24 hours to the millisecond, as a ledger counts", () => {
    const ofClinic = [day("22T11:00"), day("23T09:00")];
    const rules = policy({ caps: { ...defaultCallingPolicy.caps, perClinicPerDay: 2 } });
    expect(earliestWith({ ofClinic }, rules)).toBe("2026-11-23T19:00:00.001Z");
  });

  it("of what is under way, and those of nothing at all, are not lifted by time", () => {
    expect(earliestWith({ underWay: 2 })).toBeUndefined();
    expect(
      earliestWith({}, policy({ caps: { ...defaultCallingPolicy.caps, perNumberPerDay: 0 } })),
    ).toBeUndefined();
  });

  it("are told with the other reasons, and lift together with them", () => {
    const about = facts({
      at: "2026-11-23T22:00:00-08:00",
      attempts: { ...none, onNumber: [day("23T09:00")] },
    });
    const decision = decide(policy(), about);
    expect(rulesOf(decision)).toEqual(["window", "cap"]);
    expect(decision).toMatchObject({ earliest: day("24T08:00") });
  });

  it("that a ledger found full may lift at the number's next day", () => {
    const caps = attemptCaps(policy(), ["America/Los_Angeles"], facts().now);
    const [perDay, , perClinic, atOneTime] = caps as [PolicyCap, PolicyCap, PolicyCap, PolicyCap];
    expect(decideCapped(policy(), facts(), [perDay])).toMatchObject({ earliest: day("24T08:00") });
    for (const cap of [perClinic, atOneTime])
      expect(decideCapped(policy(), facts(), [perDay, cap])).not.toHaveProperty("earliest");
  });
});
