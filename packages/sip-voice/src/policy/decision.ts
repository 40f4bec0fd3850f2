import { describePhoneNumber, type PhoneNumberDetails } from "../phone/phone-number.ts";
import {
  attemptCaps,
  capInWords,
  capsMayLift,
  type EarlierAttempts,
  fullCaps,
  type PolicyCap,
} from "./attempt-caps.ts";
import { type CalleeFacts, type CalleePlace, calleePlace } from "./callee-place.ts";
import type { CallingPolicy } from "./calling-policy.ts";
import { type CallingTimes, closedAt, isInHours, nextOpening } from "./calling-times.ts";
import { intersectWindows } from "./calling-window.ts";
import { consentsOf, standingConsent } from "./consent.ts";
import type { Consent, ContactPreference } from "./contact-preferences.ts";
import { holdsAt } from "./place-rule.ts";
import { checkCallingPolicy } from "./policy-check.ts";

/**
 * A rule that refused an attempt.
 *
 * - `stopped`: all dialling is stopped
 * - `destination`: numbers of this country or kind are not dialled
 * - `consent`: no consent that counts
 * - `do-not-call`: the number's owner opted out
 * - `zone`, `place`: it is not known when, or where, the callee is
 * - `window`: outside the hours of the callee's place
 * - `closed-day`: a holiday, or a date on which the clinic does not call
 * - `cap`: as many attempts as there may be
 */
export type PolicyRule =
  | "stopped"
  | "destination"
  | "consent"
  | "do-not-call"
  | "zone"
  | "place"
  | "window"
  | "closed-day"
  | "cap";

/** Why an attempt was refused. */
export interface PolicyReason {
  /** The rule. */
  readonly rule: PolicyRule;
  /** The rule in words, without the patient's data. */
  readonly explanation: string;
}

/** What the policy says of one attempt at one moment. */
export type PolicyDecision =
  | ({ readonly allowed: true } & CalleePlace)
  | ({
      readonly allowed: false;
      /** Every reason, not only the first. */
      readonly reasons: readonly PolicyReason[];
      /** The earliest instant (milliseconds since 1970) at which time alone would lift the refusal; absent when it would not. */
      readonly earliest?: number;
    } & CalleePlace);

/** What the policy looks at. */
export interface PolicyFacts extends CalleeFacts {
  /** The instant, in milliseconds since 1970. */
  readonly now: number;
  /** The consent that the caller of `makeCall` names; it or the one on record has to count. */
  readonly consent?: Consent | undefined;
  /** What is on record for the number. */
  readonly preference: ContactPreference;
  /** Since when (RFC 3339) the switch stops all dialling; left out when it does not. */
  readonly stoppedAt?: string | undefined;
  /** Earlier attempts, to decide the caps too. Without them caps are left to the ledger, which counts in any case. */
  readonly attempts?: EarlierAttempts | undefined;
}

const timeRules: readonly PolicyRule[] = ["window", "closed-day", "cap"];

function timesOf(
  policy: CallingPolicy,
  { phoneNumber }: CalleeFacts,
  places: readonly string[],
): CallingTimes {
  const exception = policy.windowExceptions.find(({ numbers }) => new RegExp(numbers).test(phoneNumber));
  if (exception) return { window: exception.window, holidays: [], closedDates: [] };
  const rules = policy.placeRules.filter((rule) => places.some((place) => holdsAt(rule, place)));
  const window = intersectWindows([policy.window, ...rules.map((rule) => rule.window)]);
  return { window, holidays: policy.holidays, closedDates: policy.closedDates };
}

/** The first instant at which hours, days and caps allow the attempt together. */
function earliestAllowed(
  policy: CallingPolicy,
  times: CallingTimes,
  zones: readonly string[],
  { now, attempts }: PolicyFacts,
): number | undefined {
  let at = nextOpening(times, zones, now);
  while (at !== undefined && attempts) {
    const full = fullCaps(attemptCaps(policy, zones, at), attempts);
    if (full.length === 0) return at;
    const lifted = capsMayLift(full, zones, at, attempts);
    at = lifted === undefined ? undefined : nextOpening(times, zones, lifted);
  }
  return at;
}

