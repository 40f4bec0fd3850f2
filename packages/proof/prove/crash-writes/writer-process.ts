import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { WriterMessage } from "./writer.ts";

/** A writer as the proof sees it. */
export interface WriterProcess {
  readonly child: ChildProcess;
  readonly line: string;
  /** How many steps it was told were kept. */
  acknowledged(): number;
  /** With what it failed, if it did. */
  failure(): string | undefined;
  /** Resolves when so many steps were acknowledged, or it has ended. */
  reached(steps: number): Promise<void>;
  /** Resolves when it has ended. */
  readonly ended: Promise<void>;
}

const file = join(import.meta.dirname, "writer.ts");

/** Watches a process that writes. */
function watched(child: ChildProcess, line: string): WriterProcess {
  let acknowledged = 0;
  let failure: string | undefined;
  const waiting = new Set<{ readonly steps: number; readonly resolve: () => void }>();
  child.on("message", (message) => {
    const said = message as WriterMessage;
    if ("failure" in said) failure = said.failure;
    else acknowledged = said.acknowledged;
    for (const one of waiting) if (acknowledged >= one.steps) one.resolve();
  });
  // "close" comes after the last message; "exit" may not.
  const ended = once(child, "close").then(() => {
    for (const one of waiting) one.resolve();
  });
  return {
    child,
    line,
    acknowledged: () => acknowledged,
    failure: () => failure,
    ended,
    reached: (steps) =>
      Promise.race([ended, new Promise<void>((resolve) => void waiting.add({ steps, resolve }))]),
  };
}

/** Starts a writer on a line. */
export function startWriter(place: readonly [kind: string, where: string], line: string): WriterProcess {
  return watched(fork(file, [...place, line], { execArgv: [] }), line);
}

/** Starts a writer that may not write where files and folders say so, whoever started it: nothing is read-only for root. */
export function startUnprivilegedWriter(database: string, line: string): WriterProcess {
  return watched(fork(file, ["sqlite", database, line, "unprivileged"], { execArgv: [] }), line);
}

/** Starts a writer that may make no file larger than so many KiB: to it, the disk is full. Needs `sh`, and no rights. */
export function startCrampedWriter(database: string, line: string, kibibytes: number): WriterProcess {
  // POSIX counts in blocks of 512 bytes; Node itself ignores the signal that comes with the refusal.
  const script = `ulimit -f ${kibibytes * 2} && exec "$0" "$@"`;
  const shell = ["-c", script, process.execPath, file, "sqlite", database, line];
  return watched(spawn("sh", shell, { stdio: ["ignore", "inherit", "inherit", "ipc"] }), line);
}
