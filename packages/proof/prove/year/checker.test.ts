import { describe, expect, test } from "vitest";
import { checkYear, type ViolationKind } from "./checker.ts";
import type { YearCall, YearContact, YearFullTrunk, YearOptOut } from "./year-seen.ts";

const at = (text: string): number => Date.parse(text);

/** A patient in Miami who may be called from Tuesday to Thursday. */
const maria: YearContact = {
  id: 1,
  number: "+13055550111",
  clinic: "main",
  from: at("2027-03-09T08:00:00-05:00"),
  until: at("2027-03-11T20:00:00-05:00"),
  consentAt: "2027-01-01T00:00:00Z",
  trueZones: ["America/New_York"],
  trueHours: "FL",
};
const panhandle: YearContact = { ...maria, trueZones: ["America/New_York", "America/Chicago"] };

function call(when: string, more: Partial<YearCall> = {}): YearCall {
  return {
    contact: 1,
    number: maria.number,
    clinic: "main",
    at: at(when),
    endedAt: at(when) + 60_000,
    ...more,
  };
}

/** The kinds of violations that are found. */
function found(
  calls: readonly YearCall[],
  contacts: readonly YearContact[] = [maria],
  optOuts: readonly YearOptOut[] = [],
  fullTrunks: readonly YearFullTrunk[] = [],
): readonly ViolationKind[] {
  const findings = checkYear({ contacts, calls, fullTrunks, optOuts });
  const kinds = Object.keys(findings) as ViolationKind[];
  return kinds.filter((kind) => findings[kind].violations.length > 0);
}

const others = (count: number): YearContact[] =>
  Array.from({ length: count }, (_, index) => ({
    ...maria,
    id: 100 + index,
    number: `+1305555${1000 + index}`,
  }));

