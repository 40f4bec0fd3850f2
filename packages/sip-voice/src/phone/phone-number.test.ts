import { describe, expect, it } from "vitest";
import { SipVoiceError } from "../errors.ts";
import {
  describePhoneNumber,
  type PhoneNumberKind,
  parsePhoneNumber,
  tryPhoneNumber,
} from "./phone-number.ts";

function errorOf(run: () => unknown): SipVoiceError {
  try {
    run();
  } catch (error) {
    if (SipVoiceError.is(error)) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("parsePhoneNumber", () => {
  it.each([
    "+15105550111",
    "+1 510 555 0111",
    "+1 (510) 555-0111",
    "+1.510.555.0111",
    "+1-510-555-0111",
    " +15105550111 ",
    "+15105550111",
    "+١٥١٠٥٥٥٠١١١",
  ])("reads the international spelling %s", (spelling) => {
    expect(parsePhoneNumber(spelling)).toBe("+15105550111");
  });

  it.each([
    "(510) 555-0111",
    "510-555-0111",
    "5105550111",
    "1 510 555 0111",
    "011 1 510 555 0111",
    "+15105550111",
  ])("reads %s where the country is known", (spelling) => {
    expect(parsePhoneNumber(spelling, { defaultCountry: "US" })).toBe("+15105550111");
  });

  it("takes a national spelling only where a country is given", () => {
    expect(errorOf(() => parsePhoneNumber("(510) 555-0111")).code).toBe("invalid-phone-number");
    expect(errorOf(() => parsePhoneNumber("(510) 555-0111", { defaultCountry: "XX" })).code).toBe(
      "invalid-phone-number",
    );
  });

  it.each([
    ["", "nothing"],
    ["tomorrow", "a word"],
    ["911", "an emergency number"],
    ["+", "a plus alone"],
    ["+1510555011", "too few digits"],
    ["+151055501112", "too many digits"],
    ["+10005550100", "an area code that does not exist"],
    ["+99955501000000", "a country code that does not exist"],
    ["call +15105550111 please", "a sentence with a number in it"],
    ["+15105550111, +15105550112", "two numbers"],
    ["+15105550111 ext. 5", "an extension, which E.164 would lose"],
    ["+15105550111;ext=5", "an extension in RFC 3966 form"],
    [`+${"1".repeat(10_000)}`, "ten thousand digits"],
  ])("refuses '%.30s': %s", (input) => {
    expect(errorOf(() => parsePhoneNumber(input))).toMatchObject({
      code: "invalid-phone-number",
      field: "phoneNumber",
    });
    expect(tryPhoneNumber(input)).toBeUndefined();
  });

  it.each([undefined, null, 15105550111, {}, ["+15105550111"]])("refuses what is not a text: %s", (input) => {
    expect(errorOf(() => parsePhoneNumber(input as never)).code).toBe("invalid-phone-number");
  });

  it.each(["Maria Example 5105550", "+1510555011", "+15105550111 ext 5"])(
    "never repeats '%s' in its error",
    (input) => {
      const error = errorOf(() => parsePhoneNumber(input));
      // The remedy's own example number is the only one that may be in the text.
      const said = `${error.message} ${error.stack}`.replaceAll("as in +15105550111", "");
      expect(said).not.toContain(input);
      for (const word of input.split(/\D+/).filter((digits) => digits.length > 4))
        expect(said).not.toContain(word);
      expect(error.message).toContain(`${input.length} characters`);
      expect(error.cause).toBeUndefined();
    },
  );
});

describe("the kind and country of a number", () => {
  it.each<[string, PhoneNumberKind, string | undefined]>([
    ["+15105550111", "fixed-line-or-mobile", "US"],
    ["+14165550123", "fixed-line-or-mobile", "CA"],
    ["+18005550199", "toll-free", "US"],
    ["+18885550100", "toll-free", "US"],
    ["+19005550100", "premium-rate", "US"],
    ["+15005550100", "personal", "US"],
    ["+447005550100", "personal", "GB"],
    ["+18765550100", "mobile", "JM"],
    ["+881655501000", "mobile", undefined],
    ["+870773550100", "mobile", undefined],
    ["+979155501000", "premium-rate", undefined],
    ["+80055501000", "toll-free", undefined],
  ])("%s is %s of %s", (number, kind, country) => {
    const phoneNumber = parsePhoneNumber(number);
    expect(describePhoneNumber(phoneNumber)).toEqual({ phoneNumber, kind, country });
  });
});
