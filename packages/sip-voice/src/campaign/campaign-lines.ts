import type { AttemptId } from "../call/identifiers.ts";
import type { PlannedCall } from "../outbound/planned-call.ts";
import type { CampaignEvent } from "./campaign-event.ts";
import type { TryEnd } from "./campaign-store.ts";
import { type BreakerRule, CircuitBreaker } from "./circuit-breaker.ts";
import { type CampaignPace, lineKeptSince, waitForLine } from "./pace.ts";
import type { TryOutcome } from "./retry-plan.ts";
import { TrunkThrottle } from "./trunk-throttle.ts";

/** Outcomes that tell that the trunk took the call. */
const takenByTrunk: readonly TryOutcome[] = [
  "answered",
  "busy",
  "declined",
  "invalid-number",
  "machine",
  "message-left",
  "no-answer",
  "screener",
];

/**
 * When one process may begin its next call, by its own calls alone: pace, full trunk and circuit breaker. What other processes do is for the
 * store to say; this only keeps from asking it in vain.
 */
export class CampaignLines {
  readonly #pace: CampaignPace;
  readonly #throttle: TrunkThrottle;
  readonly #breaker: CircuitBreaker;
  readonly #onEvent: (event: CampaignEvent) => void;
  readonly #calling = new Set<AttemptId>();
  #rests: number[] = [];
  #last: { readonly attemptId: AttemptId; readonly at: number } | undefined;

  constructor(
    pace: CampaignPace,
    { plan, breaker }: { readonly plan: Pick<PlannedCall, "policy">; readonly breaker: BreakerRule },
    onEvent: (event: CampaignEvent) => void,
  ) {
    this.#pace = pace;
    // More would only be refused: the ledger counts the clinic's calls that are being dialled.
    const most = Math.min(pace.concurrency, Math.max(1, Math.floor(plan.policy.caps.concurrency)));
    this.#throttle = new TrunkThrottle(most);
    this.#breaker = new CircuitBreaker(breaker, (state) => onEvent({ type: "circuit", state }));
    this.#onEvent = onEvent;
  }

  /** The pace as it is now: slower while the trunk is full. */
  get pace(): CampaignPace {
    return { ...this.#pace, concurrency: this.#throttle.lines };
  }

  /** Until when no call may begin; `undefined` when one may. */
  holdsUntil(now: number): number | undefined {
    const since = lineKeptSince(this.#pace, now);
    this.#rests = this.#rests.filter((at) => at > since);
    const seen = { calling: this.#calling.size, endedAt: this.#rests, lastBeganAt: this.#last?.at };
    const holds = [
      this.#breaker.holdsUntil(now),
      this.#throttle.holdsUntil(now),
      waitForLine(this.pace, seen, now),
    ].filter((until) => until !== undefined);
    return holds.length > 0 ? Math.max(...holds) : undefined;
  }

  /** A call begins. */
  began(attemptId: AttemptId, at: number): void {
    this.#calling.add(attemptId);
    this.#last = { attemptId, at };
    this.#breaker.began(attemptId);
  }

  /** A try has come to something: how it ends now, since a full trunk puts it off for longer. */
  ended(attemptId: AttemptId, end: TryEnd): TryEnd {
    const { result, endedAt, rang, next } = end;
    this.#breaker.ended(attemptId, result.outcome, endedAt);
    if (rang) this.#rests.push(endedAt);
    // One for which nobody was rung does not hold the next one up.
    else if (this.#last?.attemptId === attemptId) this.#last = undefined;
    if (takenByTrunk.includes(result.outcome)) this.#throttle.taken();
    if (result.outcome !== "trunk-capacity" || "end" in next) return end;
    const until = this.#throttle.full(endedAt);
    this.#onEvent({ type: "trunk-full", concurrency: this.#throttle.lines, until });
    return { ...end, next: { notBefore: Math.max(next.notBefore, until) } };
  }

  /** A call has left its line. */
  left(attemptId: AttemptId): void {
    this.#calling.delete(attemptId);
  }
}
