import { expect, test } from "vitest";
import type { BenchRow } from "../../src/bench-row.ts";
import type { Claim } from "../../src/claim.ts";
import { oneLineOf, runCommandLine } from "../e2e/command-line.ts";

// That they run to their end and what they print; never speed.
test("bench ledger --quick --json moves attempts through both databases", async () => {
  const run = await runCommandLine("bench", "ledger", "--quick", "--json");
  const { name, rows } = oneLineOf(run) as unknown as { name: string; rows: BenchRow[] };
  expect([run.code, name]).toEqual([0, "ledger"]);
  expect(rows.map(({ goal }) => goal)).toEqual([">= 700 attempts/s", "<= 1.5x", "<= 2.5x", "<= 1.5x"]);
  for (const { ours } of rows) expect(ours).toBeGreaterThan(0);
});

test("bench lookup --quick --json finds callers in both databases", async () => {
  const run = await runCommandLine("bench", "lookup", "--quick", "--json");
  const { name, rows } = oneLineOf(run) as unknown as { name: string; rows: BenchRow[] };
  expect([run.code, name]).toEqual([0, "lookup"]);
  expect(rows.map(({ goal }) => goal)).toEqual([
    "<= 0.1 ms",
    "<= 2x",
    ">= 50000 rows/s",
    "<= 1.25x",
    ">= 50000 rows/s",
    "<= 2 ms",
    "<= 2x",
  ]);
  for (const { ours } of rows) expect(ours).toBeGreaterThan(0);
});

test.each([
  ["slots", 6],
  ["crash-writes", 6],
])(
  "prove %s --quick --json holds",
  async (proof, howMany) => {
    const run = await runCommandLine("prove", proof, "--quick", "--json");
    const { name, claims } = oneLineOf(run) as unknown as { name: string; claims: Claim[] };
    expect([run.code, name]).toEqual([0, proof]);
    expect(claims).toHaveLength(howMany);
    for (const { claim, tried, held, evidence } of claims) {
      expect(tried, claim).toBeGreaterThan(0);
      expect(held, `${claim}: ${evidence}`).toBe(tried);
    }
    // Half a minute; a busy machine starts that many processes in its own time.
  },
  600_000,
);
