import { dialFailure } from "../sip/dial-outcome.ts";
import type { CallPorts } from "./planned-call.ts";

/** Longer than any ringing that `makeCall` allows, and the answer's way back. */
const longestDialMs = 120_000;

/**
 * Ends attempts whose process is gone, so that they do not count as under way for ever: a reservation that has run out is
 * released, since nobody was rung; one that was being dialled becomes `unknown`, for a person to look at.
 */
export async function endStaleAttempts({ ledger, clock, logger }: CallPorts): Promise<void> {
  const now = clock.now();
  for (const { attemptId, state, lease, leaseUntil, dialingAt } of await ledger.underWay()) {
    const ranOut = state === "reserved" && leaseUntil <= now;
    const hung = state === "dialing" && (dialingAt ?? 0) + longestDialMs <= now;
    if (!ranOut && !hung) continue;
    try {
      if (ranOut) await ledger.release(attemptId, lease, dialFailure("cancelled"), now);
      else await ledger.settle(attemptId, dialFailure("unknown"), now);
      logger.warn({ attemptId, state }, "an attempt that was left behind was ended");
    } catch (error) {
      // Another process was quicker; the next reservation sees what it did.
      logger.debug({ error, attemptId }, "an attempt that was left behind has ended meanwhile");
    }
  }
}
