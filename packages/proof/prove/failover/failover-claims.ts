import type { CampaignProgress } from "@clinic/sip-voice";
import { type Claim, ClaimTally } from "../../src/claim.ts";
import type { Waited } from "../../src/eventually.ts";
import type { RunnerLife } from "../kill/runner-life.ts";
import type { RunnerStage } from "../kill/runner-stage.ts";

/** What was seen of one kill. */
export interface FailoverRound {
  readonly stage: RunnerStage;
  readonly dead: RunnerLife;
  readonly survivor: RunnerLife;
  /** From the kill to the next telephone that rang. */
  readonly nextRing: Waited;
  /** From the kill until whatever was reserved then is the survivor's, or given up. */
  readonly takenOver: Waited;
  readonly leftReserved: number;
  readonly leftDialing: number;
  readonly progress: CampaignProgress;
}

const goesOnWithinMs = 30_000;
const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** Holds the rounds against the claims. */
export async function failoverClaims(rounds: readonly FailoverRound[]): Promise<readonly Claim[]> {
  const killed = new ClaimTally("One of two runners is killed at work; the other one finishes the campaign.");
  const once = new ClaimTally("No attempt rings a telephone twice.");
  const next = new ClaimTally("The next telephone rings within 30 s.");
  const taken = new ClaimTally("What the killed one had reserved is taken over or given up within 30 s.");
  const everybody = new ClaimTally("Everybody on the list has an end, and nothing is under way.");
  for (const { stage, dead, survivor, nextRing, takenOver, leftReserved, leftDialing, progress } of rounds) {
    killed.try(dead.wasKilled && !survivor.wasKilled, `${dead.wasKilled}, ${survivor.wasKilled}`);
    killed.note(`killed with ${leftReserved} reserved, ${leftDialing} being dialled`);
    for (const [attemptId, rings] of stage.rings()) {
      once.try(rings.length === 1, `${attemptId} rang ${rings.length} times`);
    }
    next.try(nextRing.came && nextRing.ms <= goesOnWithinMs, seconds(nextRing.ms));
    next.note(seconds(nextRing.ms));
    taken.try(takenOver.came && takenOver.ms <= goesOnWithinMs, seconds(takenOver.ms));
    taken.note(seconds(takenOver.ms));
    const underWay = await stage.ledger.underWay();
    everybody.try(underWay.length === 0, `${underWay.length} attempts are under way`);
    const { state, contacts, ended } = progress;
    const sum = Object.values(ended).reduce((all, one) => all + one, 0);
    everybody.try(state === "finished" && sum === contacts, `${state}: ${sum} of ${contacts} have an end`);
    everybody.note(`${contacts} contacts, ${ended["for-review"]} of them for review`);
  }
  return [killed, once, next, taken, everybody].map((tally) => tally.result());
}
