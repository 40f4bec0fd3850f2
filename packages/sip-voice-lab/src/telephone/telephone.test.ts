import { expect, test } from "vitest";
import { dtmfCode, Telephone } from "./index.ts";
import { ringPlan } from "./telephone-behaviour.ts";

test("keys have the codes of RFC 4733", () => {
  expect([..."0123456789*#ABCD"].map(dtmfCode)).toEqual(Array.from({ length: 16 }, (_, code) => code));
  for (const wrong of ["", "12", "E", "a", "+"]) expect(() => dtmfCode(wrong)).toThrow(RangeError);
});

test("only numbers set aside for fiction can be had", () => {
  expect(new Telephone("+15105550100").number).toBe("+15105550100");
  for (const wrong of ["5105550100", "+15105550200", "+151055501001", "+4915105550100", "tel:+15105550100"]) {
    expect(() => new Telephone(wrong)).toThrow(RangeError);
  }
});

test("a telephone that is not plugged in can't call", () => {
  expect(() => new Telephone("+15105550100").call("+17205550174")).toThrow(/plugged in/);
});

test("behaviours come to SIP responses", () => {
  expect(ringPlan({ kind: "busy" })).toMatchObject({
    result: "refused",
    refusal: { status: 486, reason: "Busy Here" },
  });
  expect(ringPlan({ kind: "declines", afterMs: 5 })).toMatchObject({
    ringsForMs: 5,
    refusal: { status: 603 },
  });
  expect(ringPlan({ kind: "sip-error", status: 503, reason: "Down" })).toMatchObject({
    refusal: { status: 503, reason: "Down" },
  });
  expect(ringPlan({ kind: "does-not-answer" })).toEqual({ result: "nothing" });
  expect(ringPlan({ kind: "answers-but-response-lost", afterMs: 9 })).toEqual({
    result: "picked-up",
    ringsForMs: 9,
    responseLost: true,
  });
});
