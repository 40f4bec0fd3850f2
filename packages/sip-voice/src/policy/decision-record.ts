import { describePhoneNumber, type PhoneNumberKind } from "../phone/phone-number.ts";
import type { CallingPolicy } from "./calling-policy.ts";
import { consentsOf, standingConsent } from "./consent.ts";
import type { Consent } from "./contact-preferences.ts";
import type { PolicyDecision, PolicyFacts, PolicyRule } from "./decision.ts";
import { sha256 } from "./sha256.ts";

/** What is kept of one decision, to show later why somebody was called or not. Holds no telephone number. */
export interface DecisionRecord {
  /** The version of this shape. */
  readonly version: 1;
  /** When it was decided, RFC 3339 in UTC. */
  readonly decidedAt: string;
  /** Whether the attempt was allowed. */
  readonly allowed: boolean;
  /** Every rule that refused it; empty when it was allowed. */
  readonly rules: readonly PolicyRule[];
  /** When time alone would have allowed it, RFC 3339 in UTC. */
  readonly earliest?: string;
  /** The time zones that it was decided under. */
  readonly zones: readonly string[];
  /** The places whose rules counted. */
  readonly places: readonly string[];
  /** The country of the number. */
  readonly country?: string;
  /** The kind of the number. */
  readonly kind: PhoneNumberKind;
  /** The consent that it rests on. */
  readonly consent?: Consent;
  /** Since when the number's owner wants no calls. */
  readonly optedOutAt?: string;
  /** Until when no consent counts, since its giver took it back. */
  readonly consentRevokedAt?: string;
  /** Since when the switch stopped all dialling. */
  readonly stoppedAt?: string;
  /** The rules that it was decided by. */
  readonly policy: {
    /** The clinic's own name for them. */
    readonly version?: string;
    /** Their {@link policyFingerprint}. */
    readonly fingerprint: string;
  };
}

/** A value as JSON with its fields in order, so that equal policies have equal texts. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  const sorted = fields.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join(",")}}`;
}

const known = new WeakMap<CallingPolicy, string>();

/**
 * What tells one set of rules from another: `sha256:` and the SHA-256 of the policy as JSON without spaces, the fields of
 * every object in the order of their names. The same rules have the same fingerprint on every machine.
 *
 * @example
 * ```ts
 * import { defaultCallingPolicy, policyFingerprint } from "@clinic/sip-voice";
 *
 * const stopped = { ...defaultCallingPolicy, stopped: true };
 * console.log(policyFingerprint(stopped) === policyFingerprint(defaultCallingPolicy)); // false
 * ```
 */
export function policyFingerprint(policy: CallingPolicy): string {
  const before = known.get(policy);
  if (before) return before;
  const fingerprint = `sha256:${sha256(canonical(policy))}`;
  known.set(policy, fingerprint);
  return fingerprint;
}

/**
 * What to keep of a decision: a plain value that can be stored as JSON beside the attempt that it was made for.
 *
 * @example
 * ```ts
 * import { decide, decisionRecord, defaultCallingPolicy, type PolicyFacts } from "@clinic/sip-voice";
 *
 * function decideAndKeep(facts: PolicyFacts, keep: (json: string) => void) {
 *   const decision = decide(defaultCallingPolicy, facts);
 *   keep(JSON.stringify(decisionRecord(defaultCallingPolicy, facts, decision)));
 *   return decision;
 * }
 * ```
 */
export function decisionRecord(
  policy: CallingPolicy,
  facts: PolicyFacts,
  decision: PolicyDecision,
): DecisionRecord {
  const { country, kind } = describePhoneNumber(facts.phoneNumber);
  const { optedOutAt, consentRevokedAt } = facts.preference;
  const standing = standingConsent(policy.consent, consentsOf(facts), facts.now);
  const consent = "consent" in standing ? standing.consent : undefined;
  const earliest = decision.allowed ? undefined : decision.earliest;
  return {
    version: 1,
    decidedAt: new Date(facts.now).toISOString(),
    allowed: decision.allowed,
    rules: decision.allowed ? [] : decision.reasons.map(({ rule }) => rule),
    ...(earliest === undefined ? {} : { earliest: new Date(earliest).toISOString() }),
    zones: decision.zones,
    places: decision.places,
    ...(country ? { country } : {}),
    kind,
    ...(consent ? { consent: { basis: consent.basis, recordedAt: consent.recordedAt } } : {}),
    ...(optedOutAt === undefined ? {} : { optedOutAt }),
    ...(consentRevokedAt === undefined ? {} : { consentRevokedAt }),
    ...(facts.stoppedAt === undefined ? {} : { stoppedAt: facts.stoppedAt }),
    policy: {
      ...(policy.version ? { version: policy.version } : {}),
      fingerprint: policyFingerprint(policy),
    },
  };
}
