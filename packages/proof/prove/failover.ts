/** Two runners work one campaign off on one PostgreSQL; one is killed: the other goes on within 30 s, and nobody is rung twice. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Attempt } from "@clinic/sip-voice";
import { openClinicDatabase } from "@clinic/sip-voice/postgres";
import type { Claim } from "../src/claim.ts";
import { eventually } from "../src/eventually.ts";
import { type RunContext, startRunLab } from "../src/run-context.ts";
import { startRunPostgres } from "../src/run-postgres.ts";
import { type FailoverRound, failoverClaims } from "./failover/failover-claims.ts";
import { BareAgents } from "./kill/bare-agents.ts";
import { liveRunner } from "./kill/runner-life.ts";
import { RunnerStage, type RunnerStageOptions } from "./kill/runner-stage.ts";

/** When the one dies: in the middle of its calls. */
const diesAfterMs = [3_000, 5_000, 7_000] as const;
/** Longer than what is claimed, so that a failure is measured. */
const watchedMs = 90_000;

/** Kills one of two, several times, and holds what was seen against the claims. */
export async function prove(context: RunContext): Promise<readonly Claim[]> {
  const { quick, onEnd } = context;
  const lab = await startRunLab(context, { withoutWorker: true });
  const { url, pool } = await startRunPostgres(context, 4);
  const database = await openClinicDatabase(pool, { deadlineMs: 30_000 });
  const folder = await mkdtemp(join(tmpdir(), "prove-failover-"));
  onEnd(() => rm(folder, { recursive: true, force: true }));
  const rounds: FailoverRound[] = [];
  for (const [part, afterMs] of diesAfterMs.slice(0, quick ? 1 : undefined).entries()) {
    const options: RunnerStageOptions = {
      lab,
      part,
      campaignId: `failover-${part}`,
      store: { kind: "postgres", where: url },
      database,
      callsPerSecond: 2,
      agentName: "bare-agent",
      agentPatienceMs: 5_000,
    };
    const agents = new BareAgents(lab, database.callLog, options.campaignId);
    onEnd(() => agents.stop());
    agents.start();
    rounds.push(
      await killOne(context, new RunnerStage(options), { afterMs, folder, callees: quick ? 24 : 60 }),
    );
    await agents.stop();
  }
  return await failoverClaims(rounds);
}

interface RoundPlan {
  readonly afterMs: number;
  readonly folder: string;
  readonly callees: number;
}

async function killOne(
  context: RunContext,
  stage: RunnerStage,
  { afterMs, folder, callees }: RoundPlan,
): Promise<FailoverRound> {
  const { progress } = context;
  await stage.open();
  await stage.addCallees(callees);
  progress(`two runners, ${callees} callees`);
  const survivor = liveRunner(context, stage.order, folder);
  const dead = await liveRunner(context, { ...stage.order, death: { afterMs } }, folder);
  const killedAt = performance.now();
  const ids = dead.reserved;
  const read = () => Promise.all(ids.map((id) => stage.ledger.get(id)));
  const left = await read();
  const leftReserved = left.filter((one) => one?.state === "reserved");
  const leftDialing = left.filter((one) => one?.state === "dialing");
  progress(`killed with ${leftReserved.length} attempts reserved and ${leftDialing.length} being dialled`);
  const nextRing = eventually(
    () => [...stage.rings().values()].flat().some((at) => at > killedAt),
    watchedMs,
    20,
  );
  const isTaken = (now: Attempt | undefined, then: Attempt | undefined): boolean =>
    now?.state !== "reserved" || now.lease !== then?.lease;
  const takenOver = eventually(
    async () =>
      (await read()).every((now, index) => left[index]?.state !== "reserved" || isTaken(now, left[index])),
    watchedMs,
    100,
  );
  const [next, taken, life] = await Promise.all([nextRing, takenOver, survivor]);
  await stage.callsAreOver();
  await stage.reconcileLater();
  return {
    stage,
    dead,
    survivor: life,
    nextRing: next,
    takenOver: taken,
    leftReserved: leftReserved.length,
    leftDialing: leftDialing.length,
    progress: await stage.progress(),
  };
}
