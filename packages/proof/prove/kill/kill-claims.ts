import { type Attempt, telephoneIdentity } from "@clinic/sip-voice";
import { type Claim, ClaimTally } from "../../src/claim.ts";
import type { PartSeen } from "./kill-part.ts";
import { points } from "./kill-plan.ts";

/** Everything that was seen of one attempt. */
interface SeenAttempt {
  readonly attemptId: string;
  /** What the ledger says at the end. */
  readonly kept: Attempt | undefined;
  /** How often the stand-in rang a telephone for it. */
  readonly rings: number;
  /** Whether the telephone was picked up. */
  readonly pickedUp: boolean;
}

/** Puts together what runners, telephones and ledger know of each attempt of a part. */
async function attemptsOf({ part: { stage }, lives, lastLife }: PartSeen): Promise<SeenAttempt[]> {
  const rings = stage.rings();
  const acknowledged = [...lives, lastLife].flatMap(({ reserved }) => reserved);
  return await Promise.all(
    [...new Set([...acknowledged, ...rings.keys()])].map(async (attemptId) => ({
      attemptId,
      kept: await stage.ledger.get(attemptId),
      rings: rings.get(attemptId)?.length ?? 0,
      pickedUp: stage.pickedUp.has(telephoneIdentity(attemptId)),
    })),
  );
}

/** Holds what the telephones saw against what the ledgers say, for all parts together. */
export async function killClaims(parts: readonly PartSeen[], wanted: number): Promise<readonly Claim[]> {
  const seen = (await Promise.all(parts.map(attemptsOf))).flat();
  return [
    killedClaim(parts, wanted),
    onceClaim(seen),
    keptClaim(seen),
    endedClaim(seen),
    trueClaim(seen),
    await nothingLeftClaim(parts),
  ].map((tally) => tally.result());
}

function killedClaim(parts: readonly PartSeen[], wanted: number): ClaimTally {
  const tally = new ClaimTally(`A runner is killed with SIGKILL ${wanted} times.`);
  for (const { part, lives } of parts) {
    for (const { wasKilled } of lives) tally.try(wasKilled, `${part.name}: one came to its end`);
    const random = lives.filter(({ died }) => died === "at random").length;
    tally.note(`${part.name}: ${lives.length} killed, ${random} of them at random`);
  }
  return tally;
}

/** Whether there is no point between the reservation and the end at which nobody died. */
export function pointsClaim(parts: readonly PartSeen[]): Claim {
  const tally = new ClaimTally(
    "One dies at every point of an attempt, from before it is reserved to its end.",
  );
  const died = parts.flatMap(({ lives }) => lives.map((life) => life.died ?? ""));
  for (const point of points) {
    const times = died.filter((one) => one === point).length;
    tally.try(times > 0, `never ${point}`);
    tally.note(`${point} ${times}`);
  }
  return tally.result();
}

function onceClaim(seen: readonly SeenAttempt[]): ClaimTally {
  const tally = new ClaimTally("No attempt rings a telephone more than once.");
  for (const { attemptId, rings } of seen) tally.try(rings <= 1, `${attemptId} rang ${rings} times`);
  tally.note(`${seen.filter(({ rings }) => rings === 1).length} of ${seen.length} attempts rang`);
  return tally;
}

function keptClaim(seen: readonly SeenAttempt[]): ClaimTally {
  const tally = new ClaimTally("No attempt that was acknowledged, or rang, is lost.");
  for (const { attemptId, kept, rings } of seen) {
    const isKept = kept !== undefined && (rings === 0 || kept.dialingAt !== undefined);
    tally.try(isKept, `${attemptId} rang ${rings} times and is ${kept?.state ?? "missing"}`);
  }
  return tally;
}

function endedClaim(seen: readonly SeenAttempt[]): ClaimTally {
  const tally = new ClaimTally("Each attempt ends released, settled or unknown.");
  const counts = new Map<string, number>();
  for (const { attemptId, kept } of seen) {
    const state = kept?.state ?? "missing";
    counts.set(state, (counts.get(state) ?? 0) + 1);
    tally.try(state === "released" || state === "settled" || state === "unknown", `${attemptId} is ${state}`);
  }
  tally.note([...counts].map(([state, count]) => `${state} ${count}`).join(", "));
  return tally;
}

/** What the ledger says must be true; `unknown` says nothing. */
function trueClaim(seen: readonly SeenAttempt[]): ClaimTally {
  const tally = new ClaimTally("What is released rang nobody; what is settled is what the telephone saw.");
  for (const { attemptId, kept, rings, pickedUp } of seen) {
    if (kept?.state === "released") tally.try(rings === 0, `${attemptId} was released and rang`);
    if (kept?.state !== "settled") continue;
    const saysAnswered = kept.outcome?.outcome === "answered";
    tally.try(
      saysAnswered === pickedUp,
      `${attemptId} is settled as ${kept.outcome?.outcome}, ${pickedUp ? "" : "not "}picked up`,
    );
  }
  return tally;
}

async function nothingLeftClaim(parts: readonly PartSeen[]): Promise<ClaimTally> {
  const tally = new ClaimTally(
    "Nothing is under way in the end, and a runner that is not killed finishes the campaign.",
  );
  for (const { part, lastLife, report, progress } of parts) {
    const { name, stage } = part;
    const underWay = await stage.ledger.underWay();
    tally.try(underWay.length === 0, `${name}: ${underWay.length} attempts are under way`);
    tally.try(report.complete, `${name}: reconciliation failed on the way`);
    tally.try(!lastLife.wasKilled, `${name}: the last runner did not finish`);
    const { state, waiting, calling, contacts, ended } = progress;
    tally.try(state === "finished" && waiting + calling === 0, `${name}: the campaign is ${state}`);
    const sum = Object.values(ended).reduce((all, one) => all + one, 0);
    tally.try(sum === contacts, `${name}: ${sum} of ${contacts} contacts have an end`);
    tally.note(`${name}: ${contacts} contacts, ${ended["for-review"]} of them for review`);
  }
  return tally;
}
