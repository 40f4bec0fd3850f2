import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { RunContext } from "../../src/run-context.ts";

/** What a runner's process tells of itself, in megabytes of resident memory. */
export interface RunnerMemory {
  /** After a tenth of the calls. */
  readonly afterStart: number;
  /** After all of them. */
  readonly atEnd: number;
  /** The most at any time, the start included. */
  readonly peak: number;
  /** How many calls it made. */
  readonly made: number;
}

/** Runs a runner in a process of its own, without the bench's memory around it. */
export async function runBareRunner(
  { onEnd }: RunContext,
  file: string,
  calls: number,
): Promise<RunnerMemory> {
  const child = fork(join(import.meta.dirname, "worker.ts"), [file, String(calls)], { execArgv: [] });
  onEnd(() => void child.kill("SIGKILL"));
  const ended = once(child, "exit").then(([code]) => {
    throw new Error(`The runner ended with ${code}.`);
  });
  ended.catch(() => {});
  const [memory] = (await Promise.race([once(child, "message"), ended])) as [RunnerMemory];
  return memory;
}
