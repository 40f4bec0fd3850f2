import type { NewAttempt } from "./attempt.ts";

/** The longest that `makeCall` lets a telephone ring, in seconds. */
export const longestRingingSeconds = 80;
/** The longest that `makeCall` lets a call last, in seconds. */
export const longestCallSeconds = 3_600;
/** How long after its limit a call may still take up a line, in milliseconds: LiveKit ends it, and everybody hears of it. */
export const lineGraceMs = 60_000;

type Limits = Pick<NewAttempt, "ringingTimeoutSeconds" | "callLimitSeconds">;

/** Until when an attempt whose dialling began at `at` may take up a line, whatever becomes of it. */
export function lineUntilOfDial(limits: Limits, at: number): number {
  const { ringingTimeoutSeconds = longestRingingSeconds, callLimitSeconds = longestCallSeconds } = limits;
  return at + (ringingTimeoutSeconds + callLimitSeconds) * 1000 + lineGraceMs;
}

/** Until when an attempt that is known as answered from `at` on may take up a line. */
export function lineUntilOfAnswer({ callLimitSeconds }: Limits, at: number): number | undefined {
  return callLimitSeconds === undefined ? undefined : at + callLimitSeconds * 1000 + lineGraceMs;
}
