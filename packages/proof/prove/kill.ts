/** A killed runner rings nobody twice and loses no attempt: 300 times SIGKILL, at every point of an attempt and at random, on SQLite and PostgreSQL. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openClinicDatabase as openPostgres } from "@clinic/sip-voice/postgres";
import { openClinicDatabase as openSqlite } from "@clinic/sip-voice/sqlite";
import type { Lab } from "@clinic/sip-voice-lab";
import type { Claim } from "../src/claim.ts";
import { type RunContext, startRunLab } from "../src/run-context.ts";
import { startRunPostgres } from "../src/run-postgres.ts";
import { BareAgents } from "./kill/bare-agents.ts";
import { killClaims, pointsClaim } from "./kill/kill-claims.ts";
import { type PartSeen, playPart } from "./kill/kill-part.ts";
import { RunnerStage, type RunnerStageOptions } from "./kill/runner-stage.ts";

/** Kills, and holds what the telephones saw against what the ledgers say. */
export async function prove(context: RunContext): Promise<readonly Claim[]> {
  const { quick, onEnd } = context;
  const kills = quick ? 6 : 100;
  const lab = await startRunLab(context, { withoutWorker: true });
  const folder = await mkdtemp(join(tmpdir(), "prove-kill-"));
  onEnd(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, "clinic.db");
  const onSqlite = openSqlite(file, { busyTimeoutMs: 30_000 });
  onEnd(() => onSqlite.close());
  const { url, pool } = await startRunPostgres(context, 4);
  const onPostgres = await openPostgres(pool, { deadlineMs: 30_000 });
  const bare = { lab, callsPerSecond: 2, agentName: "bare-agent", agentPatienceMs: 15_000 };
  const seen = await Promise.all([
    withBareAgents(context, "SQLite", kills, {
      ...bare,
      part: 0,
      campaignId: "kill-0",
      store: { kind: "sqlite", where: file },
      database: onSqlite,
    }),
    withBareAgents(context, "PostgreSQL", kills, {
      ...bare,
      part: 1,
      campaignId: "kill-1",
      store: { kind: "postgres", where: url },
      database: onPostgres,
    }),
  ]);
  const all = quick ? seen : [...seen, await withWorker(context, lab, kills)];
  const claims = await killClaims(all, all.length * kills);
  // So few deaths can't come to every point.
  return quick ? claims : [...claims, pointsClaim(all)];
}

async function withBareAgents(
  context: RunContext,
  name: string,
  kills: number,
  options: RunnerStageOptions,
): Promise<PartSeen> {
  const agents = new BareAgents(options.lab, options.database.callLog, options.campaignId);
  context.onEnd(() => agents.stop());
  agents.start();
  const seen = await playPart(context, { name, stage: new RunnerStage(options), kills, lanes: 2 });
  await agents.stop();
  return seen;
}

/** The example's own worker, on the database that it shares with the runners. */
async function withWorker(context: RunContext, lab: Lab, kills: number): Promise<PartSeen> {
  context.progress("starting the agent's worker");
  await lab.startWorker({ SIP_VOICE_MOST_CALLS: "6" });
  const stage = new RunnerStage({
    lab,
    part: 2,
    campaignId: "kill-2",
    store: { kind: "sqlite", where: lab.databasePath },
    database: lab.database,
    callsPerSecond: 1,
    agentName: "gemini-sip-agent",
    agentPatienceMs: 15_000,
  });
  return await playPart(context, { name: "SQLite with the real worker", stage, kills, lanes: 1 });
}
