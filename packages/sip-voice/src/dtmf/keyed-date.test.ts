import { describe, expect, it } from "vitest";
import { SipVoiceError } from "../errors.ts";
import { type KeyedDateOrder, parseKeyedDate } from "./keyed-date.ts";

/** In California it is still the evening of 22 November. */
const now = Date.parse("2026-11-23T05:00:00Z");

describe("a keyed date of birth", () => {
  it.each<[string, KeyedDateOrder, string]>([
    ["03071984", "MMDDYYYY", "1984-03-07"],
    ["03071984", "DDMMYYYY", "1984-07-03"],
    ["12311999", "MMDDYYYY", "1999-12-31"],
    ["31121999", "DDMMYYYY", "1999-12-31"],
    ["02292024", "MMDDYYYY", "2024-02-29"],
    ["02292000", "MMDDYYYY", "2000-02-29"],
    ["11232026", "MMDDYYYY", "2026-11-23"],
    ["11231896", "MMDDYYYY", "1896-11-23"],
  ])("%s as %s is %s", (digits, order, date) => {
    expect(parseKeyedDate(digits, order, { now })).toBe(date);
  });

  it.each<[string, KeyedDateOrder, string]>([
    ["13071984", "MMDDYYYY", "there is no thirteenth month"],
    ["03131984", "DDMMYYYY", "nor here"],
    ["02301984", "MMDDYYYY", "February has no thirtieth"],
    ["02292023", "MMDDYYYY", "2023 is no leap year"],
    ["02291900", "MMDDYYYY", "nor is 1900"],
    ["00071984", "MMDDYYYY", "no month"],
    ["03001984", "MMDDYYYY", "no day"],
    ["03070000", "MMDDYYYY", "no year"],
    ["11242026", "MMDDYYYY", "tomorrow"],
    ["01019999", "MMDDYYYY", "far to come"],
    ["11221896", "MMDDYYYY", "nobody lives that long"],
    ["0307198", "MMDDYYYY", "too short"],
    ["030719840", "MMDDYYYY", "too long"],
    ["0307*984", "MMDDYYYY", "not digits alone"],
    ["3/7/1984", "MMDDYYYY", "not digits alone"],
    ["٠٣٠٧١٩٨٤", "MMDDYYYY", "not digits of a telephone"],
    ["", "MMDDYYYY", "nothing"],
  ])("%s as %s is none: %s", (digits, order) => {
    expect(parseKeyedDate(digits, order, { now })).toBeUndefined();
  });

  it("is not to come where the caller is", () => {
    expect(parseKeyedDate("11232026", "MMDDYYYY", { now, timeZone: "America/Los_Angeles" })).toBeUndefined();
    expect(parseKeyedDate("11222026", "MMDDYYYY", { now, timeZone: "America/Los_Angeles" })).toBe(
      "2026-11-22",
    );
    expect(parseKeyedDate("11232026", "MMDDYYYY", { now, timeZone: "Asia/Tokyo" })).toBe("2026-11-23");
  });

  it("reads back every day of four years, in both orders", () => {
    for (let at = Date.UTC(1999, 0, 1); at < Date.UTC(2003, 0, 1); at += 86_400_000) {
      const date = new Date(at).toISOString().slice(0, 10);
      const [year, month, day] = date.split("-");
      expect(parseKeyedDate(`${month}${day}${year}`, "MMDDYYYY", { now })).toBe(date);
      expect(parseKeyedDate(`${day}${month}${year}`, "DDMMYYYY", { now })).toBe(date);
    }
  });

  it.each([
    ["order", () => parseKeyedDate("03071984", "YYYYMMDD" as never, { now })],
    ["order", () => parseKeyedDate("03071984", "toString" as never, { now })],
    ["now", () => parseKeyedDate("03071984", "MMDDYYYY", { now: Number.NaN })],
    ["now", () => parseKeyedDate("03071984", "MMDDYYYY", { now, timeZone: "Mars/Olympus" })],
  ])("refuses a wrong %s and does not repeat the digits", (field, parse) => {
    expect(parse).toThrow(expect.objectContaining({ code: "invalid-option", field }));
    try {
      parse();
    } catch (error) {
      expect(SipVoiceError.is(error) && error.message).not.toContain("1984");
    }
  });
});
