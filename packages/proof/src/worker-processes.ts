import { execFile } from "node:child_process";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** The processes of a worker's process group. */
export interface WorkerProcesses {
  /** All of them, the worker itself included. */
  readonly all: readonly number[];
  /** Those that serve a call, or wait for one. */
  readonly jobs: readonly number[];
}

/** Reads the output of `ps -A -o pid=,pgid=,args=`. A process that has ended and only waits to be reaped does not count. */
export function processesOfGroup(output: string, group: number): WorkerProcesses {
  const rows = output
    .split("\n")
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .filter((row) => row !== null)
    .map(([, pid, pgid, args = ""]) => ({ pid: Number(pid), pgid: Number(pgid), args }))
    .filter(({ pgid, args }) => pgid === group && !/<defunct>|^\(.*\)$/.test(args));
  return {
    all: rows.map(({ pid }) => pid),
    jobs: rows.filter(({ args }) => args.includes("job_proc_lazy_main")).map(({ pid }) => pid),
  };
}

/** Asks the operating system which processes a worker has now; orphans keep their group, so they are seen too. */
export async function workerProcesses(group: number): Promise<WorkerProcesses> {
  const { stdout } = await execute("ps", ["-A", "-ww", "-o", "pid=,pgid=,args="], { maxBuffer: 1 << 26 });
  return processesOfGroup(stdout, group);
}

/** Resident memory of a process, in megabytes. */
export async function residentMegabytes(pid: number): Promise<number> {
  const { stdout } = await execute("ps", ["-o", "rss=", "-p", String(pid)]);
  return (Number(stdout) * 1024) / 1_000_000;
}
