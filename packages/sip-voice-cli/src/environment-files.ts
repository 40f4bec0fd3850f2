import { randomUUID } from "node:crypto";
import { readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { SipVoiceError } from "@clinic/sip-voice";

/** The files in the order in which they are read: a later one wins, and the process's own environment wins over both. */
export const environmentFiles = [".env", ".env.sip"] as const;

/** Reads a file; `undefined` when there is none. */
export async function textOf(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, "utf8")).replace(/^\uFEFF/, "");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new SipVoiceError("store-unavailable", "A file can't be read.", {
      field: path,
      remedy: `Check that you may read ${path}.`,
      cause,
    });
  }
}

/** Reads `.env` and `.env.sip` of a folder under the process's own environment. Empty values count as unset. */
export async function readEnvironmentFiles(
  folder: string,
  own: Readonly<Record<string, string | undefined>>,
): Promise<Record<string, string | undefined>> {
  const merged: Record<string, string | undefined> = {};
  for (const file of environmentFiles) {
    const values = parseEnv((await textOf(join(folder, file))) ?? "");
    for (const [name, value] of Object.entries(values))
      if (value !== undefined && value !== "") merged[name] = value;
  }
  for (const [name, value] of Object.entries(own))
    if (value !== undefined && value !== "") merged[name] = value;
  return merged;
}

const assignment = /^(\s*(?:export\s+)?)([A-Za-z_][A-Za-z0-9_]*)(\s*=\s*)(.*?)(\r?)$/;

/** Sets variables in the text of an env file. Every other line stays byte for byte; new ones go to the end. */
export function withVariables(text: string, values: Readonly<Record<string, string>>): string {
  const left = new Map(Object.entries(values));
  const lines = text.split("\n").map((line) => {
    const [, before = "", name = "", equals = "", written = "", end = ""] = assignment.exec(line) ?? [];
    const value = values[name];
    if (value === undefined) return line;
    left.delete(name);
    const comment = /^(?:"[^"]*"|'[^']*'|[^\s#]*)(\s+#.*)$/.exec(written)?.[1] ?? "";
    return `${before}${name}${equals}${quoted(value)}${comment}${end}`;
  });
  if (left.size === 0) return lines.join("\n");
  const end = /\r\n/.test(text) ? "\r\n" : "\n";
  const body = lines.join("\n");
  const gap = body === "" || body.endsWith("\n") ? "" : end;
  return `${body}${gap}${[...left].map(([name, value]) => `${name}=${quoted(value)}${end}`).join("")}`;
}

/** A value as `util.parseEnv` gives it back. */
function quoted(value: string): string {
  if (/^[\w.+:/@-]*$/.test(value)) return value;
  return value.includes("'") ? (value.includes('"') ? `\`${value}\`` : `"${value}"`) : `'${value}'`;
}

/** Sets variables in an env file, which nobody else may read. The file is replaced as a whole: it is never half written. */
export async function writeVariables(path: string, values: Readonly<Record<string, string>>): Promise<void> {
  const before = (await textOf(path)) ?? "";
  const after = withVariables(before, values);
  if (after !== before) await writeWhole(path, after);
}

/** Writes a file under another name and puts it in place. One that is new is for its owner alone. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const half = `${path}.${randomUUID()}.tmp`;
  try {
    const mode = (await stat(path).catch(() => undefined))?.mode ?? 0o600;
    await writeFile(half, text, { mode });
    await rename(half, path);
  } catch (cause) {
    await rm(half, { force: true });
    throw new SipVoiceError("store-unavailable", "A file can't be written.", {
      field: path,
      remedy: `Check that you may write ${path}.`,
      cause,
    });
  }
}
