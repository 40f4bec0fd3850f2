import { describe, expect, it } from "vitest";
import { isUrl, readEnvironment } from "./environment.ts";
import { SipVoiceError } from "./errors.ts";

const spec = {
  CLINIC_NAME: { remedy: "Set it to the name that callers hear." },
  LIVEKIT_URL: { remedy: "Set it to your server.", accepts: (text: string) => isUrl(text, "ws", "wss") },
  OPERATOR: {
    remedy: "Set it to a number.",
    optional: true,
    accepts: (text: string) => text.startsWith("+"),
  },
} as const;

function complaintOf(environment: Readonly<Record<string, string | undefined>>): SipVoiceError {
  try {
    readEnvironment(spec, environment);
  } catch (error) {
    if (SipVoiceError.is(error)) return error;
  }
  throw new Error("no complaint");
}

describe("readEnvironment", () => {
  it("gives the trimmed values, and undefined for what is optional and missing", () => {
    expect(
      readEnvironment(spec, { CLINIC_NAME: " Riverside ", LIVEKIT_URL: "wss://lk.example", HOME: "/root" }),
    ).toEqual({
      CLINIC_NAME: "Riverside",
      LIVEKIT_URL: "wss://lk.example",
      OPERATOR: undefined,
    });
  });

  it("names every missing and malformed variable with its remedy in one error", () => {
    const error = complaintOf({ LIVEKIT_URL: "lk.example", OPERATOR: "5105550111" });
    expect(error).toMatchObject({ code: "invalid-environment", field: "CLINIC_NAME, LIVEKIT_URL, OPERATOR" });
    expect(error.message.split("\n")).toEqual([
      "3 environment variables must be mended:",
      "  CLINIC_NAME is not set. Set it to the name that callers hear.",
      "  LIVEKIT_URL is malformed. Set it to your server.",
      "  OPERATOR is malformed. Set it to a number.",
    ]);
  });

  it("never repeats a value", () => {
    expect(complaintOf({ CLINIC_NAME: "x", LIVEKIT_URL: "s3cret" }).message).not.toContain("s3cret");
  });

  it.each(["", "   ", "\n", undefined])("takes %j for missing", (value) => {
    expect(complaintOf({ CLINIC_NAME: value, LIVEKIT_URL: "ws://lk" })).toMatchObject({
      field: "CLINIC_NAME",
    });
  });
});

describe("isUrl", () => {
  it.each([
    ["wss://example.livekit.cloud", true],
    ["ws://127.0.0.1:7880", true],
    ["https://example.livekit.cloud", false],
    ["example.livekit.cloud", false],
    ["wss://", false],
    ["", false],
  ])("'%s': %s", (text, expected) => {
    expect(isUrl(text, "ws", "wss")).toBe(expected);
  });
});
