import { expect, test } from "vitest";
import type { Claim } from "../../src/claim.ts";
import { oneLineOf, runCommandLine } from "./command-line.ts";

// The process is slow where the machine is; how soon something is heard is for the proof itself to claim.
const withinMs = 400_000;
const timed = /within/;

test("prove guard --quick: whatever way the model fails, keys work and it comes back", {
  timeout: withinMs,
}, async () => {
  const run = await runCommandLine("prove", "guard", "--quick", "--json");
  const document = oneLineOf(run);
  expect(document.name).toBe("guard");
  const claims = document.claims as Claim[];
  expect(claims).toHaveLength(7);
  for (const { claim, tried, held, evidence } of claims) {
    expect(tried, claim).toBeGreaterThanOrEqual(/is left/.test(claim) ? 1 : 5);
    if (!timed.test(claim)) expect(held, `${claim}: ${evidence}`).toBe(tried);
  }
});
