import { setTimeout as sleep } from "node:timers/promises";

/** What came of waiting. */
export interface Waited {
  /** Whether it came true in time. */
  readonly came: boolean;
  /** How long it took, or was waited for, in milliseconds. */
  readonly ms: number;
}

/** Looks again and again until it is true or the time is over. */
export async function eventually(
  looks: () => boolean | Promise<boolean>,
  withinMs: number,
  everyMs = 100,
): Promise<Waited> {
  const startedAt = performance.now();
  for (;;) {
    if (await looks()) return { came: true, ms: performance.now() - startedAt };
    if (performance.now() - startedAt >= withinMs) return { came: false, ms: performance.now() - startedAt };
    await sleep(everyMs);
  }
}

/** Looks until it is true; throws when it does not come: the stage of a proof could not be set. */
export async function mustCome(
  what: string,
  looks: () => boolean | Promise<boolean>,
  withinMs = 40_000,
): Promise<void> {
  const { came } = await eventually(looks, withinMs, 40);
  if (!came) throw new Error(`${what}: it did not come to that within ${withinMs / 1000} s.`);
}
