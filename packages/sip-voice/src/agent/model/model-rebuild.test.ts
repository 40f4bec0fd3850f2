import { describe, expect, it } from "vitest";
import { pause } from "../../clock.ts";
import { simulatedClock } from "../../testing/simulated-clock.ts";
import { ModelRebuild, rebuildWaits } from "./model-rebuild.ts";

function rebuilding(outcomes: readonly (boolean | Error)[], buildMs = 100) {
  const clock = simulatedClock();
  const over = new AbortController();
  const told: string[] = [];
  const startedAt = clock.now();
  const left = [...outcomes];
  const rebuild = new ModelRebuild({
    clock,
    over: over.signal,
    build: async () => {
      told.push(`build at ${clock.now() - startedAt}`);
      await pause(clock, buildMs);
      const outcome = left.shift();
      if (outcome instanceof Error) throw outcome;
      return outcome ?? false;
    },
    onRestored: (afterMs) => told.push(`restored after ${afterMs}`),
    onGivenUp: () => told.push("given up"),
  });
  return { clock, over, told, rebuild };
}

describe("the rebuild of a model", () => {
  it("is tried at once", async () => {
    const { clock, told, rebuild } = rebuilding([true]);
    void rebuild.lost();
    expect(rebuild.working).toBe(true);
    await clock.advance(100);
    expect(told).toEqual(["build at 0", "restored after 100"]);
    expect(rebuild.working).toBe(false);
  });

  it("is tried again after a while when it did not work, or failed", async () => {
    const { clock, told, rebuild } = rebuilding([false, new Error("no"), true]);
    void rebuild.lost();
    await clock.advance(10_000);
    expect(told).toEqual(["build at 0", "build at 1100", "build at 4200", "restored after 4300"]);
  });

  it("is given up after as many tries as a call has, also when they worked for a while", async () => {
    const { clock, told, rebuild } = rebuilding([true, true, true, true]);
    for (let lost = 0; lost < rebuildWaits.length + 1; lost++) {
      void rebuild.lost();
      await clock.advance(60_000);
    }
    expect(told.filter((one) => one.startsWith("restored"))).toHaveLength(rebuildWaits.length);
    expect(told.at(-1)).toBe("given up");
  });

  it("is not begun twice at a time", async () => {
    const { clock, told, rebuild } = rebuilding([true]);
    void rebuild.lost();
    void rebuild.lost();
    await clock.advance(10_000);
    expect(told).toHaveLength(2);
  });

  it("ends with the call, and tells nothing then", async () => {
    const { clock, over, told, rebuild } = rebuilding([false, true]);
    void rebuild.lost();
    await clock.advance(500);
    over.abort();
    await clock.advance(10_000);
    expect(told).toEqual(["build at 0"]);
    expect(clock.pendingTimers).toBe(0);
  });
});
