/**
 * A moment in milliseconds since the epoch, such as another process has noted, on the axis of `performance.now()`. For moments just
 * past: the two clocks are compared now, since the machine's clock may be set in between.
 */
export function momentOf(epochMs: number): number {
  return performance.now() - (Date.now() - epochMs);
}
