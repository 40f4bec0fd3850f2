import { Temporal } from "temporal-polyfill";
import { describePhoneNumber, type PhoneNumber } from "../phone/phone-number.ts";
import { timeZonesOf } from "../phone/time-zone.ts";
import { type CallingPolicy, type CallingWindow, checkCallingPolicy } from "./calling-policy.ts";
import type { Consent, ContactPreference } from "./contact-preferences.ts";

/** A rule that refused an attempt. */
export type PolicyRule = "stopped" | "destination" | "consent" | "do-not-call" | "zone" | "window" | "cap";

/** Why an attempt was refused. */
export interface PolicyReason {
  /** The rule. */
  readonly rule: PolicyRule;
  /** The rule in words, without the patient's data. */
  readonly explanation: string;
}

/** What the policy says of one attempt at one moment. */
export type PolicyDecision =
  | { readonly allowed: true; readonly zones: readonly string[] }
  | {
      readonly allowed: false;
      /** Every reason, not only the first. */
      readonly reasons: readonly PolicyReason[];
      /** The earliest instant (milliseconds since 1970) at which time alone would lift the refusal; absent when it would not. */
      readonly earliest?: number;
    };

/** What the policy looks at. */
export interface PolicyFacts {
  /** The number to be called. */
  readonly phoneNumber: PhoneNumber;
  /** The instant, in milliseconds since 1970. */
  readonly now: number;
  /** The patient's own IANA time zone, where it is known. */
  readonly timeZone?: string | undefined;
  /** The consent that the caller of `makeCall` names. */
  readonly consent?: Consent | undefined;
  /** What is on record for the number. */
  readonly preference: ContactPreference;
}

const dayMs = 86_400_000;

function windowOf(policy: CallingPolicy, phoneNumber: PhoneNumber): CallingWindow {
  return (
    policy.windowExceptions.find(({ numbers }) => new RegExp(numbers).test(phoneNumber))?.window ??
    policy.window
  );
}

/** The first instant at or after `at` that is inside the window in one zone; `undefined` when none comes within eight days. */
function opening(window: CallingWindow, zone: string, at: number): number | undefined {
  const start = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
  for (let days = 0; days <= 8; days++) {
    const midnight = start.startOfDay().add({ days });
    const hours = window[midnight.dayOfWeek as keyof CallingWindow];
    if (!hours) continue;
    const opens = midnight.withPlainTime(hours.from).epochMilliseconds;
    const closes =
      hours.to === "24:00"
        ? midnight.add({ days: 1 }).startOfDay().epochMilliseconds
        : midnight.withPlainTime(hours.to).epochMilliseconds;
    if (at < closes) return Math.max(at, opens);
  }
  return undefined;
}

/** The first instant at or after `now` that is inside the window in all zones at once. */
function openEverywhere(window: CallingWindow, zones: readonly string[], now: number): number | undefined {
  let at = now;
  while (at < now + 8 * dayMs) {
    const openings = zones.map((zone) => opening(window, zone, at));
    if (openings.includes(undefined)) return undefined;
    const latest = Math.max(...(openings as number[]));
    if (latest === at) return at;
    at = latest;
  }
  return undefined;
}

function isTimeZone(name: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
}

/** The time zones that a decision is made under: the patient's own, else every zone of the number; none when unknown. */
export function zonesFor(phoneNumber: PhoneNumber, timeZone: string | undefined): readonly string[] {
  if (!timeZone) return timeZonesOf(phoneNumber);
  return isTimeZone(timeZone) ? [timeZone] : [];
}

/** The instant at which the calendar day of `now` began, `daysBefore` days back, in the zone where it began first. */
export function startOfDay(zones: readonly string[], now: number, daysBefore = 0): number {
  const starts = zones.map(
    (zone) =>
      Temporal.Instant.fromEpochMilliseconds(now)
        .toZonedDateTimeISO(zone)
        .subtract({ days: daysBefore })
        .startOfDay().epochMilliseconds,
  );
  return Math.min(...starts, now);
}

/**
 * Decides whether a number may be dialled now. Pure; whatever is unknown refuses. Caps are not decided here but
 * counted where attempts are kept: in the ledger's own transactions.
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
  const { phoneNumber, now, preference } = facts;
  const reasons: PolicyReason[] = [];
  const refuse = (rule: PolicyRule, explanation: string): void => void reasons.push({ rule, explanation });

  if (policy.stopped) refuse("stopped", "All dialling is stopped.");
  const { country, kind } = describePhoneNumber(phoneNumber);
  if (
    !country ||
    !policy.destinations.countries.includes(country) ||
    !policy.destinations.kinds.includes(kind)
  ) {
    refuse(
      "destination",
      `A ${kind} number of ${country ?? "no country"} is not among the allowed destinations.`,
    );
  }
  const consent = facts.consent ?? preference.consent;
  if (!consent || !(Date.parse(consent.recordedAt) <= now))
    refuse("consent", "No consent to calls is on record.");
  if (preference.optedOutAt !== undefined) refuse("do-not-call", "The number's owner wants no calls.");

  const zones = zonesFor(phoneNumber, facts.timeZone);
  let earliest: number | undefined;
  if (zones.length === 0) refuse("zone", "The time zone at the callee's place is unknown.");
  else {
    earliest = openEverywhere(windowOf(policy, phoneNumber), zones, now);
    if (earliest !== now) refuse("window", "It is outside the calling hours at the callee's place.");
  }
  if (reasons.length === 0) return { allowed: true, zones };
  const onlyTime = reasons.every(({ rule }) => rule === "window");
  return { allowed: false, reasons, ...(onlyTime && earliest !== undefined ? { earliest } : {}) };
}
