import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CampaignProgress, ReconcileReport } from "@clinic/sip-voice";
import type { RunContext } from "../../src/run-context.ts";
import { deaths } from "./kill-plan.ts";
import { liveRunner, type RunnerLife } from "./runner-life.ts";
import type { RunnerStage } from "./runner-stage.ts";

/** One part of the proof: a database, an agent, and how often its runners are killed. */
export interface KillPart {
  readonly name: string;
  readonly stage: RunnerStage;
  /** How many runners are killed, and how many of them are there at one time. */
  readonly kills: number;
  readonly lanes: number;
}

/** What was seen of a part. */
export interface PartSeen {
  readonly part: KillPart;
  readonly lives: readonly RunnerLife[];
  /** The runner that was not killed, and what it left of the campaign. */
  readonly lastLife: RunnerLife;
  readonly progress: CampaignProgress;
  /** What reconciliation did when all calls were over. */
  readonly report: ReconcileReport;
}

/** Each life gets so many callees that nobody has called before. */
const freshEach = 5;

/** Kills runners, lets one finish, and reconciles what is left once every call is over. */
export async function playPart(context: RunContext, part: KillPart): Promise<PartSeen> {
  const { progress, signal, onEnd } = context;
  const { name, stage, kills, lanes } = part;
  const folder = await mkdtemp(join(tmpdir(), "prove-kill-"));
  onEnd(() => rm(folder, { recursive: true, force: true }));
  await stage.open();
  const lives: RunnerLife[] = [];
  const planned = deaths(kills).values();
  const lane = async (): Promise<void> => {
    for (const death of planned) {
      signal.throwIfAborted();
      await stage.addCallees(freshEach);
      lives.push(await liveRunner(context, { ...stage.order, death }, folder));
      if (lives.length % 10 === 0) progress(`${name}: ${lives.length} of ${kills} killed`);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  await stage.callsAreOver();
  await stage.reconcileLater();
  progress(`${name}: a runner that is not killed finishes`);
  const lastLife = await liveRunner(context, stage.order, folder);
  await stage.callsAreOver();
  const report = await stage.reconcileLater();
  return { part, lives, lastLife, report, progress: await stage.progress() };
}
