import { execFile } from "node:child_process";
import { join } from "node:path";

/** What a command left. */
export interface CommandRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `pnpm bench` or `pnpm prove` as its script does. */
export function runCommandLine(command: "bench" | "prove", ...args: string[]): Promise<CommandRun> {
  const file = join(import.meta.dirname, "../..", command, "main.ts");
  return new Promise((resolve) => {
    execFile(process.execPath, [file, ...args], { maxBuffer: 1 << 26 }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr }),
    );
  });
}

/** The one line of JSON that a command printed, and nothing else. */
export function oneLineOf({ stdout, stderr }: CommandRun): Record<string, unknown> {
  const lines = stdout.split("\n");
  if (lines.length !== 2 || lines[1] !== "")
    throw new Error(`not one line, but: ${JSON.stringify(stdout.slice(0, 2000))}\n${stderr.slice(-4000)}`);
  return JSON.parse(lines[0] ?? "") as Record<string, unknown>;
}
