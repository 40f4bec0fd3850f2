import type { PhoneNumber } from "../phone/phone-number.ts";

/** Why the clinic may call a number with an artificial voice (47 CFR 64.1200). */
export interface Consent {
  /** How the consent was given. */
  readonly basis: "given-at-booking" | "written" | "spoken";
  /** When, RFC 3339. */
  readonly recordedAt: string;
}

/** What a number's owner allows. */
export interface ContactPreference {
  /** The consent on record, if any. */
  readonly consent: Consent | undefined;
  /** Since when (RFC 3339) the owner wants no calls; `undefined` when they may be called. */
  readonly optedOutAt: string | undefined;
  /** When (RFC 3339) consent was last taken back: no consent that was recorded until then counts, whoever names it. */
  readonly consentRevokedAt?: string | undefined;
}

/**
 * The port to consent and do-not-call, kept beside the ledger. An opt-out holds from the moment that it is written,
 * for the whole clinic. Its conformance suite is `testContactPreferences` in `@clinic/sip-voice/testing`.
 */
export interface ContactPreferences {
  /** What a number's owner allows; nothing on record is neither consent nor opt-out. */
  get(phoneNumber: PhoneNumber): Promise<ContactPreference>;
  /** Records a consent. It does not undo an opt-out that came after it. */
  recordConsent(phoneNumber: PhoneNumber, consent: Consent): Promise<void>;
  /**
   * Takes all consent back that was recorded until an instant, wherever it is kept. One that is recorded later counts again: this
   * asks for a new consent, while an opt-out refuses whatever consent there is. The latest instant is kept.
   */
  revokeConsent(phoneNumber: PhoneNumber, at: string): Promise<void>;
  /** Stops all calls to a number; the first moment is kept when it is asked for again. */
  optOut(phoneNumber: PhoneNumber, at: string): Promise<void>;
  /** Allows calls again, at the owner's wish. */
  undoOptOut(phoneNumber: PhoneNumber): Promise<void>;
}

/** The later of two instants; one that can't be read goes before any other, as it counts against every consent. */
export function laterInstant(one: string | undefined, other: string): string {
  if (one === undefined || Number.isNaN(Date.parse(other))) return other;
  return Date.parse(one) >= Date.parse(other) || Number.isNaN(Date.parse(one)) ? one : other;
}

/** Contact preferences in memory, for tests. */
export function memoryContactPreferences(): ContactPreferences {
  const known = new Map<PhoneNumber, ContactPreference>();
  const nothing: ContactPreference = { consent: undefined, optedOutAt: undefined };
  const get = (phoneNumber: PhoneNumber): ContactPreference => known.get(phoneNumber) ?? nothing;
  return {
    get: async (phoneNumber) => get(phoneNumber),
    recordConsent: async (phoneNumber, consent) =>
      void known.set(phoneNumber, { ...get(phoneNumber), consent }),
    async revokeConsent(phoneNumber, at) {
      const consentRevokedAt = laterInstant(get(phoneNumber).consentRevokedAt, at);
      known.set(phoneNumber, { ...get(phoneNumber), consentRevokedAt });
    },
    async optOut(phoneNumber, at) {
      known.set(phoneNumber, { ...get(phoneNumber), optedOutAt: get(phoneNumber).optedOutAt ?? at });
    },
    undoOptOut: async (phoneNumber) =>
      void known.set(phoneNumber, { ...get(phoneNumber), optedOutAt: undefined }),
  };
}
