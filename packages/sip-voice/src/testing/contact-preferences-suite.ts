import { expect } from "vitest";
import { parsePhoneNumber } from "../phone/phone-number.ts";
import type { Consent, ContactPreferences } from "../policy/contact-preferences.ts";
import {
  type ConformanceCases,
  type ConformanceFactory,
  type ConformanceOptions,
  registerCases,
} from "./conformance.ts";

const number = parsePhoneNumber("+15105550111");
const otherNumber = parsePhoneNumber("+15105550112");
const nothing = { consent: undefined, optedOutAt: undefined };
const atBooking: Consent = { basis: "given-at-booking", recordedAt: "2026-10-01T09:00:00-07:00" };
const spoken: Consent = { basis: "spoken", recordedAt: "2026-11-23T18:00:00Z" };
const first = "2026-11-01T18:00:00Z";
const second = "2026-11-02T18:00:00Z";

const cases: ConformanceCases<ContactPreferences> = {
  "has neither consent nor opt-out of a number that it does not know": async (preferences) => {
    expect(await preferences.get(number)).toEqual(nothing);
  },
  "keeps a consent as it was given": async (preferences) => {
    await preferences.recordConsent(number, atBooking);
    expect(await preferences.get(number)).toEqual({ consent: atBooking, optedOutAt: undefined });
  },
  "keeps the consent that was recorded last": async (preferences) => {
    await preferences.recordConsent(number, atBooking);
    await preferences.recordConsent(number, spoken);
    expect((await preferences.get(number)).consent).toEqual(spoken);
  },
  "keeps an opt-out": async (preferences) => {
    await preferences.optOut(number, first);
    expect(await preferences.get(number)).toEqual({ consent: undefined, optedOutAt: first });
  },
  "keeps the first moment of an opt-out that is asked for again": async (preferences) => {
    await preferences.optOut(number, first);
    await preferences.optOut(number, second);
    expect((await preferences.get(number)).optedOutAt).toBe(first);
  },
  "keeps the consent beside an opt-out": async (preferences) => {
    await preferences.recordConsent(number, atBooking);
    await preferences.optOut(number, first);
    expect(await preferences.get(number)).toEqual({ consent: atBooking, optedOutAt: first });
  },
  "does not undo an opt-out by a consent, older or newer": async (preferences) => {
    await preferences.optOut(number, first);
    await preferences.recordConsent(number, atBooking);
    expect((await preferences.get(number)).optedOutAt).toBe(first);
    await preferences.recordConsent(number, spoken);
    expect((await preferences.get(number)).optedOutAt).toBe(first);
  },
  "allows calls again at the owner's wish, and keeps the consent": async (preferences) => {
    await preferences.recordConsent(number, atBooking);
    await preferences.optOut(number, first);
    await preferences.undoOptOut(number);
    expect(await preferences.get(number)).toEqual({ consent: atBooking, optedOutAt: undefined });
  },
  "takes a new opt-out after one that was undone": async (preferences) => {
    await preferences.optOut(number, first);
    await preferences.undoOptOut(number);
    await preferences.optOut(number, second);
    expect((await preferences.get(number)).optedOutAt).toBe(second);
  },
  "undoes no opt-out where there is none": async (preferences) => {
    await preferences.undoOptOut(number);
    expect(await preferences.get(number)).toEqual(nothing);
  },
  "takes consent back, and keeps what was recorded": async (preferences) => {
    await preferences.recordConsent(number, atBooking);
    await preferences.revokeConsent(number, first);
    expect(await preferences.get(number)).toEqual({
      consent: atBooking,
      optedOutAt: undefined,
      consentRevokedAt: first,
    });
  },
  "keeps the latest moment at which consent was taken back, through other changes": async (
    preferences,
    other,
  ) => {
    await preferences.revokeConsent(number, second);
    await other.revokeConsent(number, first);
    await preferences.recordConsent(number, spoken);
    await preferences.optOut(number, first);
    await preferences.undoOptOut(number);
    expect((await other.get(number)).consentRevokedAt).toBe(second);
    expect((await preferences.get(otherNumber)).consentRevokedAt).toBeUndefined();
  },
  "compares the moments as instants, not as texts": async (preferences) => {
    await preferences.revokeConsent(number, "2026-11-02T10:00:00-08:00");
    await preferences.revokeConsent(number, "2026-11-02T17:59:59Z");
    expect((await preferences.get(number)).consentRevokedAt).toBe("2026-11-02T10:00:00-08:00");
  },
  "keeps numbers apart": async (preferences) => {
    await preferences.optOut(number, first);
    await preferences.recordConsent(otherNumber, spoken);
    expect(await preferences.get(otherNumber)).toEqual({ consent: spoken, optedOutAt: undefined });
    await preferences.undoOptOut(otherNumber);
    expect((await preferences.get(number)).optedOutAt).toBe(first);
  },
  "holds for others from the moment that it is written": async (preferences, other) => {
    await preferences.optOut(number, first);
    expect((await other.get(number)).optedOutAt).toBe(first);
    await other.optOut(number, second);
    expect((await preferences.get(number)).optedOutAt).toBe(first);
  },
};

/**
 * Registers the rules of the `ContactPreferences` port as vitest cases.
 *
 * @param name - the adapter, as the test report shows it
 * @param make - makes empty preferences
 * @param options - cases to skip, with the reason
 * @example
 * ```ts
 * import { memoryContactPreferences } from "@clinic/sip-voice";
 * import { testContactPreferences } from "@clinic/sip-voice/testing";
 *
 * testContactPreferences("my preferences", async () => ({ port: memoryContactPreferences() }));
 * ```
 */
export function testContactPreferences(
  name: string,
  make: ConformanceFactory<ContactPreferences>,
  options: ConformanceOptions = {},
): void {
  registerCases(`ContactPreferences: ${name}`, () => make(undefined), cases, options);
}
