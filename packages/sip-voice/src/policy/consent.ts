import type { CallingPolicy } from "./calling-policy.ts";
import type { Consent } from "./contact-preferences.ts";

/** What is wrong with a consent. */
export type ConsentFlaw = "none" | "undated" | "future" | "basis" | "expired";

const dayMs = 86_400_000;

const inWords: Readonly<Record<ConsentFlaw, string>> = {
  none: "No consent to calls is on record.",
  undated: "The consent to calls has no date that can be read.",
  future: "The consent to calls is dated in the future.",
  basis: "The consent to calls was not given in a way that the policy accepts.",
  expired: "The consent to calls has expired.",
};

function flawOf(
  { bases, expiresAfterDays }: CallingPolicy["consent"],
  consent: Consent | undefined,
  now: number,
): ConsentFlaw | undefined {
  if (!consent) return "none";
  const recordedAt = Date.parse(consent.recordedAt);
  if (Number.isNaN(recordedAt)) return "undated";
  if (recordedAt > now) return "future";
  if (!bases.includes(consent.basis)) return "basis";
  if (expiresAfterDays !== undefined && now >= recordedAt + expiresAfterDays * dayMs) return "expired";
  return undefined;
}

/** The first of the consents that is good at an instant, or why none of them is. */
export function standingConsent(
  rules: CallingPolicy["consent"],
  consents: readonly (Consent | undefined)[],
  now: number,
): { readonly consent: Consent } | { readonly refusal: string } {
  let refusal = inWords.none;
  for (const consent of consents) {
    const flaw = flawOf(rules, consent, now);
    if (flaw === undefined && consent) return { consent };
    if (flaw && flaw !== "none") refusal = inWords[flaw];
  }
  return { refusal };
}
