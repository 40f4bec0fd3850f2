import { execFileSync } from "node:child_process";
import { existsSync, globSync } from "node:fs";
import { delimiter, join } from "node:path";
import { PostgresMissing } from "./missing-postgres.ts";

/** Where distributions keep the server's programs; Debian leaves them out of PATH. */
const usualFolders = [
  "/usr/lib/postgresql/*/bin",
  "/usr/pgsql-*/bin",
  "/opt/homebrew/opt/postgresql*/bin",
  "/usr/local/opt/postgresql*/bin",
];

/** The folder that holds `initdb` and `postgres`: the one that is named, the newest installed, or one on PATH. */
export function postgresFolder(env: NodeJS.ProcessEnv = process.env): string {
  const named = env.SIP_VOICE_LAB_POSTGRES_BIN;
  const newestFirst = new Intl.Collator("en", { numeric: true });
  const folders = named
    ? [named]
    : [
        ...usualFolders.flatMap((pattern) => globSync(pattern).sort((a, b) => newestFirst.compare(b, a))),
        ...(env.PATH ?? "").split(delimiter).filter((folder) => folder !== ""),
      ];
  const found = folders.find((folder) =>
    ["initdb", "postgres"].every((name) => existsSync(join(folder, name))),
  );
  if (found === undefined) throw new PostgresMissing(named ? [named] : [...usualFolders, "PATH"]);
  return found;
}

/** Whom the server runs as. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL refuses to run as root: then it runs as the user that its package made, or as nobody. */
export function serverUser(): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string, name: string): number =>
    Number(execFileSync("id", [flag, name], { stdio: "pipe" }));
  for (const name of ["postgres", "nobody"]) {
    try {
      return { uid: id("-u", name), gid: id("-g", name) };
    } catch {
      // There is no such user.
    }
  }
  return undefined;
}
