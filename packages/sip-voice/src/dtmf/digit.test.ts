import { describe, expect, it } from "vitest";
import { SipVoiceError } from "../errors.ts";
import { dtmfCodeOf, isDtmfDigit, parseDtmfDigit } from "./digit.ts";

const all = [..."0123456789*#ABCD"];

describe("a DTMF digit", () => {
  it.each(all.map((digit, code) => [digit, code] as const))(
    "%s has RFC 4733's event code %i",
    (digit, code) => {
      expect(dtmfCodeOf(parseDtmfDigit(digit))).toBe(code);
    },
  );

  it.each(["", "12", "a", "E", " ", "+", "１", 1, null, undefined, ["1"]])("is not %j", (value) => {
    expect(isDtmfDigit(value)).toBe(false);
    expect(() => parseDtmfDigit(value)).toThrow(
      expect.objectContaining({ code: "invalid-digit", field: "digit" }),
    );
  });

  it("is not repeated by the error of a wrong one", () => {
    let message = "";
    try {
      parseDtmfDigit("4111");
    } catch (error) {
      if (SipVoiceError.is(error)) message = error.message;
    }
    expect(message).toContain("a text of 4 characters");
    expect(message).not.toContain("4111");
  });
});