function refusedDestination(
  { destinations }: CallingPolicy,
  { country, kind }: PhoneNumberDetails,
): string | undefined {
  if (country && destinations.countries.includes(country) && destinations.kinds.includes(kind))
    return undefined;
  return `A ${kind} number of ${country ?? "no country"} is not among the allowed destinations.`;
}

/**
 * Decides whether a number may be dialled now. Pure; whatever is unknown refuses. Caps are decided where `attempts` are
 * given; the ledger counts them again in its own transactions.
 *
 * @throws SipVoiceError `invalid-option` when the policy itself has the wrong shape
 * @example
 * ```ts
 * import { decide, defaultCallingPolicy, parsePhoneNumber } from "@clinic/sip-voice";
 *
 * const decision = decide(defaultCallingPolicy, {
 *   phoneNumber: parsePhoneNumber("+15105550111"),
 *   now: Date.parse("2026-11-23T03:00:00-08:00"),
 *   consent: { basis: "given-at-booking", recordedAt: "2026-10-01T09:00:00Z" },
 *   preference: { consent: undefined, optedOutAt: undefined },
 * });
 * if (!decision.allowed) console.log(decision.reasons[0]?.rule, decision.earliest); // window, 8:00 in California
 * ```
 */
export function decide(policy: CallingPolicy, facts: PolicyFacts): PolicyDecision {
  checkCallingPolicy(policy);
  const { now, preference, attempts } = facts;
  const reasons: PolicyReason[] = [];
  const refuse = (rule: PolicyRule, explanation: string): void => void reasons.push({ rule, explanation });

  if (policy.stopped || facts.stoppedAt !== undefined) refuse("stopped", "All dialling is stopped.");
  const details = describePhoneNumber(facts.phoneNumber);
  const destination = refusedDestination(policy, details);
  if (destination) refuse("destination", destination);
  const standing = standingConsent(policy.consent, consentsOf(facts), now);
  if ("refusal" in standing) refuse("consent", standing.refusal);
  // No consent undoes an opt-out, however new: only the owner's wish does, as `undoOptOut`.
  if (preference.optedOutAt !== undefined) refuse("do-not-call", "The number's owner wants no calls.");

  const where = calleePlace(facts, details.country);
  const { zones, places } = where;
  const times = timesOf(policy, facts, places);
  if (facts.place && places.length === 0)
    refuse("place", "The callee's state or country on file is not known.");
  if (zones.length === 0) refuse("zone", "The time zone at the callee's place is unknown.");
  else {
    const closed = closedAt(times, zones, now);
    if (closed === "holiday") refuse("closed-day", "It is a holiday at the callee's place.");
    if (closed === "closed-date") refuse("closed-day", "The clinic calls nobody on this date.");
    if (!isInHours(times, zones, now))
      refuse("window", "It is outside the calling hours at the callee's place.");
    const full = attempts ? fullCaps(attemptCaps(policy, zones, now), attempts) : [];
    for (const cap of full) refuse("cap", capInWords(cap));
  }
  if (reasons.length === 0) return { allowed: true, ...where };
  const onlyTime = reasons.every(({ rule }) => timeRules.includes(rule));
  const earliest = onlyTime ? earliestAllowed(policy, times, zones, facts) : undefined;
  return { allowed: false, reasons, ...where, ...(earliest === undefined ? {} : { earliest }) };
}

/**
 * The decision on an attempt that the rules allowed and whose caps a ledger found full. How old the counted attempts are
 * only the ledger knows, so `earliest` is when the first of them may drop out: ask again then.
 */
export function decideCapped(
  policy: CallingPolicy,
  facts: PolicyFacts,
  full: readonly PolicyCap[],
): PolicyDecision & { allowed: false } {
  const { country } = describePhoneNumber(facts.phoneNumber);
  const where = calleePlace(facts, country);
  const lifted = capsMayLift(full, where.zones, facts.now);
  const earliest = lifted && nextOpening(timesOf(policy, facts, where.places), where.zones, lifted);
  const reasons = full.map((cap): PolicyReason => ({ rule: "cap", explanation: capInWords(cap) }));
  return { allowed: false, reasons, ...where, ...(earliest === undefined ? {} : { earliest }) };
}
