import type { Lab, Ring } from "@clinic/sip-voice-lab";
import { type Claim, ClaimTally } from "../../src/claim.ts";
import type { GateCall } from "./gate-call.ts";
import type { RoomWatch } from "./room-watch.ts";
import { none } from "./trouble.ts";

/** A room that `makeCall` has removed may still be in an answer that was under way. */
const listDelayMs = 200;

/** What was seen of the whole loop. */
export interface GateEvidence {
  readonly lab: Lab;
  readonly calls: readonly GateCall[];
  readonly rings: readonly Ring[];
  readonly watch: RoomWatch;
  /** For how long at least each given-up room was watched, in seconds. */
  readonly watchedSeconds: number;
  /** Attempt ids whose room a late agent found gone, or had brought back, as the worker told. */
  readonly broughtBack: ReadonlySet<string>;
}

/** Holds everything that was seen against the claims. */
export async function gateClaims(seen: GateEvidence): Promise<readonly Claim[]> {
  const { calls, watch } = seen;
  const counts = new Map<string, number>();
  for (const { trouble, outcome } of calls) {
    const key = `${trouble === none ? "no trouble" : "trouble"}: ${outcome}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const rung = ringsClaim(seen);
  rung.note([...counts].map(([key, count]) => `${key} ${count}`).join(", "));
  const comeBack = roomsClaim(seen);
  comeBack.note(`${watch.looks} looks, at most ${Math.round(watch.longestGapMs)} ms apart`);
  const claims = [
    rung,
    onceClaim(seen),
    await releasedClaim(seen),
    await capsClaim(seen),
    comeBack,
    freeClaim(seen),
  ];
  return claims.map((tally) => tally.result());
}

function givenUp({ calls }: GateEvidence): readonly GateCall[] {
  return calls.filter(({ outcome }) => outcome === "agent-unavailable");
}

function ringsClaim({ rings }: GateEvidence): ClaimTally {
  const tally = new ClaimTally("No telephone rings without exactly one ready agent in its room.");
  for (const { agentsReady, room } of rings)
    tally.try(agentsReady === 1, `${agentsReady} ready agents in ${room}`);
  return tally;
}

function onceClaim({ calls, rings }: GateEvidence): ClaimTally {
  const tally = new ClaimTally(
    "No attempt rings a telephone more than once, and none without a call that says so.",
  );
  for (const { room, trouble, outcome } of calls) {
    const times = rings.filter((ring) => ring.room === room).length;
    const expected = outcome === "agent-unavailable" || outcome === "refused-by-policy" ? 0 : 1;
    tally.try(times === expected, `${trouble.name}: ${outcome}, rung ${times} times`);
  }
  return tally;
}

async function releasedClaim(seen: GateEvidence): Promise<ClaimTally> {
  const tally = new ClaimTally(
    "A call that rang nobody is told as agent-unavailable, and its attempt is released.",
  );
  for (const { attemptId, room, outcome, trouble } of seen.calls) {
    if (seen.rings.some((ring) => ring.room === room)) continue;
    const attempt = await seen.lab.database.ledger.get(attemptId);
    tally.try(
      outcome === "agent-unavailable" &&
        attempt?.state === "released" &&
        attempt.outcome?.outcome === outcome,
      `${trouble.name}: ${outcome}, ${attempt?.state}`,
    );
  }
  return tally;
}

/** The ledger itself is asked: would it take one more attempt, if those that rang somebody are all that there may be? */
async function capsClaim(seen: GateEvidence): Promise<ClaimTally> {
  const tally = new ClaimTally("The caps of a call that was refused for want of an agent are given back.");
  const { ledger } = seen.lab.database;
  for (const { patient } of givenUp(seen)) {
    const { phoneNumber, appointment } = patient;
    const rung = seen.rings.filter(({ number }) => number === phoneNumber).length;
    const attemptId = crypto.randomUUID();
    const now = Date.now();
    const reservation = await ledger.reserve(
      {
        attemptId,
        callId: attemptId,
        clinicId: appointment.clinicId,
        phoneNumber,
        roomName: `call-${attemptId}`,
        reservedAt: now,
        leaseUntil: now + 60_000,
      },
      [{ name: "rung so far, and one more", scope: "number", since: 0, atMost: rung + 1 }],
    );
    tally.try(reservation.kind === "reserved", `rung ${rung} times, and one more is ${reservation.kind}`);
    if (reservation.kind === "reserved")
      await ledger.release(
        attemptId,
        reservation.attempt.lease,
        { outcome: "cancelled", retry: "later" },
        Date.now(),
      );
  }
  return tally;
}

function roomsClaim(seen: GateEvidence): ClaimTally {
  const tally = new ClaimTally(`No given-up room comes back within ${seen.watchedSeconds} s.`);
  for (const { room, cameBackAt, attemptId, trouble } of givenUp(seen)) {
    const there = seen.watch.wasThereAfter(room, cameBackAt + listDelayMs);
    const told = seen.broughtBack.has(attemptId);
    tally.try(
      !there && !told,
      `${trouble.name}: ${there ? "it was listed again" : "a late agent joined it"}`,
    );
  }
  return tally;
}

function freeClaim({ calls }: GateEvidence): ClaimTally {
  const tally = new ClaimTally("With a worker that is there and free, the telephone is rung.");
  for (const { trouble, outcome } of calls)
    if (trouble === none)
      tally.try(outcome !== "agent-unavailable" && outcome !== "refused-by-policy", outcome);
  return tally;
}
