/** Two runners work one list off on one PostgreSQL; one is killed: the other goes on within 30 s, and nobody is rung twice. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openClinicDatabase } from "@clinic/sip-voice/postgres";
import type { Claim } from "../src/claim.ts";
import { eventually } from "../src/eventually.ts";
import { type RunContext, startRunLab } from "../src/run-context.ts";
import { startRunPostgres } from "../src/run-postgres.ts";
import { type FailoverRound, failoverClaims } from "./failover/failover-claims.ts";
import { BareAgents } from "./kill/bare-agents.ts";
import { calleeOf, plugIn } from "./kill/callees.ts";
import { liveRunner } from "./kill/runner-life.ts";
import {
  attemptsRung,
  callsAreOver,
  orderOf,
  type RunnerStage,
  reconcileLater,
} from "./kill/runner-stage.ts";

/** When the one dies: in the middle of its calls. */
const diesAfterMs = [3_000, 5_000, 7_000] as const;
/** Longer than what is claimed, so that a failure is measured. */
const watchedMs = 60_000;
const longestLifeMs = 240_000;

/** Kills one of two, several times, and holds what was seen against the claims. */
export async function prove(context: RunContext): Promise<readonly Claim[]> {
  const { quick, progress, onEnd } = context;
  const lab = await startRunLab(context, { withoutWorker: true });
  const { url, pool } = await startRunPostgres(context, 4);
  const database = await openClinicDatabase(pool, { deadlineMs: 30_000 });
  const folder = await mkdtemp(join(tmpdir(), "prove-failover-"));
  onEnd(() => rm(folder, { recursive: true, force: true }));
  const rounds: FailoverRound[] = [];
  for (const [part, afterMs] of diesAfterMs.slice(0, quick ? 1 : undefined).entries()) {
    const callees = quick ? 16 : 40;
    const stage: RunnerStage = {
      lab,
      part,
      prefix: `failover-${part}`,
      store: { kind: "postgres", where: url },
      ledger: database.ledger,
      callLog: database.callLog,
    };
    const agents = new BareAgents(lab, database.callLog, stage.prefix);
    onEnd(() => agents.stop());
    agents.start();
    const pickedUp = new Set<string>();
    for (let ordinal = 0; ordinal < callees; ordinal++)
      plugIn(lab, calleeOf(part, ordinal), ordinal, pickedUp);
    const order = { ...orderOf(stage), callees, lines: 3, agentName: "bare-agent", agentPatienceMs: 5_000 };
    progress(`round ${part + 1}: two runners, ${callees} callees`);
    const survivor = liveRunner(context, { ...order, from: Math.floor(callees / 2) }, folder, longestLifeMs);
    const dead = await liveRunner(context, { ...order, death: { afterMs } }, folder, longestLifeMs);
    const killedAt = performance.now();
    const left = await Promise.all(dead.reserved.map((id) => database.ledger.get(id)));
    const leftReserved = left.filter((one) => one?.state === "reserved");
    const leftDialing = left.filter((one) => one?.state === "dialing");
    progress(`killed with ${leftReserved.length} attempts reserved and ${leftDialing.length} being dialled`);
    const nextRing = await eventually(
      () => lab.sip.rings().some(({ at, identity }) => at > killedAt && identity.includes(stage.prefix)),
      watchedMs,
      20,
    );
    const takenOver = await eventually(
      async () => {
        const now = await Promise.all(leftReserved.map((one) => database.ledger.get(one?.attemptId ?? "")));
        return now.every(
          (one, index) => one?.state !== "reserved" || one.lease !== leftReserved[index]?.lease,
        );
      },
      watchedMs,
      100,
    );
    const life = await survivor;
    await callsAreOver(stage);
    await reconcileLater(stage);
    await agents.stop();
    rounds.push({
      stage,
      callees,
      dead,
      survivor: life,
      nextRing,
      takenOver,
      leftReserved: leftReserved.length,
      leftDialing: leftDialing.length,
      rings: attemptsRung(stage),
    });
  }
  return await failoverClaims(rounds);
}
