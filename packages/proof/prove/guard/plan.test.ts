import { describe, expect, it } from "vitest";
import { failureModes, guardPhases, guardPlan } from "./plan.ts";

describe("the plan of prove guard", () => {
  it("has every failure twenty times, and every pair of failure and phase", () => {
    const plan = guardPlan(20);
    for (const mode of failureModes) {
      const phases = plan.filter((one) => one.mode === mode).map(({ phase }) => phase);
      expect(phases).toHaveLength(20);
      expect(new Set(phases)).toEqual(new Set(guardPhases));
    }
  });
});
