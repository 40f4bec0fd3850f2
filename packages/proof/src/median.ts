/** The middle of these figures; of an even number of them the mean of the two in the middle. */
export function median(figures: readonly number[]): number {
  if (figures.length === 0) throw new RangeError("There is no median of nothing.");
  const sorted = [...figures].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
