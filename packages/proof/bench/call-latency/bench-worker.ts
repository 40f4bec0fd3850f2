import { setTimeout as sleep } from "node:timers/promises";
import type { AgentWorker, WorkerLine } from "@clinic/sip-voice-lab";
import { mustCome } from "../../src/eventually.ts";
import { residentMegabytes, workerProcesses } from "../../src/worker-processes.ts";

/** What the framework says once a process waits for a call. */
const warmMessage = "job runner initialized";
/** What has just been warmed up is still busy with itself. */
const settleMs = 400;

/** A worker whose calls are measured: each of them finds a process that waits, and nothing else going on. */
export class BenchWorker {
  #warmed = 0;
  #calls = 0;
  #worker: AgentWorker | undefined;

  /** Reads the worker's log. */
  readonly onLine = ({ message }: WorkerLine): void => {
    if (message === warmMessage) this.#warmed += 1;
  };

  /** From now on this is the worker. */
  take(worker: AgentWorker): this {
    this.#worker = worker;
    return this;
  }

  /** Waits until a process is ready for the next call and the one before has ended; gives its id. */
  async nextProcess(): Promise<number> {
    const group = this.#worker?.pid ?? 0;
    let jobs: readonly number[] = [];
    await mustCome(
      "a process that waits for a call",
      async () => {
        if (this.#warmed <= this.#calls) return false;
        jobs = (await workerProcesses(group)).jobs;
        return jobs.length === 1;
      },
      60_000,
    );
    this.#calls += 1;
    await sleep(settleMs);
    return jobs[0] ?? 0;
  }

  /** Resident memory of a process, in megabytes. */
  memoryOf(pid: number): Promise<number> {
    return residentMegabytes(pid);
  }
}
