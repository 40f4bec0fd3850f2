import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SipVoiceError } from "../../errors.ts";
import type { PromptCache, PromptCacheEntry } from "../../prompts/prompt-cache.ts";
import { promptFileName } from "./prompt-directory.ts";
import { decodeWav, encodeWav } from "./wav-file.ts";

/** The files of ours in a folder: whatever else is in it is not touched. */
const ourFile = /^[A-Za-z0-9-]+-[0-9a-f]{24}\.wav(\.\d+\.part)?$/;

/**
 * The folder that {@link promptDirectory} reads, to be written by `renderPrompts`. Each file tells inside which voice spoke it;
 * one that does not is a recording of the clinic's own and stays as it is. A file appears whole, under its name, or not at all.
 *
 * @throws SipVoiceError `store-unavailable` from its methods, when the folder can't be read or written
 * @example
 * ```ts
 * import { promptFolder } from "@clinic/sip-voice/agent";
 *
 * for (const { name, voice } of await promptFolder("./prompts").entries()) console.log(name, voice ?? "recorded by hand");
 * ```
 */
export function promptFolder(path: string): PromptCache {
  const nameOf: PromptCache["nameOf"] = ({ text, language }) => promptFileName(text, language);
  return {
    nameOf,
    entries: () =>
      onDisk("read", async () => {
        const names = (await readdir(path).catch(noneIfMissing)).filter((name) => ourFile.test(name));
        return await Promise.all(names.map((name) => entryOf(path, name)));
      }),
    keep: (sentence, clip, voice) =>
      onDisk("written", async () => {
        const file = join(path, nameOf(sentence));
        const part = `${file}.${process.pid}.part`;
        await mkdir(path, { recursive: true });
        try {
          await writeFile(part, encodeWav(clip, voice), { flush: true });
          await rename(part, file);
        } catch (error) {
          await rm(part, { force: true });
          throw error;
        }
      }),
    remove: (name) => onDisk("written", () => rm(join(path, name), { force: true })),
  };
}

async function entryOf(path: string, name: string): Promise<PromptCacheEntry> {
  if (name.endsWith(".part")) return { name, voice: "unfinished", usable: false };
  const wav = decodeWav(await readFile(join(path, name)));
  return { name, voice: wav?.voice, usable: wav !== undefined };
}

function noneIfMissing(error: NodeJS.ErrnoException): string[] {
  if (error.code === "ENOENT") return [];
  throw error;
}

async function onDisk<Result>(what: "read" | "written", work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    throw new SipVoiceError("store-unavailable", `The folder of prepared sentences can't be ${what}.`, {
      field: "path",
      remedy: "Look whether the path is a folder, who may write there, and whether the disk is full.",
      cause,
    });
  }
}
