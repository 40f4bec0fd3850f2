import { describe, expect, it } from "vitest";
import { SipVoiceError, shapeOf } from "./errors.ts";

describe("SipVoiceError", () => {
  it("carries its code, field, remedy and cause, and puts only the remedy into the message", () => {
    const cause = new Error("patient Maria Example");
    const error = new SipVoiceError("invalid-brief", "The brief is wrong.", {
      field: "callId",
      remedy: "Mend it.",
      cause,
    });
    expect(error).toMatchObject({
      name: "SipVoiceError",
      code: "invalid-brief",
      field: "callId",
      remedy: "Mend it.",
      cause,
    });
    expect(error.message).toBe("The brief is wrong. Mend it.");
  });

  it("is recognised when it comes from another copy of the package", () => {
    const foreign = new Error("of another copy");
    Object.defineProperty(foreign, Symbol.for("@clinic/sip-voice/error"), { value: true });
    expect(SipVoiceError.is(foreign)).toBe(true);
  });

  it.each([
    new Error("no mark"),
    { code: "invalid-brief" },
    { [Symbol.for("@clinic/sip-voice/error")]: true },
    undefined,
    null,
    "error",
  ])("is not confused with %s", (value) => {
    expect(SipVoiceError.is(value)).toBe(false);
  });

  it("does not show its mark where an error's fields are listed", () => {
    const error = new SipVoiceError("invalid-digit", "no");
    expect(
      Object.getOwnPropertySymbols(error).filter((key) =>
        Object.prototype.propertyIsEnumerable.call(error, key),
      ),
    ).toEqual([]);
  });
});

describe("the shape of a value", () => {
  it.each([
    ["+15105550111", "a text of 12 characters"],
    ["", "an empty text"],
    [null, "null"],
    [undefined, "undefined"],
    [15105550111, "number"],
    [["+15105550111", "Maria"], "a list of 2"],
    [{ name: "Maria" }, "an object with 1 fields"],
  ])("of %j is %s", (value, shape) => {
    expect(shapeOf(value)).toBe(shape);
  });
});
