import type { Clock } from "../../clock.ts";

/** Bounds how many taps are taken in a span of time, whoever sends them: no person taps faster. */
export class TapLimit {
  readonly #clock: Clock;
  readonly #most: number;
  readonly #withinMs: number;
  #taken: number[] = [];

  /** At most `most` taps in any `withinMs` milliseconds. */
  constructor(clock: Clock, most = 20, withinMs = 5_000) {
    this.#clock = clock;
    this.#most = most;
    this.#withinMs = withinMs;
  }

  /** Whether one more tap is taken now; if so, it counts. */
  take(): boolean {
    const now = this.#clock.now();
    this.#taken = this.#taken.filter((at) => at > now - this.#withinMs);
    if (this.#taken.length >= this.#most) return false;
    this.#taken.push(now);
    return true;
  }
}
