import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { parsePhoneNumber } from "../phone/phone-number.ts";
import { defaultCallingPolicy, strictCallingPolicy } from "./calling-policy.ts";
import type { Consent } from "./contact-preferences.ts";
import { decide, type PolicyFacts } from "./decision.ts";
import { decisionRecord, policyFingerprint } from "./decision-record.ts";
import { sha256 } from "./sha256.ts";

const consent: Consent = { basis: "written", recordedAt: "2026-01-01T09:00:00Z" };
const facts: PolicyFacts = {
  phoneNumber: parsePhoneNumber("+15105550111"),
  now: Date.parse("2026-11-23T03:00:00-08:00"),
  consent,
  preference: { consent: undefined, optedOutAt: undefined },
};
const recordOf = (more: Partial<PolicyFacts> = {}, policy = defaultCallingPolicy) => {
  const about = { ...facts, ...more };
  return decisionRecord(policy, about, decide(policy, about));
};

describe("the record of a decision", () => {
  it("tells what was decided, by which rules, where, on whose word", () => {
    expect(recordOf()).toEqual({
      version: 1,
      decidedAt: "2026-11-23T11:00:00.000Z",
      allowed: false,
      rules: ["window"],
      earliest: "2026-11-23T16:00:00.000Z",
      zones: ["America/Los_Angeles"],
      places: ["US-CA"],
      country: "US",
      kind: "fixed-line-or-mobile",
      consent,
      policy: { version: "default-2", fingerprint: policyFingerprint(defaultCallingPolicy) },
    });
  });

  it("of what was allowed has no rules", () => {
    expect(recordOf({ now: Date.parse("2026-11-23T10:00:00-08:00") })).toMatchObject({
      allowed: true,
      rules: [],
    });
  });

  it("keeps since when the owner wants no calls, and no consent that does not count", () => {
    const optedOutAt = "2026-11-01T09:00:00Z";
    const record = recordOf({ consent: undefined, preference: { consent: undefined, optedOutAt } });
    expect(record).toMatchObject({ rules: ["consent", "do-not-call", "window"], optedOutAt });
    expect(record).not.toHaveProperty("consent");
    expect(record).not.toHaveProperty("earliest");
  });

  it("holds no part of the number, and outlives JSON", () => {
    const record = recordOf();
    expect(JSON.stringify(record)).not.toMatch(/510|555|0111/);
    expect(JSON.parse(JSON.stringify(record))).toEqual(record);
  });

  it("copies nothing that came along with a consent", () => {
    const extended = { ...consent, note: "Maria, +15105550111" } as Consent;
    expect(JSON.stringify(recordOf({ consent: extended }))).not.toContain("Maria");
  });
});

describe("the fingerprint of a policy", () => {
  it("does not go by the order of fields, nor by those that are not there", () => {
    const turned = Object.fromEntries(Object.entries(defaultCallingPolicy).reverse());
    expect(policyFingerprint({ ...turned, version: undefined } as never)).not.toBe(
      policyFingerprint(defaultCallingPolicy),
    );
    expect(policyFingerprint(turned as never)).toBe(policyFingerprint(defaultCallingPolicy));
  });

  it("differs with every rule", () => {
    const fingerprints = [
      defaultCallingPolicy,
      strictCallingPolicy,
      { ...defaultCallingPolicy, stopped: true },
      { ...defaultCallingPolicy, closedDates: ["2026-12-24"] },
    ].map(policyFingerprint);
    expect(new Set(fingerprints).size).toBe(4);
  });
});

it.each(["", "abc", "é".repeat(27), "x".repeat(55), "x".repeat(56), "x".repeat(64), "y".repeat(100_000)])(
  "hashes as the platform does, text %#",
  (text) => {
    expect(sha256(text)).toBe(createHash("sha256").update(text).digest("hex"));
  },
);
