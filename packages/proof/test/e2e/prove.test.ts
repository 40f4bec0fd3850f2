import { describe, expect, test } from "vitest";
import type { Claim } from "../../src/claim.ts";
import { type CommandRun, oneLineOf, runCommandLine } from "./command-line.ts";

// Safety, and the shape of what is printed; never speed. The process is slow where the machine is.
const withinMs = 300_000;

function claimsOf(run: CommandRun, name: string): Claim[] {
  const document = oneLineOf(run);
  expect(Object.keys(document)).toEqual(["name", "claims"]);
  expect(document.name).toBe(name);
  const claims = document.claims as Claim[];
  for (const claim of claims) {
    expect(Object.keys(claim)).toEqual(["claim", "tried", "held", "evidence"]);
    expect(claim.tried, claim.claim).toBeGreaterThan(0);
    expect(claim.held, `${claim.claim}: ${claim.evidence}`).toBe(claim.tried);
  }
  expect(run.code).toBe(0);
  return claims;
}

describe("prove --quick --json", { timeout: withinMs }, () => {
  test("endings: nothing is left of five calls", async () => {
    const claims = claimsOf(await runCommandLine("prove", "endings", "--quick", "--json"), "endings");
    const [processes] = claims;
    expect(processes?.claim).toMatch(/^No process/);
    expect(processes?.tried).toBeGreaterThanOrEqual(5);
  });

  test("gate: nobody is rung without an agent", async () => {
    const claims = claimsOf(await runCommandLine("prove", "gate", "--quick", "--json"), "gate");
    expect(claims.map(({ claim }) => claim)).toEqual(
      expect.arrayContaining([
        "No telephone rings without exactly one ready agent in its room.",
        "No given-up room comes back within 30 s.",
      ]),
    );
  });

  test("obedience: a model that obeys an attacker does no harm", { timeout: 600_000 }, async () => {
    const claims = claimsOf(await runCommandLine("prove", "obedience", "--quick", "--json"), "obedience");
    expect(claims.length).toBeGreaterThanOrEqual(12);
  });
});
