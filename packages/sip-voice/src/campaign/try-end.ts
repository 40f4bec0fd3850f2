import { nobodyWasRung } from "../outbound/attempt.ts";
import type { CallResult, EndedCall } from "../outbound/call-result.ts";
import type { TryEnd } from "./campaign-store.ts";
import type { RetryPlan, RetryRule, TryOutcome } from "./retry-plan.ts";
import type { SkipReason, TryResult } from "./try-result.ts";

/** What a try came to: a call, nothing to call about, or a LiveKit that did not answer before anybody was rung. */
export type TryEvent =
  | {
      readonly kind: "called";
      readonly appointmentId: string;
      readonly call: CallResult;
      readonly ended: EndedCall | undefined;
    }
  | { readonly kind: "skipped"; readonly reason: SkipReason }
  | { readonly kind: "broken" };

function outcomeOf({ outcome }: CallResult, ended: EndedCall | undefined): TryOutcome {
  if (outcome !== "answered" || !ended) return outcome;
  if (ended.reached === "machine") return ended.messageLeft ? "message-left" : "machine";
  return ended.reached === "screener" ? "screener" : "answered";
}

function resultOf(event: TryEvent): TryResult {
  if (event.kind === "skipped") return { outcome: "skipped", skipped: event.reason };
  if (event.kind === "broken") return { outcome: "broken" };
  const { call, ended, appointmentId } = event;
  const rules = call.outcome === "refused-by-policy" ? call.reasons.map(({ rule }) => rule) : undefined;
  const sipStatus = "sipStatus" in call ? call.sipStatus : undefined;
  return {
    outcome: outcomeOf(call, ended),
    callId: call.callId,
    appointmentId,
    ...(ended ? { disposition: ended.disposition, reached: ended.reached } : {}),
    ...(sipStatus === undefined ? {} : { sipStatus }),
    ...(rules ? { rules: [...new Set(rules)] } : {}),
  };
}

/** Reasons to skip that say that list and database do not fit. */
const misfits: readonly SkipReason[] = ["no-appointment", "other-number"];

type Next = Pick<TryEnd, "next" | "counts">;

function afterRule(
  rule: RetryRule,
  outcome: TryOutcome,
  plan: RetryPlan,
  tries: TriesMade,
  at: number,
): Next {
  const rung = tries.rungTries + 1;
  const unrung = tries.unrungTries + 1;
  if (!rule.again) {
    const counts = outcome === "skipped" ? "no" : "rung";
    return { counts, next: { end: rule.forReview ? "for-review" : "done" } };
  }
  const next = { notBefore: at + rule.afterMs };
  if (!rule.burnsNone) return { counts: "rung", next: rung < plan.mostTries ? next : { end: "given-up" } };
  // A full trunk says nothing of the contact, nor does somebody who stopped the campaign.
  if (outcome === "trunk-capacity" || outcome === "cancelled") return { counts: "no", next };
  return { counts: "unrung", next: unrung < plan.mostUnrung ? next : { end: "for-review" } };
}

/** The tries that a contact has had before this one. */
export interface TriesMade {
  /** Those that may have rung. */
  readonly rungTries: number;
  /** Those that came to nothing. */
  readonly unrungTries: number;
}

/** How a try ends under a plan: what is kept of it, and whether and when the contact is called again. */
export function tryEndOf(event: TryEvent, plan: RetryPlan, tries: TriesMade, at: number): TryEnd {
  const result = resultOf(event);
  const { outcome } = result;
  const call = event.kind === "called" ? event.call : undefined;
  const rang = call !== undefined && !nobodyWasRung(call);
  const base = { result, endedAt: at, rang };
  if (event.kind === "skipped" && misfits.includes(event.reason))
    return { ...base, counts: "no", next: { end: "for-review" } };
  if (call?.outcome === "refused-by-policy") {
    if (call.retry === "after-review") return { ...base, counts: "no", next: { end: "for-review" } };
    const rule = plan.rules["refused-by-policy"];
    const notBefore = Math.max(at, call.earliest ?? at + (rule.again ? rule.afterMs : 60_000));
    return { ...base, counts: "no", next: { notBefore } };
  }
  return { ...base, ...afterRule(plan.rules[outcome], outcome, plan, tries, at) };
}
