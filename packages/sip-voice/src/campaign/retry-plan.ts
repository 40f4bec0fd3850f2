import { SipVoiceError } from "../errors.ts";
import type { DialOutcomeName } from "../sip/dial-outcome.ts";

/**
 * What a try can come to, as retries go by it: the outcome of its attempt, and besides
 *
 * - `machine`: a machine took the call and no message could be left
 * - `message-left`: a machine took the call, and has the message
 * - `screener`: an assistant that asks who is calling did not put the call through
 * - `skipped`: there was nothing to call about
 * - `broken`: LiveKit did not answer before anybody was rung
 */
export type TryOutcome = DialOutcomeName | "machine" | "message-left" | "screener" | "skipped" | "broken";

/** What to do after a try. */
export type RetryRule =
  /** Call again after so many milliseconds. A try with `burnsNone` does not count against {@link RetryPlan.mostTries}. */
  | { readonly again: true; readonly afterMs: number; readonly burnsNone?: true }
  /** Not again; `forReview` where a person has to look at it. */
  | { readonly again: false; readonly forReview?: true };

/** When a contact is called again. */
export interface RetryPlan {
  /** After how many tries that may have rung a contact is given up. */
  readonly mostTries: number;
  /** After how many tries for which nobody was rung a person has to look at it. Refusals that time lifts don't count. */
  readonly mostUnrung: number;
  /** What to do after each outcome. */
  readonly rules: Readonly<Record<TryOutcome, RetryRule>>;
}

const minuteMs = 60_000;
const over: RetryRule = { again: false };
const review: RetryRule = { again: false, forReview: true };
const again = (minutes: number): RetryRule => ({ again: true, afterMs: minutes * minuteMs });
const unburnt = (minutes: number): RetryRule => ({
  again: true,
  afterMs: minutes * minuteMs,
  burnsNone: true,
});

/**
 * Three tries; the rules follow each outcome's `retry`. A refusal by the policy is tried again at the earliest moment that the
 * policy names; the time here counts where it names none.
 *
 * @example
 * ```ts
 * import { defaultRetryPlan, type RetryPlan } from "@clinic/sip-voice";
 *
 * const patient: RetryPlan = {
 *   ...defaultRetryPlan,
 *   rules: { ...defaultRetryPlan.rules, busy: { again: true, afterMs: 5 * 60_000 } },
 * };
 * console.log(patient.mostTries); // 3
 * ```
 */
export const defaultRetryPlan: RetryPlan = {
  mostTries: 3,
  mostUnrung: 20,
  rules: {
    answered: over,
    busy: again(15),
    "no-answer": again(4 * 60),
    unreachable: again(30),
    machine: again(4 * 60),
    "message-left": over,
    screener: again(4 * 60),
    declined: review,
    "invalid-number": over,
    "trunk-capacity": unburnt(1),
    "agent-unavailable": unburnt(2),
    broken: unburnt(1),
    "refused-by-policy": unburnt(1),
    "trunk-refused": review,
    cancelled: unburnt(0),
    unknown: review,
    skipped: over,
  },
};

/** Refuses a plan that types could not check. */
export function checkRetryPlan(plan: RetryPlan): void {
  const fail = (field: string, remedy: string): never => {
    throw new SipVoiceError("invalid-option", `The retry plan's ${field} has the wrong shape.`, {
      field: `retries.${field}`,
      remedy,
    });
  };
  for (const field of ["mostTries", "mostUnrung"] as const) {
    if (!Number.isInteger(plan?.[field]) || plan[field] < 1 || plan[field] > 1_000)
      fail(field, "Give a whole number from 1 to 1000.");
  }
  for (const outcome of Object.keys(defaultRetryPlan.rules) as TryOutcome[]) {
    const rule = plan.rules?.[outcome];
    const isFine = rule?.again === false || (rule?.again === true && rule.afterMs >= 0);
    if (!isFine) fail(`rules.${outcome}`, "Begin with `defaultRetryPlan`.");
  }
}
