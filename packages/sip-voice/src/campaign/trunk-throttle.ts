/** How long nobody is called after a full trunk, at first and at the most, in milliseconds. */
const firstHoldMs = 10_000;
const longestHoldMs = 5 * 60_000;

/**
 * Slows a campaign down while its trunk is full: half as many lines and a wait after each refusal, one line more for each call that the
 * trunk took.
 */
export class TrunkThrottle {
  readonly #most: number;
  #lines: number;
  #holdMs = firstHoldMs;
  #until = 0;

  constructor(lines: number) {
    this.#most = lines;
    this.#lines = lines;
  }

  /** How many calls there may be at one time now. */
  get lines(): number {
    return this.#lines;
  }

  /** Until when no call may begin; `undefined` when one may. */
  holdsUntil(now: number): number | undefined {
    return this.#until > now && this.#until <= now + longestHoldMs ? this.#until : undefined;
  }

  /** The trunk was full; gives the instant from which on to call again. */
  full(now: number): number {
    // Of several calls that one full trunk refused, the first counts.
    if (this.holdsUntil(now) !== undefined) return this.#until;
    this.#lines = Math.max(1, Math.floor(this.#lines / 2));
    this.#until = now + this.#holdMs;
    this.#holdMs = Math.min(this.#holdMs * 2, longestHoldMs);
    return this.#until;
  }

  /** The trunk took a call. */
  taken(): void {
    this.#lines = Math.min(this.#most, this.#lines + 1);
    this.#holdMs = firstHoldMs;
  }
}
