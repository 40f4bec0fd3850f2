import { expect, test } from "vitest";
import { benchRow, benchTable, type Figure, meetsGoal } from "./bench-row.ts";

const figure: Figure = { metric: "import", unit: "ms", ours: 40, theirs: 100, goal: "<= 0.5x" };

test("a goal relative to the other's figure", () => {
  expect(benchRow(figure)).toEqual({ ...figure, ratio: 0.4, met: true });
  expect(benchRow({ ...figure, ours: 51 })).toMatchObject({ ratio: 0.51, met: false });
  expect(meetsGoal({ ...figure, ours: 50 })).toBe(true);
});

test("an absolute goal", () => {
  expect(benchRow({ ...figure, theirs: null, goal: "<= 10 ms" })).toMatchObject({ ratio: null, met: false });
  expect(meetsGoal({ ...figure, theirs: null, goal: "<= 40 ms" })).toBe(true);
  expect(meetsGoal({ ...figure, unit: "attempts/s", ours: 700, goal: ">= 700 attempts/s" })).toBe(true);
  expect(meetsGoal({ ...figure, unit: "attempts/s", ours: 699, goal: ">= 700 attempts/s" })).toBe(false);
  expect(meetsGoal({ ...figure, ours: 40, goal: "< 40 ms" })).toBe(false);
  expect(meetsGoal({ ...figure, ours: 41, goal: "> 40 ms" })).toBe(true);
});

test("rounding does not decide", () => {
  expect(benchRow({ ...figure, ours: 50.000001 })).toMatchObject({ ours: 50, met: false });
});

test("the other's figure may be nothing at all", () => {
  expect(benchRow({ ...figure, ours: 0, theirs: 0 })).toMatchObject({ ratio: null, met: true });
  expect(benchRow({ ...figure, ours: 1, theirs: 0 })).toMatchObject({ ratio: null, met: false });
});

test("a goal that makes no sense is a mistake in the bench", () => {
  expect(() => meetsGoal({ ...figure, goal: "fast" })).toThrow(SyntaxError);
  expect(() => meetsGoal({ ...figure, theirs: null })).toThrow(RangeError);
  expect(() => meetsGoal({ ...figure, goal: "<= 10 MB" })).toThrow(RangeError);
});

test("the table says what was missed", () => {
  const table = benchTable([
    benchRow(figure),
    benchRow({ ...figure, metric: "slow", theirs: null, goal: "<= 1 ms" }),
  ]);
  expect(table.split("\n")).toEqual([
    "metric  unit  ours  theirs  ratio  goal     met",
    "------  ----  ----  ------  -----  -------  ---",
    "import  ms    40    100     0.4x   <= 0.5x  yes",
    "slow    ms    40    -       -      <= 1 ms  NO",
  ]);
});
