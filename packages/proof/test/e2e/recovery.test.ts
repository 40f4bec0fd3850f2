import { expect, test } from "vitest";
import type { Claim } from "../../src/claim.ts";
import { oneLineOf, runCommandLine } from "./command-line.ts";

// Safety, never speed: what is claimed has to hold in the short run too.
test.each(["kill", "failover"])("prove %s --quick --json holds", { timeout: 600_000 }, async (proof) => {
  const run = await runCommandLine("prove", proof, "--quick", "--json");
  const { name, claims } = oneLineOf(run) as unknown as { name: string; claims: Claim[] };
  expect(name).toBe(proof);
  const once = claims.find(({ claim }) => /^No attempt rings a telephone (more than once|twice)/.test(claim));
  expect(once?.tried).toBeGreaterThan(5);
  for (const { claim, tried, held, evidence } of claims) {
    expect(tried, claim).toBeGreaterThan(0);
    expect(held, `${claim}: ${evidence}`).toBe(tried);
  }
  expect(run.code).toBe(0);
});
