import { expect, test } from "vitest";
import type { BenchRow } from "../../src/bench-row.ts";
import { oneLineOf, runCommandLine } from "./command-line.ts";

// That it measures, and what; never how fast this machine is today.
test("bench call-latency --quick --json measures calls, keys and memory", { timeout: 600_000 }, async () => {
  const run = await runCommandLine("bench", "call-latency", "--quick", "--json");
  const { rows } = oneLineOf(run) as unknown as { rows: BenchRow[] };
  expect(run.code, run.stderr).toBe(0);
  expect(rows.map(({ metric }) => metric.split(",")[0])).toEqual([
    "inbound: dispatch to first audio",
    "outbound: answer to first audio",
    "inbound: dispatch to first audio",
    "outbound: answer to first audio",
    "outbound: answer to first audio",
    "key in the agent's process to commit",
    "key in the agent's process to commit",
    "key at the telephone to commit seen",
    "key at the telephone to commit seen",
    "key at the telephone to acknowledgement heard",
    "resident memory of a call's process",
  ]);
  for (const { metric, ours, theirs, goal } of rows) {
    expect(ours, metric).toBeGreaterThan(0);
    if (goal.endsWith("x")) expect(theirs, metric).toBeGreaterThan(0);
  }
});
