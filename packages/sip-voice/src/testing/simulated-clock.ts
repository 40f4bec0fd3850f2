import { setImmediate as nextTurn } from "node:timers/promises";
import type { Clock } from "../clock.ts";
import { SipVoiceError } from "../errors.ts";

/** A clock that stands still until a test moves it. */
export interface SimulatedClock extends Clock {
  /**
   * Moves the time on by so many milliseconds and fires the timers that fall due, in the order of their times (those of
   * one time in the order in which they were set). After each one, promises that wait for it go on, so that timers that
   * they set fire too. What a promise does outside of this process is not waited for.
   *
   * @throws SipVoiceError `invalid-option` when asked to go back
   */
  advance(ms: number): Promise<void>;
  /** How many timers wait: 0 when nothing was left behind. */
  readonly pendingTimers: number;
}

interface PendingTimer {
  readonly at: number;
  readonly onFire: () => void;
}

/** Monday, 10:00 in California: inside of calling hours. */
const monday = Date.parse("2026-11-23T10:00:00-08:00");

/**
 * Makes a clock for tests.
 *
 * @param startMs - the first instant, in milliseconds since 1970; Monday 23 November 2026, 10:00 in California, unless given
 * @example
 * ```ts
 * import { pause } from "@clinic/sip-voice";
 * import { simulatedClock } from "@clinic/sip-voice/testing";
 *
 * const clock = simulatedClock();
 * const rang = pause(clock, 30_000);
 * await clock.advance(30_000);
 * await rang;
 * console.log(clock.pendingTimers); // 0
 * ```
 */
export function simulatedClock(startMs: number = monday): SimulatedClock {
  let now = startMs;
  let timers: PendingTimer[] = [];
  let moving: Promise<void> = Promise.resolve();

  /** The timer that fires next; of several at one time the one that was set first. */
  function next(until: number): PendingTimer | undefined {
    const due = timers.filter(({ at }) => at <= until);
    return due.reduce<PendingTimer | undefined>(
      (first, one) => (first && first.at <= one.at ? first : one),
      undefined,
    );
  }

  async function move(until: number): Promise<void> {
    await nextTurn();
    for (let timer = next(until); timer; timer = next(until)) {
      const fired = timer;
      timers = timers.filter((one) => one !== fired);
      now = Math.max(now, fired.at);
      fired.onFire();
      await nextTurn();
    }
    now = until;
  }

  return {
    now: () => now,
    setTimer(onFire, delayMs) {
      const timer: PendingTimer = { at: now + Math.max(0, delayMs || 0), onFire };
      timers.push(timer);
      return {
        cancel() {
          timers = timers.filter((one) => one !== timer);
        },
      };
    },
    async advance(ms) {
      if (!(ms >= 0 && Number.isFinite(ms))) {
        const remedy = "Give milliseconds, 0 or more.";
        throw new SipVoiceError("invalid-option", "A clock can't go back.", { field: "ms", remedy });
      }
      // One after the other, so that two that were not awaited add up.
      const moved = moving.then(() => move(now + ms));
      moving = moved.catch(() => {});
      await moved;
    },
    get pendingTimers() {
      return timers.length;
    },
  };
}
