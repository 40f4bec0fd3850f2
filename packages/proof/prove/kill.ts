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
import { calleeOf } from "./kill/callees.ts";
import { killClaims } from "./kill/kill-claims.ts";
import { calleesOf, type KillPart, type PartSeen, playPart } from "./kill/kill-part.ts";

const bare = { agentName: "bare-agent", agentPatienceMs: 5_000 } as const;

/** Kills, and holds what the telephones saw against what the ledgers say. */
export async function prove(context: RunContext): Promise<readonly Claim[]> {
  const { quick, onEnd } = context;
  const kills = quick ? 8 : 100;
  const lab = await startRunLab(context, { withoutWorker: true });
  const folder = await mkdtemp(join(tmpdir(), "prove-kill-"));
  onEnd(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, "clinic.db");
  const onSqlite = openSqlite(file);
  onEnd(() => onSqlite.close());
  const { url, pool } = await startRunPostgres(context, 4);
  const onPostgres = await openPostgres(pool, { deadlineMs: 30_000 });
  const common = { ...bare, lab, kills, lanes: 2, lines: 4, last: quick ? 12 : 60 };
  const parts: KillPart[] = [
    {
      ...common,
      ...onSqlite,
      name: "SQLite",
      part: 0,
      prefix: "kill-0",
      store: { kind: "sqlite", where: file },
    },
    {
      ...common,
      ...onPostgres,
      name: "PostgreSQL",
      part: 1,
      prefix: "kill-1",
      store: { kind: "postgres", where: url },
    },
  ];
  const seen = await Promise.all(parts.map((part) => playWithBareAgents(context, part)));
  const withWorker = quick ? [] : [await playWithWorker(context, lab, kills)];
  const all = [...seen, ...withWorker];
  return await killClaims(all, all.length * kills);
}

async function playWithBareAgents(context: RunContext, part: KillPart): Promise<PartSeen> {
  const agents = new BareAgents(part.lab, part.callLog, part.prefix);
  context.onEnd(() => agents.stop());
  agents.start();
  const seen = await playPart(context, part);
  await agents.stop();
  return seen;
}

/** The example's own worker, on the database that it shares with the runners. */
async function playWithWorker(context: RunContext, lab: Lab, kills: number): Promise<PartSeen> {
  const { ledger, callLog } = lab.database;
  const part: KillPart = {
    lab,
    name: "SQLite with the real worker",
    part: 2,
    prefix: "kill-2",
    store: { kind: "sqlite", where: lab.databasePath },
    ledger,
    callLog,
    agentName: "gemini-sip-agent",
    agentPatienceMs: 15_000,
    kills,
    lanes: 1,
    lines: 3,
    last: 9,
  };
  const ordinals = Array.from({ length: calleesOf(part) }, (_, ordinal) => ordinal);
  await lab.database.addAppointments(ordinals.map((ordinal) => calleeOf(part.part, ordinal).appointment));
  context.progress("starting the agent's worker");
  await lab.startWorker({ SIP_VOICE_MOST_CALLS: "6" });
  return await playPart(context, part);
}
