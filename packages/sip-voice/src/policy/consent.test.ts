import { describe, expect, it } from "vitest";
import { parsePhoneNumber } from "../phone/phone-number.ts";
import { defaultCallingPolicy } from "./calling-policy.ts";
import { type Consent, laterInstant } from "./contact-preferences.ts";
import { decide } from "./decision.ts";

const before: Consent = { basis: "written", recordedAt: "2026-10-01T09:00:00-07:00" };
const after: Consent = { basis: "spoken", recordedAt: "2026-11-20T09:00:00-08:00" };
const revoked = "2026-11-10T09:00:00-08:00";

function rulesOf(named: Consent | undefined, onRecord: Consent | undefined, consentRevokedAt: string) {
  const decision = decide(defaultCallingPolicy, {
    phoneNumber: parsePhoneNumber("+15105550111"),
    now: Date.parse("2026-11-23T10:00:00-08:00"),
    consent: named,
    preference: { consent: onRecord, optedOutAt: undefined, consentRevokedAt },
  });
  return decision.allowed ? [] : decision.reasons.map(({ rule }) => rule);
}

describe("a consent that was taken back", () => {
  it.each<[string, Consent | undefined, Consent | undefined, readonly string[]]>([
    ["the one on record is from before", undefined, before, ["consent"]],
    ["the caller names one from before", before, undefined, ["consent"]],
    ["both are from before", before, before, ["consent"]],
    ["one was given at that very moment", { ...before, recordedAt: revoked }, undefined, ["consent"]],
    ["one was recorded after", before, after, []],
    ["the caller names one from after", after, before, []],
  ])("counts where %s", (_name, named, onRecord, rules) => {
    expect(rulesOf(named, onRecord, revoked)).toEqual(rules);
  });

  it("counts against every consent when nobody can say when that was", () => {
    expect(rulesOf(after, after, "last spring")).toEqual(["consent"]);
  });
});

describe("laterInstant", () => {
  it.each([
    [undefined, revoked, revoked],
    [revoked, "2026-11-10T16:59:59Z", revoked],
    [revoked, "2026-11-10T17:00:01Z", "2026-11-10T17:00:01Z"],
    [revoked, "soon", "soon"],
    ["soon", revoked, "soon"],
  ])("of %j and %j is %j", (one, other, later) => {
    expect(laterInstant(one, other)).toBe(later);
  });
});