describe("the checker finds", () => {
  test("nothing in a call that breaks no rule", () => {
    expect(found([call("2027-03-09T10:00:00-05:00")])).toEqual([]);
  });

  test.each<[string, string, YearContact]>([
    ["a millisecond too early", "2027-03-09T07:59:59.999-05:00", maria],
    ["at the very end", "2027-03-09T20:00:00-05:00", maria],
    ["too early in the other zone", "2027-03-09T08:30:00-05:00", panhandle],
    ["too early by the clock that was just put forward", "2027-03-14T07:30:00-04:00", maria],
    ["in the hour that winter takes back", "2027-11-07T07:30:00-05:00", { ...maria, trueHours: "NY" }],
    [
      "on Alabama's Sunday",
      "2027-03-07T12:00:00-06:00",
      { ...maria, trueHours: "AL", trueZones: ["America/Chicago"] },
    ],
    [
      "where it may be any state",
      "2027-03-09T18:00:00-05:00",
      { ...maria, trueHours: "any:America/New_York" },
    ],
  ])("a call outside the hours: %s", (_, when, contact) => {
    expect(found([call(when)], [contact])).toEqual(["hours"]);
  });

  test.each<[string, string, YearContact]>([
    ["a holiday", "2027-05-31T12:00:00-04:00", maria],
    ["the Friday on which it is observed", "2027-12-31T12:00:00-05:00", maria],
    ["a date of the clinic's", "2027-03-15T12:00:00-04:00", maria],
  ])("a call on %s", (_, when, contact) => {
    expect(found([call(when)], [{ ...contact, consentAt: "2027-02-01T00:00:00Z" }])).toEqual(["closed-day"]);
  });

  test("the holiday by the callee's own date", () => {
    const contact = { ...maria, trueZones: ["Pacific/Honolulu"], trueHours: "HI" };
    expect(found([call("2027-05-31T23:00:00-10:00")], [contact])).toEqual(["hours", "closed-day"]);
    expect(found([call("2027-05-31T01:00:00-04:00")], [contact])).toEqual([]);
  });

  test("a second call on one day, and not one on the next", () => {
    const first = call("2027-03-09T08:00:00-05:00");
    expect(found([first, call("2027-03-09T19:59:00-05:00")])).toEqual(["number-cap"]);
    expect(found([first, call("2027-03-10T08:00:00-05:00")])).toEqual([]);
  });

  test("a fourth call in seven days, and not one on the eighth", () => {
    const three = ["2027-03-08", "2027-03-09", "2027-03-10"].map((date) => call(`${date}T12:00:00-05:00`));
    expect(found([...three, call("2027-03-14T12:00:00-04:00")])).toEqual(["number-cap"]);
    expect(found([...three, call("2027-03-16T12:00:00-04:00")])).toEqual([]);
  });

  test("a third call at one time", () => {
    const contacts = [maria, ...others(2)];
    const calls = contacts.map(({ id, number }) =>
      call("2027-03-09T10:00:00-05:00", { contact: id, number }),
    );
    expect(found(calls, contacts)).toEqual(["clinic-cap"]);
    expect(found(calls.slice(1), contacts.slice(1))).toEqual([]);
  });

  test("the clinic's 61st call in 24 hours", () => {
    const contacts = others(61);
    const start = at("2027-03-09T10:00:00-05:00");
    const calls = contacts.map(({ id, number }, index) => {
      const when = start + index * 120_000;
      return call("2027-03-09T10:00:00-05:00", { contact: id, number, at: when, endedAt: when + 60_000 });
    });
    expect(found(calls, contacts)).toEqual(["clinic-cap"]);
    expect(found(calls.slice(1), contacts.slice(1))).toEqual([]);
  });

  test("a call at the moment of an opt-out, not before, nor after it was undone", () => {
    const when = at("2027-03-09T10:00:00-05:00");
    const number = maria.number;
    const calls = [call("2027-03-09T10:00:00-05:00")];
    expect(found(calls, [maria], [{ number, at: when, undoneAt: when + 1 }])).toEqual(["opted-out"]);
    expect(found(calls, [maria], [{ number, at: when + 1, undoneAt: when + 2 }])).toEqual([]);
    expect(found(calls, [maria], [{ number, at: when - 1, undoneAt: when }])).toEqual([]);
  });

  test.each<[string, string | undefined]>([
    ["no consent", undefined],
    ["a consent of next week", "2027-03-16T00:00:00Z"],
    ["a consent of the year before last", "2026-03-09T14:00:00Z"],
  ])("a call on %s", (_, consentAt) => {
    const { consentAt: __, ...bare } = maria;
    expect(found([call("2027-03-09T10:00:00-05:00")], [consentAt ? { ...bare, consentAt } : bare])).toEqual([
      "consent",
    ]);
  });

  test("a call to somebody who is not on the list, or on another number", () => {
    expect(found([call("2027-03-09T10:00:00-05:00", { contact: 7 })], [])).toEqual(["consent"]);
    const elsewhere = call("2027-03-09T10:00:00-05:00", { number: "+13055550112" });
    expect(found([elsewhere])).toContain("consent");
  });

  test("somebody whom nobody called", () => {
    expect(found([])).toEqual(["starved"]);
  });

  test.each<[string, YearContact, readonly YearOptOut[]]>([
    ["who opted out", maria, [{ number: maria.number, at: maria.from, undoneAt: Number.POSITIVE_INFINITY }]],
    ["who had an hour at night", { ...maria, from: maria.from - 7_200_000, until: maria.from }, []],
    [
      "whose only day was closed",
      { ...maria, from: at("2027-03-15T08:00:00-04:00"), until: at("2027-03-15T20:00:00-04:00") },
      [],
    ],
  ])("nothing in a patient %s", (_, contact, optOuts) => {
    expect(found([], [contact], optOuts)).toEqual([]);
  });

  test("somebody who was not tried again after a full trunk", () => {
    const until = maria.from + 45 * 60_000;
    const tried = { contact: 1, at: until - 20 * 60_000 };
    expect(found([], [{ ...maria, until }], [], [tried])).toEqual([]);
    expect(found([], [maria], [], [tried])).toEqual(["starved"]);
  });

  test("nothing in a patient whose family was called on the only day", () => {
    const sister = { ...maria, id: 2, from: maria.from, until: at("2027-03-09T20:00:00-05:00") };
    expect(found([call("2027-03-09T08:00:00-05:00")], [maria, sister])).toEqual([]);
  });
});
