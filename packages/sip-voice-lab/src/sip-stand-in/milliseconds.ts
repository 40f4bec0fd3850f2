/** The part of a protobuf `Duration` that is read here. */
export interface DurationLike {
  readonly seconds: bigint;
  readonly nanos: number;
}

/** A protobuf duration in milliseconds; undefined when it is not set or zero. */
export function milliseconds(duration: DurationLike | undefined): number | undefined {
  if (!duration) return undefined;
  const ms = Number(duration.seconds) * 1000 + duration.nanos / 1e6;
  return ms > 0 ? ms : undefined;
}
