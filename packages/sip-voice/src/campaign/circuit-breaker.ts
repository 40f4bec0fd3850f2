import type { AttemptId } from "../call/identifiers.ts";
import type { TryOutcome } from "./retry-plan.ts";

/** When a campaign stops calling by itself. */
export interface BreakerRule {
  /** After how many failures in a row. */
  readonly failures: number;
  /** How long it waits the first time, in milliseconds; twice as long each time that the one call after it fails too. */
  readonly waitMs: number;
  /** The longest that it waits, in milliseconds. */
  readonly longestWaitMs: number;
  /** What counts as a failure: what tells of the clinic's own trunk, agent or LiveKit, not of a patient. */
  readonly counts: readonly TryOutcome[];
}

/** Five failures in a row; waits a minute at first and 15 at the most. */
export const defaultBreakerRule: BreakerRule = {
  failures: 5,
  waitMs: 60_000,
  longestWaitMs: 15 * 60_000,
  counts: ["agent-unavailable", "broken", "trunk-refused", "unknown", "unreachable"],
};

/** Whether a campaign calls. */
export type CircuitState =
  /** It does. */
  | { readonly kind: "closed" }
  /** It does not, until this instant (milliseconds since 1970), after so many failures in a row, the last of them this one. */
  | { readonly kind: "open"; readonly until: number; readonly failures: number; readonly last: TryOutcome }
  /** One call is being made; what comes of it decides. */
  | { readonly kind: "trying"; readonly attemptId: AttemptId };

/** Outcomes that tell nothing of trunk, agent and LiveKit. */
const silent: readonly TryOutcome[] = ["refused-by-policy", "skipped", "cancelled", "trunk-capacity"];

/** Stops calling when failures pile up, tries one call after a while, and goes on when that works. */
export class CircuitBreaker {
  readonly #rule: BreakerRule;
  readonly #onChange: (state: CircuitState) => void;
  #state: CircuitState = { kind: "closed" };
  #failures = 0;
  #waitMs: number;

  constructor(rule: BreakerRule, onChange: (state: CircuitState) => void) {
    this.#rule = rule;
    this.#waitMs = rule.waitMs;
    this.#onChange = onChange;
  }

  /** Until when no call may begin: `undefined` when one may, infinite while the one call is out. */
  holdsUntil(now: number): number | undefined {
    const state = this.#state;
    if (state.kind === "trying") return Number.POSITIVE_INFINITY;
    if (state.kind === "closed") return undefined;
    // A clock that was moved back must not keep it open for longer than it was to be.
    return state.until > now && state.until <= now + this.#rule.longestWaitMs ? state.until : undefined;
  }

  /** A call begins; the first one after the wait decides. */
  began(attemptId: AttemptId): void {
    if (this.#state.kind === "open") this.#change({ kind: "trying", attemptId });
  }

  /** A try has come to something. */
  ended(attemptId: AttemptId, outcome: TryOutcome, now: number): void {
    const state = this.#state;
    const isProbe = state.kind === "trying" && state.attemptId === attemptId;
    if (state.kind !== "closed" && !isProbe) return;
    const isFailure = this.#rule.counts.includes(outcome);
    if (silent.includes(outcome) && !isFailure) {
      // It says nothing: the next call is to tell.
      if (isProbe) this.#change({ kind: "open", until: now, failures: this.#failures, last: outcome });
      return;
    }
    if (!isFailure) {
      this.#failures = 0;
      this.#waitMs = this.#rule.waitMs;
      if (isProbe) this.#change({ kind: "closed" });
      return;
    }
    this.#failures += 1;
    if (!isProbe && this.#failures < this.#rule.failures) return;
    if (isProbe) this.#waitMs = Math.min(this.#waitMs * 2, this.#rule.longestWaitMs);
    this.#change({ kind: "open", until: now + this.#waitMs, failures: this.#failures, last: outcome });
  }

  #change(state: CircuitState): void {
    this.#state = state;
    this.#onChange(state);
  }
}
