import { expect } from "vitest";
import type { StopSwitch } from "../policy/stop-switch.ts";
import {
  type ConformanceCases,
  type ConformanceFactory,
  type ConformanceOptions,
  registerCases,
} from "./conformance.ts";

const first = "2026-11-23T10:00:00-08:00";
const second = "2026-11-23T10:05:00-08:00";

const cases: ConformanceCases<StopSwitch> = {
  "lets calls be made at the beginning": async (stopSwitch) => {
    expect(await stopSwitch.stoppedAt()).toBeUndefined();
  },
  "stops, and keeps the first moment": async (stopSwitch) => {
    await stopSwitch.stop(first);
    await stopSwitch.stop(second);
    expect(await stopSwitch.stoppedAt()).toBe(first);
  },
  "lets calls go on, and can be stopped again": async (stopSwitch) => {
    await stopSwitch.stop(first);
    await stopSwitch.resume();
    expect(await stopSwitch.stoppedAt()).toBeUndefined();
    await stopSwitch.stop(second);
    expect(await stopSwitch.stoppedAt()).toBe(second);
  },
  "can be resumed where nothing was stopped": async (stopSwitch) => {
    await stopSwitch.resume();
    expect(await stopSwitch.stoppedAt()).toBeUndefined();
  },
  "holds for others from the moment that it is written": async (stopSwitch, other) => {
    await stopSwitch.stop(first);
    expect(await other.stoppedAt()).toBe(first);
    await other.resume();
    expect(await stopSwitch.stoppedAt()).toBeUndefined();
  },
};

/**
 * Registers the rules of the `StopSwitch` port as vitest cases.
 *
 * @param name - the adapter, as the test report shows it
 * @param make - makes a switch that stops nothing
 * @param options - cases to skip, with the reason
 * @example
 * ```ts
 * import { memoryStopSwitch } from "@clinic/sip-voice";
 * import { testStopSwitch } from "@clinic/sip-voice/testing";
 *
 * testStopSwitch("my switch", async () => ({ port: memoryStopSwitch() }));
 * ```
 */
export function testStopSwitch(
  name: string,
  make: ConformanceFactory<StopSwitch>,
  options: ConformanceOptions = {},
): void {
  registerCases(`StopSwitch: ${name}`, () => make(undefined), cases, options);
}
