import { setTimeout as pause } from "node:timers/promises";
import { tooSlow } from "./store-unavailable.ts";

/** How often a request is made at the most. */
const mostTries = 4;
const firstPauseMs = 100;
/** Answers that may be other ones a moment later. */
const passing = new Set([408, 500, 502, 503, 504]);

/** What a `Retry-After` asks for, in milliseconds (RFC 9110, 10.2.3: seconds or a date); `undefined` without one. */
export function retryAfterMs(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const seconds = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}

/**
 * Makes a request again where that is safe and may help: a read after a failure that may pass, any request after 429, which the server
 * has not looked at. A write is never repeated otherwise: nobody knows whether the first one was kept.
 *
 * @param until - when there is no time left, by `performance.now()`
 */
export async function withAttempts(
  isRead: boolean,
  until: number,
  signal: AbortSignal,
  attempt: () => Promise<Response>,
): Promise<Response> {
  for (let tries = 1; ; tries++) {
    let answer: Response | undefined;
    let failure: unknown;
    try {
      answer = await attempt();
    } catch (error) {
      failure = error;
    }
    const mayPass = answer ? passing.has(answer.status) : true;
    const isWorthIt = answer?.status === 429 || (isRead && mayPass);
    const wait =
      retryAfterMs(answer?.headers.get("retry-after") ?? null, Date.now()) ??
      firstPauseMs * 2 ** (tries - 1) * (0.5 + Math.random());
    const isTime = performance.now() + wait < until && !signal.aborted;
    if (!isWorthIt || tries === mostTries || !isTime) {
      if (answer) return answer;
      throw failure;
    }
    await answer?.body?.cancel();
    await pause(wait, undefined, { signal }).catch((cause) => {
      throw tooSlow(cause);
    });
  }
}
