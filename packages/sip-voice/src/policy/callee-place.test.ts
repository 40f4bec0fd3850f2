import { describe, expect, it } from "vitest";
import { describePhoneNumber, parsePhoneNumber } from "../phone/phone-number.ts";
import { type CalleeFacts, calleePlace } from "./callee-place.ts";
import table from "./us-states.json" with { type: "json" };

function placeOf(number: string, more: Omit<CalleeFacts, "phoneNumber"> = {}) {
  const phoneNumber = parsePhoneNumber(number);
  return calleePlace({ phoneNumber, ...more }, describePhoneNumber(phoneNumber).country);
}

describe("where a number's owner may be", () => {
  it.each([
    ["+15105550111", "US-CA", ["America/Los_Angeles"]],
    ["+12025550111", "US-DC", ["America/New_York"]],
    ["+18505550111", "US-FL", ["America/Chicago", "America/New_York"]],
    ["+12035550111", "US-CT", ["America/New_York"]],
  ])("%s: %s by its area code", (number, state, zones) => {
    const where = placeOf(number);
    expect(where.places).toEqual([state]);
    expect([...where.zones].sort()).toEqual(zones);
  });

  it("is a country where there are no states", () => {
    expect(placeOf("+14165550123").places).toEqual(["CA"]);
  });

  it("is still the number's state when the zone on file is one of its own", () => {
    expect(placeOf("+18505550111", { timeZone: "America/Chicago" })).toEqual({
      zones: ["America/Chicago"],
      places: ["US-FL"],
    });
  });

  it("is any state of the zone on file when that is not one of the number's", () => {
    const { zones, places } = placeOf("+15105550111", { timeZone: "America/Chicago" });
    expect(zones).toEqual(["America/Chicago"]);
    expect(places).toEqual(expect.arrayContaining(["US-TX", "US-AL", "US-FL", "US-IL"]));
    expect(places).not.toContain("US-RI");
  });

  it.each(["Europe/London", "US/Eastern", "America/Toronto"])(
    "is any state when no table knows the zone on file: %s",
    (timeZone) => {
      expect(placeOf("+15105550111", { timeZone }).places).toHaveLength(51);
    },
  );

  it("may be a state although the number is Canadian", () => {
    const { places } = placeOf("+14165550123", { timeZone: "America/Detroit" });
    expect(places).toEqual(["CA", "US-MI"]);
  });

  it("is nowhere in a time zone that does not exist", () => {
    expect(placeOf("+15105550111", { timeZone: "Mars/Olympus" }).zones).toEqual([]);
  });

  it("is the state on file, in all zones of that state", () => {
    const { zones, places } = placeOf("+15105550111", { place: "US-TX" });
    expect(places).toEqual(["US-TX"]);
    expect([...zones].sort()).toEqual(["America/Chicago", "America/Denver"]);
  });

  it("is in the number's own zones when the state on file is the number's", () => {
    expect(placeOf("+13055550111", { place: "US-FL" }).zones).toEqual(["America/New_York"]);
  });

  it("is in the zone on file when that is on file too", () => {
    expect(placeOf("+15105550111", { place: "US-TX", timeZone: "America/Denver" }).zones).toEqual([
      "America/Denver",
    ]);
  });

  it.each(["Texas", "US", "US-XX", "US-tx", "tx"])("is not known where the place on file is %s", (place) => {
    expect(placeOf("+15105550111", { place })).toMatchObject({ places: [], zones: [] });
  });

  it("may be a province on file, in the number's zones, and abroad only with a zone", () => {
    expect(placeOf("+14165550123", { place: "CA-ON" })).toEqual({
      zones: ["America/Toronto"],
      places: ["CA-ON"],
    });
    expect(placeOf("+15105550111", { place: "CA-ON" }).zones).toEqual([]);
  });
});

describe("the table of states", () => {
  it("has every state and the capital, and each area code once", () => {
    expect(Object.keys(table.areaCodes)).toHaveLength(51);
    const areas = Object.values(table.areaCodes).flat();
    expect(new Set(areas).size).toBe(areas.length);
    for (const area of areas) expect(area).toMatch(/^[2-9]\d\d$/);
  });

  it("gives every state a zone, and names only zones that a calendar can be kept in", () => {
    const states = new Set(Object.values(table.zones).flat());
    expect([...states].sort()).toEqual(Object.keys(table.areaCodes).sort());
    for (const zone of Object.keys(table.zones))
      expect(() => new Intl.DateTimeFormat("en", { timeZone: zone })).not.toThrow();
  });
});
