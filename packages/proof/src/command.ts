import { fork } from "node:child_process";
import { join, resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { benchTable } from "./bench-row.ts";
import { catalogue, type Entry } from "./catalogue.ts";
import type { ChildMessage } from "./child.ts";
import { claimsText, holds } from "./claim.ts";
import type { RunParts } from "./run-context.ts";
import { textTable } from "./text-table.ts";

/** What differs between `bench` and `prove`. */
export interface CommandOptions {
  /** The command's name. */
  readonly name: "bench" | "prove";
  /** What it does. */
  readonly about: string;
  /** The folder of what it can run. */
  readonly folder: string;
}

interface Flags {
  readonly json?: boolean;
  readonly quick?: boolean;
  readonly list?: boolean;
  readonly only?: string;
  readonly journal?: string;
  readonly minutes?: number;
}

const misuse = 2;

/** The command line of `bench` and `prove`; gives the exit code. */
export async function runCommand(options: CommandOptions, args: readonly string[]): Promise<number> {
  const entries = catalogue(options.folder);
  const list = textTable(
    ["name", "about"],
    entries.map(({ name, about }) => [name, about]),
  );
  let exitCode = 0;
  const program = new Command(`pnpm ${options.name}`)
    .description(options.about)
    .argument("[name]", "which one to run")
    .option("--json", "print one line of JSON to standard output; progress goes to standard error")
    .option("--quick", "fewer tries: shows that everything works, not how fast it is")
    .option("--list", "print the names")
    .option("--only <words>", "of a long one: only what has these words in its name")
    .option("--journal <file>", "of a long one: keep what was tried in this file, and go on where it stops")
    .option("--minutes <count>", "of a long one: begin nothing new after so many minutes", minutesOf)
    .addHelpText("after", `\n${list}`)
    .exitOverride()
    .action(async (name: string | undefined, flags: Flags) => {
      if (flags.list) {
        process.stdout.write(`${list}\n`);
        return;
      }
      const entry = entries.find((one) => one.name === name);
      if (entry) exitCode = await runEntry(entry, flags);
      else {
        const complaint = name === undefined ? "Say which one to run" : `There is no "${name}"`;
        process.stderr.write(`${complaint}; there are:\n\n${list}\n`);
        exitCode = misuse;
      }
    });
  try {
    await program.parseAsync([...args], { from: "user" });
  } catch (error) {
    // Commander has printed what was wrong, or the help.
    const { exitCode: code } = error as { exitCode?: number };
    if (code === undefined) throw error;
    return code === 0 ? 0 : misuse;
  }
  return exitCode;
}

function minutesOf(text: string): number {
  const minutes = Number(text);
  if (!(minutes > 0)) throw new InvalidArgumentError("It is a number of minutes.");
  return minutes;
}

async function runEntry({ name, file }: Entry, { json, quick, ...flags }: Flags): Promise<number> {
  const { only, journal, minutes } = flags;
  const parts: RunParts = {
    ...(only === undefined ? {} : { only }),
    ...(journal === undefined ? {} : { journal: resolve(journal) }),
    ...(minutes === undefined ? {} : { minutes }),
  };
  const child = fork(
    join(import.meta.dirname, "child.ts"),
    [file, quick ? "quick" : "full", JSON.stringify(parts)],
    { stdio: ["ignore", 2, 2, "ipc"] },
  );
  const pass = (): void => {
    if (child.connected) child.send("stop");
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, pass);
  let message: ChildMessage | undefined;
  child.on("message", (received) => {
    message = received as ChildMessage;
  });
  // The last message may come after `exit`, never after `disconnect`.
  const disconnected = new Promise<void>((done) => child.once("disconnect", done));
  const code = await new Promise<number>((done) => {
    child.once("exit", (exitCode) => done(exitCode ?? 1));
  });
  await disconnected;
  if (message === undefined || code !== 0) return code || 1;
  process.stdout.write(
    json
      ? `${JSON.stringify({ name, ...message })}\n`
      : `${"rows" in message ? benchTable(message.rows) : claimsText(message.claims)}\n`,
  );
  return "claims" in message && !message.claims.every(holds) ? 1 : 0;
}
