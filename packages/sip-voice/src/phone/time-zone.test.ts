import { Temporal } from "temporal-polyfill";
import { describe, expect, it } from "vitest";
import { type PhoneNumber, parsePhoneNumber } from "./phone-number.ts";
import { timeZonesOf } from "./time-zone.ts";
import table from "./time-zones.json" with { type: "json" };

const zonesOf = (number: string): readonly string[] => timeZonesOf(parsePhoneNumber(number));

describe("the time zones of a number", () => {
  it.each([
    ["+15105550111", ["America/Los_Angeles"]],
    ["+12125550111", ["America/New_York"]],
    ["+16025550111", ["America/Phoenix"]],
    ["+18085550111", ["Pacific/Honolulu"]],
  ])("of %s: %s", (number, zones) => {
    expect(zonesOf(number)).toEqual(zones);
  });

  it.each([
    ["+18505550111", ["America/Chicago", "America/New_York"]],
    ["+18502005550", ["America/Chicago", "America/New_York"]],
    ["+16055550111", ["America/Chicago", "America/Denver", "America/North_Dakota/Center"]],
    ["+19075550111", ["America/Adak", "America/Anchorage", "America/Juneau", "Pacific/Honolulu"]],
  ])("of %s, in an area code on both sides of a zone's border, are all of them", (number, zones) => {
    expect([...timeZonesOf(number as PhoneNumber)].sort()).toEqual(zones);
  });

  it("of a toll-free number are those of all North America", () => {
    const zones = zonesOf("+18005550199");
    expect(zones.length).toBeGreaterThan(30);
    expect(zones).toEqual(expect.arrayContaining(["America/New_York", "Pacific/Honolulu"]));
  });

  it("outside North America are those of the longest prefix, not those of the whole country", () => {
    const australia = timeZonesOf("+61" as PhoneNumber);
    const perth = timeZonesOf("+61855501000" as PhoneNumber);
    expect(australia.length).toBeGreaterThan(perth.length);
    expect(perth.length).toBeGreaterThan(0);
  });

  it("may be of a prefix that is the whole number", () => {
    const [prefix] = Object.keys(table.prefixes).sort((a, b) => b.length - a.length);
    expect(timeZonesOf(`+${prefix}` as PhoneNumber).length).toBeGreaterThan(0);
  });

  it.each(["+999", "+", ""])("are none where the table knows no prefix of '%s'", (number) => {
    expect(timeZonesOf(number as PhoneNumber)).toEqual([]);
  });
});

describe("the table of time zones", () => {
  it("names only zones that a calendar can be kept in", () => {
    for (const zone of table.zones) {
      expect(() => Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone), zone).not.toThrow();
    }
  });

  it("gives every prefix at least one of its zones", () => {
    for (const [prefix, zones] of Object.entries(table.prefixes)) {
      expect(prefix).toMatch(/^\d+$/);
      expect(zones.length, prefix).toBeGreaterThan(0);
      for (const zone of zones) expect(table.zones[zone], prefix).toBeTypeOf("string");
    }
  });
});
