import { describe, expect, it } from "vitest";
import { simulatedClock } from "../../testing/simulated-clock.ts";
import { CallerSilence } from "./caller-silence.ts";

function watched() {
  const clock = simulatedClock();
  const startedAt = clock.now();
  const silentAt: number[] = [];
  const seen = { lastHeard: 0, busy: false };
  const silence = new CallerSilence({
    clock,
    afterMs: 10_000,
    lastHeard: () => seen.lastHeard,
    busy: () => seen.busy,
    onSilent: () => silentAt.push(clock.now() - startedAt),
  });
  silence.start();
  return { clock, silence, silentAt, seen };
}

describe("a caller's silence", () => {
  it("is noticed after its time, and again after as long a one", async () => {
    const { clock, silentAt } = watched();
    await clock.advance(31_000);
    expect(silentAt).toEqual([10_000, 20_000, 30_000]);
  });

  it("ends with a word or a key", async () => {
    const { clock, seen, silentAt } = watched();
    await clock.advance(9_000);
    seen.lastHeard = clock.now();
    await clock.advance(9_000);
    expect(silentAt).toEqual([]);
    await clock.advance(1_500);
    expect(silentAt).toEqual([19_000]);
  });

  it("is none while it is not the caller's turn, and counts from the end of that", async () => {
    const { clock, seen, silentAt } = watched();
    seen.busy = true;
    await clock.advance(120_000);
    expect(silentAt).toEqual([]);
    seen.busy = false;
    await clock.advance(9_500);
    expect(silentAt).toEqual([]);
    await clock.advance(1_000);
    expect(silentAt).toHaveLength(1);
  });

  it("is not looked for any more once that was stopped", async () => {
    const { clock, silence, silentAt } = watched();
    silence.stop();
    await clock.advance(60_000);
    expect(silentAt).toEqual([]);
    expect(clock.pendingTimers).toBe(0);
  });

  it("is looked for once, however often that was started", async () => {
    const { clock, silence, silentAt } = watched();
    silence.start();
    silence.start();
    await clock.advance(10_000);
    expect(silentAt).toEqual([10_000]);
    expect(clock.pendingTimers).toBe(1);
  });
});
