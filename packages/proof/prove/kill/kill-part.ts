import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ReconcileReport } from "@clinic/sip-voice";
import type { RunContext } from "../../src/run-context.ts";
import { calleeOf, plugIn } from "./callees.ts";
import { deaths } from "./kill-plan.ts";
import { liveRunner, type RunnerLife } from "./runner-life.ts";
import type { RunnerOrder } from "./runner-order.ts";
import { callsAreOver, orderOf, type RunnerStage, reconcileLater } from "./runner-stage.ts";

/** One part of the proof: a database, an agent, and how often its runners are killed. */
export interface KillPart extends RunnerStage {
  readonly name: string;
  readonly agentName: string;
  readonly agentPatienceMs: number;
  /** How many runners are killed, and how many of them are there at one time. */
  readonly kills: number;
  readonly lanes: number;
  /** How many calls each has in flight. */
  readonly lines: number;
  /** How many callees the runner that is not killed works off at the end. */
  readonly last: number;
}

/** What was seen of a part. */
export interface PartSeen {
  readonly part: KillPart;
  readonly lives: readonly RunnerLife[];
  /** The runner that was not killed. */
  readonly lastLife: RunnerLife;
  /** What reconciliation did when all calls were over. */
  readonly report: ReconcileReport;
  /** The identities of the telephones that were picked up. */
  readonly pickedUp: ReadonlySet<string>;
}

/** Each life gets so many callees that nobody has called before. */
const freshEach = 3;
/** A point may not come: a runner is killed then, wherever it is. */
const longestLifeMs = 30_000;
const longestLastLifeMs = 300_000;

/** How many callees a part has. */
export const calleesOf = ({ kills }: Pick<KillPart, "kills">): number => freshEach * kills;

/** Kills runners, lets one finish, and reconciles what is left once every call is over. */
export async function playPart(context: RunContext, part: KillPart): Promise<PartSeen> {
  const { progress, signal, onEnd } = context;
  const folder = await mkdtemp(join(tmpdir(), "prove-kill-"));
  onEnd(() => rm(folder, { recursive: true, force: true }));
  const pickedUp = new Set<string>();
  const callees = calleesOf(part);
  for (let ordinal = 0; ordinal < callees; ordinal++) {
    plugIn(part.lab, calleeOf(part.part, ordinal), ordinal, pickedUp);
  }
  const { lines, agentName, agentPatienceMs } = part;
  const order: RunnerOrder = { ...orderOf(part), callees, lines, agentName, agentPatienceMs };
  const lives: RunnerLife[] = [];
  const planned = deaths(part.kills).entries();
  const lane = async (): Promise<void> => {
    for (const [index, death] of planned) {
      signal.throwIfAborted();
      const fresh = { ...order, from: freshEach * index, death };
      lives.push(await liveRunner(context, fresh, folder, longestLifeMs));
      if (lives.length % 10 === 0) progress(`${part.name}: ${lives.length} of ${part.kills} killed`);
    }
  };
  await Promise.all(Array.from({ length: part.lanes }, lane));
  await callsAreOver(part);
  await reconcileLater(part);
  progress(`${part.name}: a runner that is not killed finishes`);
  const last = { ...order, callees: Math.min(part.last, callees), lines: 6 };
  const lastLife = await liveRunner(context, last, folder, longestLastLifeMs);
  await callsAreOver(part);
  return { part, lives, lastLife, pickedUp, report: await reconcileLater(part) };
}
