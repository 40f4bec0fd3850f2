import { describe, expect, it } from "vitest";
import { type ClinicTap, encodeClinicTap, longestTap, parseClinicTap } from "./tap.ts";

const packet = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

describe("a tap", () => {
  it.each<ClinicTap>([
    { version: 1, tap: "confirm" },
    { version: 1, tap: "cancel" },
    { version: 1, tap: "reschedule" },
    { version: 1, tap: "operator" },
    { version: 1, tap: "call-back" },
    { version: 1, tap: "opt-out" },
    { version: 1, tap: "end" },
    { version: 1, tap: "look" },
    { version: 1, tap: "choose-slot", slotId: "slot-7" },
    { version: 1, tap: "speak-language", language: "en-US" },
  ])("comes out of its packet as it went in: $tap", (tap) => {
    expect(parseClinicTap(encodeClinicTap(tap))).toEqual(tap);
  });

  it("is read without the fields that a later version adds, and with nothing in place of ours", () => {
    expect(
      parseClinicTap(packet({ version: 1, tap: "confirm", appointmentId: "appointment-other" })),
    ).toEqual({
      version: 1,
      tap: "confirm",
    });
  });

  it.each([
    ["another version", { version: 2, tap: "confirm" }],
    ["no version", { tap: "confirm" }],
    ["a tap that does not exist", { version: 1, tap: "dial" }],
    ["a property of every object", { version: 1, tap: "constructor" }],
    ["a slot without its id", { version: 1, tap: "choose-slot" }],
    ["a slot with an id that is none", { version: 1, tap: "choose-slot", slotId: 3 }],
    ["a slot with an id that is too long", { version: 1, tap: "choose-slot", slotId: "s".repeat(41) }],
    ["a language that is none of ours", { version: 1, tap: "speak-language", language: "xx-XX" }],
    ["a text", "confirm"],
    ["a list", [{ version: 1, tap: "confirm" }]],
  ])("is not read from %s", (_, value) => {
    expect(parseClinicTap(packet(value))).toBeUndefined();
  });

  it("is not read from what is not JSON, not UTF-8, deep, or too long", () => {
    expect(parseClinicTap(new TextEncoder().encode("confirm"))).toBeUndefined();
    expect(parseClinicTap(Uint8Array.of(0xc3, 0x28))).toBeUndefined();
    expect(parseClinicTap(new TextEncoder().encode("[".repeat(longestTap)))).toBeUndefined();
    expect(
      parseClinicTap(packet({ version: 1, tap: "confirm", more: "x".repeat(longestTap) })),
    ).toBeUndefined();
  });
});
