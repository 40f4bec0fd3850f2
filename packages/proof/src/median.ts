/** The middle of these figures; of an even number of them the mean of the two in the middle. */
export function median(figures: readonly number[]): number {
  if (figures.length === 0) throw new RangeError("There is no median of nothing.");
  const sorted = [...figures].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** The smallest of these figures that is not less than so many percent of them: the 99th of a hundred for 99. */
export function percentile(figures: readonly number[], percent: number): number {
  if (figures.length === 0) throw new RangeError("There is no percentile of nothing.");
  const sorted = [...figures].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.NaN;
}
