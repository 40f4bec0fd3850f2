/** A timer that can be taken back. */
export interface Timer {
  /** Cancels the timer; doing so twice, or after it fired, does nothing. */
  cancel(): void;
}

/**
 * Where time comes from. Everything that waits takes a clock, so that tests decide what time it is.
 *
 * @example
 * ```ts
 * import { systemClock } from "@clinic/sip-voice";
 *
 * const timer = systemClock.setTimer(() => console.log("rang for 30 s"), 30_000);
 * timer.cancel();
 * ```
 */
export interface Clock {
  /** The instant, in milliseconds since 1970-01-01T00:00Z. */
  now(): number;
  /** Calls `onFire` once after `delayMs` milliseconds. */
  setTimer(onFire: () => void, delayMs: number): Timer;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimer(onFire, delayMs) {
    const handle = setTimeout(onFire, delayMs);
    return { cancel: () => clearTimeout(handle) };
  },
};

/** Resolves after `delayMs` milliseconds, or at once when `signal` is aborted (look at the signal afterwards). */
export function pause(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const timer = clock.setTimer(done, delayMs);
    function done(): void {
      timer.cancel();
      signal?.removeEventListener("abort", done);
      resolve();
    }
    signal?.addEventListener("abort", done, { once: true });
  });
}
