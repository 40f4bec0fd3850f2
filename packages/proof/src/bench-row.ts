import { textTable } from "./text-table.ts";

/** One figure of a bench, beside the other's where there is one. */
export interface BenchRow {
  /** What was measured. */
  readonly metric: string;
  /** The unit of `ours` and `theirs`. */
  readonly unit: string;
  /** Our figure. */
  readonly ours: number;
  /** The other's figure from the same run; `null` when there is none. */
  readonly theirs: number | null;
  /** `ours` divided by `theirs`. */
  readonly ratio: number | null;
  /** What is to be reached: `<= 0.5x` of the other's, or an amount in the row's unit, such as `<= 10 ms`. */
  readonly goal: string;
  /** Whether it was. */
  readonly met: boolean;
}

/** A figure before it is held against its goal. */
export type Figure = Pick<BenchRow, "metric" | "unit" | "ours" | "theirs" | "goal">;

const goalShape = /^(<=|>=|<|>)\s*(\d+(?:\.\d+)?)\s*(x|\S.*)?$/;

/** Whether a figure reaches its goal. A goal relative to nothing, or in another unit, is a mistake and throws. */
export function meetsGoal({ metric, unit, ours, theirs, goal }: Figure): boolean {
  const [, comparison, amount, of] = goalShape.exec(goal) ?? [];
  if (comparison === undefined) throw new SyntaxError(`The goal of "${metric}" can't be read: ${goal}`);
  if (of === "x" && theirs === null) throw new RangeError(`"${metric}" has nothing to be compared with.`);
  if (of !== "x" && (of ?? "") !== unit)
    throw new RangeError(`The goal of "${metric}" is not in ${unit || "plain numbers"}: ${goal}`);
  // With the other's figure at 0 a ratio says nothing: multiplied out it does.
  const limit = Number(amount) * (of === "x" ? (theirs ?? Number.NaN) : 1);
  switch (comparison) {
    case "<=":
      return ours <= limit;
    case ">=":
      return ours >= limit;
    case "<":
      return ours < limit;
    default:
      return ours > limit;
  }
}

/** Holds a figure against its goal. Rounds for the reader afterwards, so that rounding never decides. */
export function benchRow(figure: Figure): BenchRow {
  const { metric, unit, ours, theirs, goal } = figure;
  return {
    metric,
    unit,
    ours: rounded(ours),
    theirs: theirs === null ? null : rounded(theirs),
    ratio: theirs === null || theirs === 0 ? null : rounded(ours / theirs),
    goal,
    met: meetsGoal(figure),
  };
}

/** The rows as a table for people. */
export function benchTable(rows: readonly BenchRow[]): string {
  return textTable(
    ["metric", "unit", "ours", "theirs", "ratio", "goal", "met"],
    rows.map(({ metric, unit, ours, theirs, ratio, goal, met }) => [
      metric,
      unit,
      String(ours),
      theirs === null ? "-" : String(theirs),
      ratio === null ? "-" : `${ratio}x`,
      goal,
      met ? "yes" : "NO",
    ]),
  );
}

function rounded(figure: number): number {
  return Number(figure.toPrecision(4));
}
