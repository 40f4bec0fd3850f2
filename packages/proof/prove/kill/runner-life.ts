import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { labEnvironment } from "@clinic/sip-voice-lab";
import type { RunContext } from "../../src/run-context.ts";
import type { DeathNote } from "./death.ts";
import type { RunnerOrder } from "./runner-order.ts";

/** How one runner's process ended. */
export interface RunnerLife {
  /** Whether SIGKILL ended it. */
  readonly wasKilled: boolean;
  /** Where; `at random` also when its point did not come and it was killed from outside. */
  readonly died: string | undefined;
  /** The attempts that the ledger had acknowledged to it. */
  readonly reserved: readonly string[];
}

let lives = 0;
/** Longer than a campaign here takes; a runner that does not come to its point ends itself sooner. */
const longestLifeMs = 300_000;

/** Runs a runner until it dies, or has nothing left to do. */
export async function liveRunner(
  { signal, onEnd }: Pick<RunContext, "signal" | "onEnd">,
  order: RunnerOrder,
  folder: string,
): Promise<RunnerLife> {
  const notesFile = join(folder, `life-${lives++}.notes`);
  const notes = openSync(notesFile, "a");
  const child = spawn(process.execPath, [join(import.meta.dirname, "runner.ts"), JSON.stringify(order)], {
    env: labEnvironment({ NODE_COMPILE_CACHE: join(folder, "compile-cache") }),
    stdio: ["ignore", "ignore", "inherit", notes],
  });
  closeSync(notes);
  const kill = (): void => void child.kill("SIGKILL");
  onEnd(kill);
  signal.addEventListener("abort", kill, { once: true });
  const late = setTimeout(kill, longestLifeMs);
  const [code, ended] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
    child.once("exit", (...how) => resolve(how)),
  );
  clearTimeout(late);
  signal.removeEventListener("abort", kill);
  signal.throwIfAborted();
  if (code !== 0 && ended !== "SIGKILL") throw new Error(`A runner ended with ${code ?? ended}.`);
  const lines = readFileSync(notesFile, "utf8").split("\n").filter(Boolean);
  const told = lines.map((line) => JSON.parse(line) as DeathNote);
  const died = told.flatMap((note) => ("died" in note ? [note.died] : []))[0];
  return {
    wasKilled: ended === "SIGKILL",
    died: died ?? (ended === "SIGKILL" ? "at random" : undefined),
    reserved: told.flatMap((note) => ("reserved" in note ? [note.reserved] : [])),
  };
}
