import { execFile } from "node:child_process";
import { globSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const execute = promisify(execFile);
const packageFolder = dirname(fileURLToPath(import.meta.resolve("@clinic/sip-voice/package.json")));
const require = createRequire(import.meta.url);

async function run(command: string, args: readonly string[], cwd: string): Promise<void> {
  try {
    await execute(command, [...args], { cwd, maxBuffer: 1 << 26 });
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    throw new Error(`${basename(command)} ${args.join(" ")}:\n${stdout}${stderr}`, { cause: error });
  }
}

async function pnpm(args: readonly string[], cwd: string): Promise<void> {
  // Set when a pnpm script runs us; otherwise the version that the README names.
  const self = process.env.npm_execpath;
  if (self === undefined || !/pnpm/.test(self)) return await run("npx", ["-y", "pnpm@12.21.0", ...args], cwd);
  if (/[.][cm]?js$/.test(self)) return await run(process.execPath, [self, ...args], cwd);
  await run(self, args, cwd);
}

/** Builds @clinic/sip-voice and packs it as it would be published; gives the tarball's path. */
export async function packPackage(folder: string): Promise<string> {
  await pnpm(["run", "build"], packageFolder);
  await pnpm(["pack", "--pack-destination", folder], packageFolder);
  const [tarball] = globSync("*.tgz", { cwd: folder });
  if (tarball === undefined) throw new Error("pnpm pack left no tarball.");
  return join(folder, tarball);
}

/** Makes a folder with these packages of the workspace in it, linked: whatever they need, they find where they are. */
export function folderWith(folder: string, packages: readonly string[]): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  for (const name of packages) {
    const link = join(folder, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(installedFolder(name), link);
  }
  return folder;
}

/** Installs the tarball into a folder of its own, from nothing but the tarball: offline, no peers. */
export async function folderWithTarball(folder: string, tarball: string): Promise<string> {
  folderWith(folder, []);
  const flags = ["--offline", "--omit=peer", "--no-audit", "--no-fund", "--ignore-scripts"];
  await run("npm", ["install", ...flags, tarball], folder);
  return folder;
}

/** The packages in a folder's `node_modules`. */
export function packagesIn(folder: string): string[] {
  return globSync("node_modules/{*,@*/*}/package.json", { cwd: folder })
    .map((file) => dirname(file).slice("node_modules/".length))
    .sort();
}

/** Where the workspace has a package: beside us, or beside @clinic/sip-voice. */
function installedFolder(name: string): string {
  const paths = [import.meta.dirname, packageFolder].flatMap((from) =>
    (require.resolve.paths(name) ?? []).concat(join(from, "node_modules")),
  );
  const [found] = paths.flatMap((path) => globSync(join(path, name, "package.json")));
  if (found === undefined) throw new Error(`${name} is not installed.`);
  return realpathSync(dirname(found));
}
