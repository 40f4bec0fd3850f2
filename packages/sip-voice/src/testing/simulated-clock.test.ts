import { describe, expect, it } from "vitest";
import { pause } from "../clock.ts";
import { simulatedClock } from "./simulated-clock.ts";

describe("the simulated clock", () => {
  it("stands still until it is moved", async () => {
    const clock = simulatedClock(1_000);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(clock.now()).toBe(1_000);
    await clock.advance(50);
    expect(clock.now()).toBe(1_050);
  });

  it("begins inside of calling hours unless told otherwise", () => {
    expect(new Date(simulatedClock().now()).toISOString()).toBe("2026-11-23T18:00:00.000Z");
  });

  it("fires timers in the order of their times, each at its time", async () => {
    const clock = simulatedClock(0);
    const fired: string[] = [];
    for (const [name, delay] of [
      ["late", 30],
      ["early", 10],
      ["same", 10],
      ["after", 31],
      ["never", -5],
    ] as const) {
      clock.setTimer(() => fired.push(`${name} ${clock.now()}`), delay);
    }
    await clock.advance(30);
    expect(fired).toEqual(["never 0", "early 10", "same 10", "late 30"]);
    expect(clock.pendingTimers).toBe(1);
  });

  it("fires timers that are set by promises that went on meanwhile", async () => {
    const clock = simulatedClock(0);
    const seen: number[] = [];
    async function everyTen(): Promise<void> {
      for (let round = 0; round < 5; round++) {
        await pause(clock, 10);
        await Promise.resolve().then(() => Promise.resolve());
        seen.push(clock.now());
      }
    }
    const done = everyTen();
    await clock.advance(100);
    await done;
    expect(seen).toEqual([10, 20, 30, 40, 50]);
    expect(clock.now()).toBe(100);
  });

  it("does not fire a cancelled timer", async () => {
    const clock = simulatedClock(0);
    let fired = 0;
    const timer = clock.setTimer(() => fired++, 10);
    const other = clock.setTimer(() => timer.cancel(), 5);
    await clock.advance(20);
    timer.cancel();
    other.cancel();
    expect(fired).toBe(0);
    expect(clock.pendingTimers).toBe(0);
  });

  it("adds up moves that nobody waited for", async () => {
    const clock = simulatedClock(0);
    await Promise.all([clock.advance(10), clock.advance(5)]);
    expect(clock.now()).toBe(15);
  });

  it("passes on what a timer throws, and can be moved on", async () => {
    const clock = simulatedClock(0);
    clock.setTimer(() => {
      throw new Error("broken");
    }, 5);
    await expect(clock.advance(10)).rejects.toThrow("broken");
    await clock.advance(10);
    expect(clock.now()).toBe(15);
  });

  it("refuses to go back", async () => {
    const clock = simulatedClock(0);
    for (const ms of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      await expect(clock.advance(ms)).rejects.toMatchObject({ code: "invalid-option", field: "ms" });
    }
  });
});
