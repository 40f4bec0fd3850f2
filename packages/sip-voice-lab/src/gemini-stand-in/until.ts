import { setTimeout as delay } from "node:timers/promises";

/** Waits some milliseconds; rejects when aborted. Doesn't keep the process alive. */
export async function until(milliseconds: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (milliseconds > 0) await delay(milliseconds, undefined, { signal, ref: false });
}
