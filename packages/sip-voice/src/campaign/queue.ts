import type { AttemptId } from "../call/identifiers.ts";

/** How often whoever works on a claim has to say so with {@link Queue.keep}, in milliseconds. */
export const claimKeptEveryMs = 3_000;

/** After how long without a word a claim lapses, in milliseconds: its attempt comes back to the queue. */
export const claimLapsesAfterMs = 10_000;

/** An attempt to put into a queue. */
export interface QueuedAttempt {
  /** The attempt; a job carries its id and nothing else, so that losing the queue loses nothing. */
  readonly attemptId: AttemptId;
  /** A whole number; of two that are due the higher one goes first; 0 unless given. */
  readonly priority?: number;
  /** Not to be worked on before this instant, milliseconds since 1970; at once unless given. */
  readonly notBefore?: number;
}

/** An attempt that whoever claimed it may work on, until the claim is completed, postponed or lapses. */
export interface QueueClaim {
  /** The attempt. */
  readonly attemptId: AttemptId;
  /** Names this claim among all those of the attempt: who let it lapse can't end what another has claimed since. */
  readonly token: string;
}

/** How many attempts a queue holds. */
export interface QueueCounts {
  /** Those that are due. */
  readonly due: number;
  /** Those whose time has not come. */
  readonly later: number;
  /** Those that somebody has claimed. */
  readonly claimed: number;
}

/**
 * The port to the attempts that are still to be made, worked on by several processes. A queue hands an attempt to one at a
 * time, and again when that one falls silent; so an attempt may be handed out twice, and only the ledger keeps it from being
 * dialled twice. Limits (caps, calls at one time) belong in the ledger too.
 * Its conformance suite is `testQueue` in `@clinic/sip-voice/testing`.
 *
 * @example
 * ```ts
 * import { claimKeptEveryMs, type Queue } from "@clinic/sip-voice";
 *
 * async function workOne(queue: Queue, call: (attemptId: string) => Promise<void>): Promise<void> {
 *   const [claim] = await queue.claim(1);
 *   if (!claim) return;
 *   const timer = setInterval(() => void queue.keep(claim), claimKeptEveryMs);
 *   try {
 *     await call(claim.attemptId); // through a ledger, with this attempt id
 *     await queue.complete(claim);
 *   } finally {
 *     clearInterval(timer);
 *   }
 * }
 * ```
 */
export interface Queue {
  /** Adds attempts and tells how many are new; one that is waiting or claimed is left as it is. */
  enqueue(attempts: readonly QueuedAttempt[]): Promise<number>;
  /**
   * Claims up to so many attempts that are due: those of the highest priority, of these the ones that were added first. They
   * come in no order.
   */
  claim(atMost: number): Promise<readonly QueueClaim[]>;
  /** Says that a claim is being worked on; `false` when it is no longer ours. */
  keep(claim: QueueClaim): Promise<boolean>;
  /** Takes the attempt out of the queue; `false` when the claim is no longer ours. */
  complete(claim: QueueClaim): Promise<boolean>;
  /** Gives the attempt back, to be worked on from an instant on; `false` when the claim is no longer ours. */
  postpone(claim: QueueClaim, notBefore: number): Promise<boolean>;
  /** How many attempts there are. */
  counts(): Promise<QueueCounts>;
}
