import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** What one fresh process took. */
export interface FreshProcess {
  /** From the start of the process to its end, in milliseconds. */
  readonly ms: number;
  /** Resident memory at the end, in megabytes. */
  readonly megabytes: number;
}

const marker = "resident:";

/** Nothing of the caller's Node settings: a compile cache or a loader would measure something else. */
function bareEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("NODE_")));
}

function runNode(args: readonly string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...args], {
    cwd,
    env: bareEnvironment(),
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  if (status !== 0) throw new Error(`A fresh process in ${cwd} ended with ${status}:\n${stderr}`);
  return stdout;
}

/** Writes a program that imports these packages and tells its resident memory; gives its path. */
export function writeProgram(folder: string, packages: readonly string[]): string {
  const path = join(folder, `import-${packages.length === 0 ? "nothing" : "them"}.mjs`);
  const imports = packages.map((name) => `import ${JSON.stringify(name)};\n`).join("");
  writeFileSync(path, `${imports}process.stdout.write("${marker}" + process.memoryUsage.rss());\n`);
  return path;
}

/** Runs a program of {@link writeProgram} once. */
export function runFresh(program: string, cwd: string): FreshProcess {
  const startedAt = performance.now();
  const output = runNode([program], cwd);
  const ms = performance.now() - startedAt;
  const bytes = Number(output.slice(output.lastIndexOf(marker) + marker.length));
  return { ms, megabytes: bytes / 1_000_000 };
}

/** The files, outside Node itself, that importing a package loads: modules, `require`d ones and native addons. */
export function filesLoaded(name: string, folder: string): string[] {
  const path = join(folder, "loaded.mjs");
  writeFileSync(
    path,
    `import { registerHooks } from "node:module";
const loaded = [];
registerHooks({
  load(url, context, next) {
    if (!url.startsWith("node:")) loaded.push(url);
    return next(url, context);
  },
});
await import(${JSON.stringify(name)});
process.stdout.write(${JSON.stringify(marker)} + JSON.stringify(loaded));
`,
  );
  const output = runNode([path], folder);
  return JSON.parse(output.slice(output.lastIndexOf(marker) + marker.length)) as string[];
}
