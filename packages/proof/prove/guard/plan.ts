/** The ways in which the model fails. */
export const failureModes = [
  "closed-1000",
  "closed-1005",
  "closed-1006",
  "closed-1011",
  "refused",
  "going-away",
  "silent",
  "empty",
  "stall",
  "unanswered-call",
  "deaf",
] as const;

/** A way in which the model fails. */
export type FailureMode = (typeof failureModes)[number];

/** The moments of a call at which it fails. */
export const guardPhases = [
  "ringing",
  "opener",
  "greeting",
  "listening",
  "caller-speaking",
  "tool-running",
  "between-keys",
  "acknowledgement",
  "transfer",
] as const;

/** A moment of a call. */
export type GuardPhase = (typeof guardPhases)[number];

/** One call of the proof. */
export interface PlannedFailure {
  readonly mode: FailureMode;
  readonly phase: GuardPhase;
  /** Which time this is for the mode, from 1. */
  readonly time: number;
}

/** Every mode so many times, the phases rotated, so that each pair comes when there are at least as many times as phases. */
export function guardPlan(timesEach: number): PlannedFailure[] {
  return failureModes.flatMap((mode, first) =>
    Array.from({ length: timesEach }, (_, time) => ({
      mode,
      phase: guardPhases[(first + time) % guardPhases.length] as GuardPhase,
      time: time + 1,
    })),
  );
}

/** A handful: one of each kind of failure, at different moments. */
export const quickPlan: readonly PlannedFailure[] = [
  { mode: "closed-1000", phase: "listening", time: 1 },
  { mode: "going-away", phase: "greeting", time: 1 },
  { mode: "silent", phase: "listening", time: 1 },
  { mode: "unanswered-call", phase: "acknowledgement", time: 1 },
  { mode: "deaf", phase: "listening", time: 1 },
];
