import { spawn } from "node:child_process";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";

/** The workspace's folder. */
export const root: string = dirname(dirname(fileURLToPath(import.meta.url)));

/** The path of an installed tool's command. */
export function bin(name: string, folder = "."): string {
  return join(root, folder, "node_modules/.bin", name);
}

/** The environment for tools: they find the workspace's own Node first, whatever Node is on the machine. */
export function toolEnv(): NodeJS.ProcessEnv {
  const path = [join(root, "node_modules/.bin"), process.env.PATH ?? ""].join(delimiter);
  return { ...process.env, PATH: path, NO_COLOR: "1", FORCE_COLOR: undefined };
}

/** What became of a command. */
export interface Run {
  readonly ok: boolean;
  /** Standard output and standard error, in the order of arrival. */
  readonly output: string;
}

/** Runs a command to its end and keeps what it printed. */
export function run(command: string, args: readonly string[], cwd: string = root): Promise<Run> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env: toolEnv(), stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk;
    });
    child.stderr.on("data", (chunk: Buffer) => {
      output += chunk;
    });
    child.on("error", (error) => resolve({ ok: false, output: `${command}: ${error.message}` }));
    child.on("close", (code, signal) => {
      if (signal !== null) output += `\n${command} was ended by ${signal}`;
      resolve({ ok: code === 0, output: stripVTControlCharacters(output).trim() });
    });
  });
}

/** Seconds since a moment of `performance.now()`, like "3.2 s". */
export function since(start: number): string {
  return `${((performance.now() - start) / 1000).toFixed(1)} s`;
}
