import { mkdir } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { type Lab, startLab } from "../lab/lab.ts";
import type { CallReport } from "./call-report.ts";
import { runCall } from "./call-run.ts";
import type { DemoCall } from "./demo-call.ts";
import type { DemoReport } from "./demo-report.ts";
import type { LiveView } from "./live-view.ts";
import { ModelTalk } from "./model-talk.ts";
import { sideBySide } from "./side-by-side.ts";

const goneWithinMs = 5_000;
/** Two processes in waiting: two calls may begin at the same moment. */
const idleWorkers = { SIP_VOICE_IDLE_PROCESSES: "2" };

/** Calls that a clinic takes which is set up in one way. */
export interface DemoBatch {
  readonly calls: readonly DemoCall[];
  /** More of the worker's environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** The worker's entry file, where it is not the example's. */
  readonly file?: string | undefined;
}

/** How the demo runs. */
export interface DemoOptions {
  /** The calls to make; the worker begins anew for each batch but the first, unless that has settings of its own. */
  readonly batches: readonly DemoBatch[];
  /** Where it is shown. */
  readonly view: LiveView;
  /** Ends it: everything is cleared away before the promise rejects. */
  readonly signal: AbortSignal;
  /** Makes the clinic's database ready for the calls, once the lab runs. */
  readonly prepare?: (lab: Lab) => Promise<void>;
  /** How many calls go on side by side; as many as suit the machine unless given. */
  readonly mostAtATime?: number;
  /** Show the worker's log lines too. */
  readonly verbose?: boolean;
  /** How long the Gemini stand-in thinks before it speaks, in milliseconds. */
  readonly thinkTimeMs?: number;
  /** A key of the real Gemini, to use it in place of the stand-in. */
  readonly realGeminiKey?: string | undefined;
  /** The folder for the calls' audio, where it is to be kept. */
  readonly audioFolder?: string | undefined;
}

/**
 * Starts the whole clinic on this machine, makes the calls, and clears everything away.
 * Rejects with the signal's reason when it was ended, and when the lab does not start.
 */
export async function runDemo(options: DemoOptions): Promise<DemoReport> {
  const { view, signal, realGeminiKey } = options;
  if (options.audioFolder) await mkdir(options.audioFolder, { recursive: true });
  const startedAt = performance.now();
  const lab = await startLab({
    signal,
    realGeminiKey,
    onProgress: (text) => view.progress(text),
    thinkTimeMs: options.thinkTimeMs ?? 0,
    worker: idleWorkers,
    ...(options.verbose ? { onWorkerLine: ({ text }) => view.print(view.styled("gray", text)) } : {}),
  });
  const readyAt = performance.now();
  const calls: CallReport[] = [];
  let left: { rooms: number; lines: number };
  const workers: (number | undefined)[] = [lab.worker?.pid];
  try {
    view.progress(`ready after ${seconds(startedAt, readyAt)} s; the calls begin`);
    await options.prepare?.(lab);
    for (const [index, { environment, file, calls: batch }] of options.batches.entries()) {
      if (index > 0 || file !== undefined || Object.keys(environment).length > 0)
        workers.push((await lab.startWorker({ ...idleWorkers, ...environment }, file)).pid);
      calls.push(...(await makeCalls(lab, { ...options, calls: batch })));
    }
    left = { rooms: await roomsLeft(lab), lines: lab.sip.lines().length };
  } finally {
    await lab.stop();
  }
  const endedAt = performance.now();
  const gone = await Promise.all(workers.map(isGroupGone));
  const processes = gone.filter((each) => !each).length;
  const leftBehind = { ...left, processes };
  return {
    ok: calls.every(({ ok }) => ok) && Object.values(leftBehind).every((count) => count === 0),
    gemini: realGeminiKey === undefined ? "stand-in" : "real",
    calls,
    leftBehind,
    seconds: {
      setUp: seconds(startedAt, readyAt),
      calls: seconds(readyAt, endedAt),
      total: seconds(startedAt, performance.now()),
    },
  };
}

/** Makes the calls in a lab that runs. */
export async function makeCalls(
  lab: Lab,
  {
    calls,
    view,
    signal,
    audioFolder,
    mostAtATime,
  }: Pick<DemoOptions, "view" | "signal" | "audioFolder" | "mostAtATime"> & Pick<DemoBatch, "calls">,
): Promise<CallReport[]> {
  const talk = new ModelTalk(lab.gemini);
  const keepAudio = async (
    { name }: DemoCall,
    { line }: { line: { saveRecording(path: string): Promise<void> } | undefined },
  ) => {
    if (!audioFolder || !line) return undefined;
    const path = join(audioFolder, `${name}.wav`);
    await line.saveRecording(path);
    return path;
  };
  // Each call is a process, and a telephone and a model here: two of them keep two cores busy.
  const suited = availableParallelism() >= 4 ? 3 : 2;
  const all = sideBySide(calls, mostAtATime ?? suited, (call) =>
    runCall(call, { lab, view, talk, signal, keepAudio }),
  );
  const ended = new Promise<never>((_, reject) => {
    const end = (): void => reject(signal.reason);
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  });
  // Whichever of the two loses has nobody to tell.
  all.catch(() => {});
  ended.catch(() => {});
  return await Promise.race([all, ended]);
}

async function roomsLeft({ rooms }: Lab): Promise<number> {
  const deadline = performance.now() + goneWithinMs;
  for (;;) {
    const { length } = await rooms.listRooms();
    if (length === 0 || performance.now() >= deadline) return length;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Whether no process of a group is left. */
async function isGroupGone(pid: number | undefined): Promise<boolean> {
  const deadline = performance.now() + goneWithinMs;
  while (pid !== undefined && performance.now() < deadline) {
    try {
      process.kill(-pid, 0);
    } catch {
      return true;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return pid === undefined;
}

function seconds(from: number, to: number): number {
  return Math.round((to - from) / 100) / 10;
}
