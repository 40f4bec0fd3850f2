import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { promptDirectory } from "./prompt-directory.ts";
import { promptFolder } from "./prompt-folder.ts";

const sentence = { text: "Goodbye.", language: "en-US" } as const;
const clip = { samples: Int16Array.from({ length: 481 }, (_, index) => index * 60), sampleRate: 24_000 };

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sip-voice-folder-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe("promptFolder", () => {
  it.each(["gemini-3.1-flash-tts-preview/Kore", "صوت", "x"])(
    "keeps a sound, sample for sample, and the voice %s",
    async (voice) => {
      const cache = promptFolder(folder);
      await cache.keep(sentence, clip, voice);
      expect(await cache.entries()).toEqual([{ name: cache.nameOf(sentence), voice, usable: true }]);
      expect(await promptDirectory(folder).find("Goodbye.", "en-US")).toEqual(clip);
    },
  );

  it("makes the folder, and has nothing before", async () => {
    const cache = promptFolder(join(folder, "a", "b"));
    expect(await cache.entries()).toEqual([]);
    await cache.keep(sentence, clip, "x");
    expect(await cache.entries()).toHaveLength(1);
  });

  it("writes what every WAV player reads: chunks of even length inside of the RIFF", async () => {
    const cache = promptFolder(folder);
    await cache.keep(sentence, clip, "even");
    const file = await readFile(join(folder, cache.nameOf(sentence)));
    expect(file.readUInt32LE(4)).toBe(file.length - 8);
    const ids: string[] = [];
    for (let at = 12; at < file.length; at += 8 + file.readUInt32LE(at + 4) + (file.readUInt32LE(at + 4) % 2))
      ids.push(file.toString("latin1", at, at + 4));
    expect(ids).toEqual(["fmt ", "data", "LIST"]);
  });

  it("leaves nothing half behind when it can't put the file in place", async () => {
    const cache = promptFolder(folder);
    // A folder stands where the file belongs.
    await promptFolder(join(folder, cache.nameOf(sentence))).keep(sentence, clip, "x");
    await expect(cache.keep(sentence, clip, "x")).rejects.toMatchObject({ code: "store-unavailable" });
    expect((await readdir(folder)).filter((name) => name.endsWith(".part"))).toEqual([]);
  });

  it("says so when the path is a file", async () => {
    await writeFile(join(folder, "prompts"), "");
    const cache = promptFolder(join(folder, "prompts"));
    await expect(cache.entries()).rejects.toMatchObject({ code: "store-unavailable", field: "path" });
    await expect(cache.keep(sentence, clip, "x")).rejects.toMatchObject({ code: "store-unavailable" });
  });

  it("removes a file, and does not mind one that is gone", async () => {
    const cache = promptFolder(folder);
    await cache.keep(sentence, clip, "x");
    await cache.remove(cache.nameOf(sentence));
    await cache.remove(cache.nameOf(sentence));
    expect(await cache.entries()).toEqual([]);
  });
});
