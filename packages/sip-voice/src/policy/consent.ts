import type { CallingPolicy } from "./calling-policy.ts";
import type { Consent, ContactPreference } from "./contact-preferences.ts";

/** What is wrong with a consent. */
export type ConsentFlaw = "none" | "undated" | "future" | "basis" | "expired" | "revoked";

/** A consent, and until when consents were taken back. */
interface ConsentGiven {
  readonly consent: Consent | undefined;
  readonly revokedAt: string | undefined;
}

interface NamedConsents {
  readonly consent?: Consent | undefined;
  readonly preference: ContactPreference;
}

/** The consents that an attempt may rest on: the one that is named with it, and the one on record. */
export function consentsOf({ consent, preference }: NamedConsents): readonly ConsentGiven[] {
  const revokedAt = preference.consentRevokedAt;
  return [consent, preference.consent].map((one) => ({ consent: one, revokedAt }));
}

const dayMs = 86_400_000;

const inWords: Readonly<Record<ConsentFlaw, string>> = {
  none: "No consent to calls is on record.",
  undated: "The consent to calls has no date that can be read.",
  future: "The consent to calls is dated in the future.",
  basis: "The consent to calls was not given in a way that the policy accepts.",
  expired: "The consent to calls has expired.",
  revoked: "The consent to calls was taken back.",
};

function flawOf(
  { bases, expiresAfterDays }: CallingPolicy["consent"],
  { consent, revokedAt }: ConsentGiven,
  now: number,
): ConsentFlaw | undefined {
  if (!consent) return "none";
  const recordedAt = Date.parse(consent.recordedAt);
  if (Number.isNaN(recordedAt)) return "undated";
  if (recordedAt > now) return "future";
  // Also when the revocation can't be dated: then it counts against every consent.
  if (revokedAt !== undefined && !(recordedAt > Date.parse(revokedAt))) return "revoked";
  if (!bases.includes(consent.basis)) return "basis";
  if (expiresAfterDays !== undefined && now >= recordedAt + expiresAfterDays * dayMs) return "expired";
  return undefined;
}

/** The first of the consents that is good at an instant, or why none of them is. */
export function standingConsent(
  rules: CallingPolicy["consent"],
  consents: readonly ConsentGiven[],
  now: number,
): { readonly consent: Consent } | { readonly refusal: string } {
  let refusal = inWords.none;
  for (const given of consents) {
    const flaw = flawOf(rules, given, now);
    if (flaw === undefined && given.consent) return { consent: given.consent };
    if (flaw && flaw !== "none") refusal = inWords[flaw];
  }
  return { refusal };
}
