import { expect, test } from "vitest";
import type { BenchRow } from "../../src/bench-row.ts";
import { oneLineOf, runCommandLine } from "./command-line.ts";

test("bench import --quick --json prints its figures on one line", async () => {
  const run = await runCommandLine("bench", "import", "--quick", "--json");
  const { name, rows } = oneLineOf(run) as unknown as { name: string; rows: BenchRow[] };
  expect(run.code).toBe(0);
  expect(name).toBe("import");
  for (const row of rows) {
    expect(Object.keys(row)).toEqual(["metric", "unit", "ours", "theirs", "ratio", "goal", "met"]);
    expect(row).toMatchObject({
      ours: expect.any(Number),
      goal: expect.any(String),
      met: expect.any(Boolean),
    });
  }
  // Not a matter of speed: what is loaded is the same on every machine.
  const packages = rows.filter(({ unit }) => unit === "packages");
  expect(packages.map(({ ours, met }) => [ours, met])).toEqual([
    [0, true],
    [0, true],
  ]);
});

test("an unknown name is told with the names that there are", async () => {
  for (const command of ["bench", "prove"] as const) {
    const { code, stdout, stderr } = await runCommandLine(command, "nosuch", "--json");
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(command === "bench" ? "import" : "endings");
  }
});

test("--list names them, --help explains, an unknown option is a misuse", async () => {
  expect(await runCommandLine("bench", "--list")).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^import /m),
  });
  expect(await runCommandLine("prove", "--help")).toMatchObject({ code: 0 });
  expect(await runCommandLine("prove", "--nosuch")).toMatchObject({ code: 2 });
});
