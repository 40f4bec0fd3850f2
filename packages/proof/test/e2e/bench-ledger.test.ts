import { expect, test } from "vitest";
import type { BenchRow } from "../../src/bench-row.ts";
import { oneLineOf, runCommandLine } from "./command-line.ts";

test("bench ledger --quick --json moves attempts through both databases", async () => {
  const run = await runCommandLine("bench", "ledger", "--quick", "--json");
  const { name, rows } = oneLineOf(run) as unknown as { name: string; rows: BenchRow[] };
  expect(run.code).toBe(0);
  expect(name).toBe("ledger");
  expect(rows.map(({ goal }) => goal)).toEqual([">= 700 attempts/s", "<= 1.5x", "<= 2.5x", "<= 1.5x"]);
  for (const { ours } of rows) expect(ours).toBeGreaterThan(0);
});
