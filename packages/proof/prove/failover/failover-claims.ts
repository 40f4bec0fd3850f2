import { type Claim, ClaimTally } from "../../src/claim.ts";
import type { Waited } from "../../src/eventually.ts";
import { calleeOf } from "../kill/callees.ts";
import type { RunnerLife } from "../kill/runner-life.ts";
import type { RunnerStage } from "../kill/runner-stage.ts";

/** What was seen of one kill. */
export interface FailoverRound {
  readonly stage: RunnerStage;
  readonly callees: number;
  readonly dead: RunnerLife;
  readonly survivor: RunnerLife;
  /** From the kill to the next telephone that rang. */
  readonly nextRing: Waited;
  /** From the kill until whatever was reserved then is the survivor's, or given up. */
  readonly takenOver: Waited;
  readonly leftReserved: number;
  readonly leftDialing: number;
  /** How often each attempt rang. */
  readonly rings: ReadonlyMap<string, number>;
}

const goesOnWithinMs = 30_000;
const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** Holds the rounds against the claims. */
export async function failoverClaims(rounds: readonly FailoverRound[]): Promise<readonly Claim[]> {
  const killed = new ClaimTally(
    "One of two runners is killed at work, and the other one works to the end of the list.",
  );
  const once = new ClaimTally("No attempt rings a telephone twice.");
  const next = new ClaimTally("The next telephone rings within 30 s.");
  const taken = new ClaimTally("What the killed one had reserved is taken over or given up within 30 s.");
  const everybody = new ClaimTally(
    "Everybody on the list was called, or awaits a person's review, and nothing is under way.",
  );
  for (const {
    stage,
    callees,
    dead,
    survivor,
    nextRing,
    takenOver,
    leftReserved,
    leftDialing,
    rings,
  } of rounds) {
    killed.try(dead.wasKilled && !survivor.wasKilled, `${dead.wasKilled}, ${survivor.wasKilled}`);
    killed.note(`killed with ${leftReserved} reserved, ${leftDialing} being dialled`);
    for (const [attemptId, times] of rings) once.try(times === 1, `${attemptId} rang ${times} times`);
    next.try(nextRing.came && nextRing.ms <= goesOnWithinMs, seconds(nextRing.ms));
    next.note(seconds(nextRing.ms));
    taken.try(takenOver.came && takenOver.ms <= goesOnWithinMs, seconds(takenOver.ms));
    taken.note(seconds(takenOver.ms));
    const underWay = await stage.ledger.underWay();
    everybody.try(underWay.length === 0, `${underWay.length} attempts are under way`);
    for (let ordinal = 0; ordinal < callees; ordinal++) {
      const { id } = calleeOf(stage.part, ordinal);
      const tries = await Promise.all(
        [1, 2, 3].map((number) => stage.ledger.get(`${stage.prefix}:${id}:${number}`)),
      );
      const isDealtWith = tries.some((one) => one?.state === "settled" || one?.state === "unknown");
      everybody.try(isDealtWith, `${id}: ${tries.map((one) => one?.state ?? "none").join(", ")}`);
    }
  }
  return [killed, once, next, taken, everybody].map((tally) => tally.result());
}
