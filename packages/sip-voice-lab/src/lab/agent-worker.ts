import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { labEnvironment } from "../environment.ts";

/** The entry file of the example agent: the lab runs it as it is. */
const agentFile = createRequire(import.meta.url).resolve("@clinic/gemini-sip-agent/agent");
const readyWithinMs = 60_000;
const lastLinesKept = 400;

/** A line that the worker logged. */
export interface WorkerLine {
  /** The message, or the whole line when it was not JSON. */
  readonly message: string;
  /** pino's level: 20 debug, 30 info, 40 warn, 50 error. */
  readonly level: number;
  /** The line as it came. */
  readonly text: string;
}

/** The example agent's worker, a process of its own with its calls' processes below it. */
export interface AgentWorker {
  /** The worker's process id; its calls' processes are in its process group. */
  readonly pid: number;
  /** The last lines that it logged. */
  lastLines(): readonly WorkerLine[];
  /** Tells the worker to stop as an operating system would (SIGTERM): it lets calls finish, as long as it may. */
  terminate(): void;
  /** Resolves when the worker has ended. */
  readonly exited: Promise<{ readonly code: number | null }>;
  /** Ends the worker and all its processes. */
  stop(): Promise<void>;
}

/** Starts the example agent, or another entry file, with the lab's environment and waits until LiveKit knows it. */
export async function startAgentWorker(
  own: Readonly<Record<string, string>>,
  onLine: (line: WorkerLine) => void = () => {},
  signal?: AbortSignal,
  file: string = agentFile,
): Promise<AgentWorker> {
  const child = spawn(process.execPath, [file, "start"], {
    env: labEnvironment({ ...own, SIP_VOICE_WORKER_PORT: "0" }),
    stdio: ["ignore", "pipe", "pipe"],
    // A process group of its own, so that no process of a call outlives the lab.
    detached: true,
  });
  const killGroup = (): void => killProcessGroup(child);
  // Before anything else that happens at the end: whoever removes the worker's files does it after the worker is gone.
  process.prependOnceListener("exit", killGroup);
  const lines: WorkerLine[] = [];
  let onRegistered: () => void = () => {};
  const registered = new Promise<void>((resolve) => {
    onRegistered = resolve;
  });
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (text) => {
      const line = workerLine(text);
      lines.push(line);
      if (lines.length > lastLinesKept) lines.shift();
      if (line.message.includes("registered worker")) onRegistered();
      onLine(line);
    });
  }
  const exited = new Promise<{ code: number | null }>((resolve) => {
    child.once("exit", (code) => resolve({ code }));
  });
  const worker: AgentWorker = {
    pid: child.pid ?? 0,
    lastLines: () => lines,
    terminate: () => void child.kill("SIGTERM"),
    exited,
    async stop() {
      killGroup();
      await exited;
      process.off("exit", killGroup);
    },
  };
  const late = new Promise<"late">((resolve) => setTimeout(() => resolve("late"), readyWithinMs).unref());
  const givenUp = new Promise<"given-up">((resolve) => {
    signal?.addEventListener("abort", () => resolve("given-up"), { once: true });
  });
  const first = await Promise.race([registered, exited, late, givenUp]);
  if (first === undefined) return worker;
  await worker.stop();
  signal?.throwIfAborted();
  const tail = lines.slice(-8).map(({ text }) => text);
  throw new Error(["The agent's worker did not start. Its last lines:", ...tail].join("\n"));
}

function killProcessGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
}

function workerLine(text: string): WorkerLine {
  try {
    const { msg, level } = JSON.parse(text) as { msg?: unknown; level?: unknown };
    return {
      message: typeof msg === "string" ? msg : text,
      level: typeof level === "number" ? level : 30,
      text,
    };
  } catch {
    return { message: text, level: 30, text };
  }
}
