import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { promptDirectory, promptFileName } from "../agent/speech/prompt-directory.ts";
import { promptFolder } from "../agent/speech/prompt-folder.ts";
import { defineClinicMenu } from "../call/clinic-menu.ts";
import type { ClinicPromptTexts } from "./fixed-sentence.ts";
import { loadPrompts } from "./fixed-sentence.ts";
import type { PromptVoice } from "./prompt-voice.ts";
import { type PromptStatus, type RenderPromptsOptions, renderPrompts } from "./render-prompts.ts";

const english = { opener: "Hello, this is the clinic.", goodbye: "Goodbye.", apology: "Goodbye." };
const arabic = { opener: "مرحباً، معك العيادة.", goodbye: "مع السلامة." };
// Rendering takes the sentences that are there; which ones a clinic must have is the compiler's to say.
const prompts = { "en-US": english, "ar-XA": arabic } as unknown as ClinicPromptTexts;

/** A voice that hums as long as the text is, and can be told to fail or to wait. */
function humming(options: { name?: string; before?: (text: string) => Promise<void> } = {}) {
  const spoken: string[] = [];
  const voice: PromptVoice = {
    name: options.name ?? "hum/1",
    async speak(text, language) {
      spoken.push(`${language} ${text}`);
      await options.before?.(text);
      const samples = Int16Array.from({ length: text.length * 24 * 70 }, (_, index) =>
        Math.round(5_000 * Math.sin(index / 20)),
      );
      return { samples, sampleRate: 24_000 };
    },
  };
  return { voice, spoken };
}

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sip-voice-render-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function run(options: Partial<RenderPromptsOptions> = {}) {
  const progress: string[] = [];
  const report = await renderPrompts({
    prompts,
    voice: humming().voice,
    cache: promptFolder(folder),
    onProgress: ({ sentence, status }) => progress.push(`${sentence.language} ${sentence.prompt} ${status}`),
    ...options,
  });
  const count = (status: PromptStatus): number =>
    report.sentences.filter((one) => one.status === status).length;
  return { report, count, progress };
}

describe("renderPrompts", () => {
  it("speaks every sentence of every language once, and the agent finds them", async () => {
    const { voice, spoken } = humming();
    const { report, progress } = await run({ voice });
    expect(spoken.toSorted()).toEqual(
      [
        "ar-XA مرحباً، معك العيادة.",
        "ar-XA مع السلامة.",
        "en-US Goodbye.",
        "en-US Hello, this is the clinic.",
      ].toSorted(),
    );
    expect(report.complete).toBe(true);
    expect(progress).toHaveLength(4);
    expect(await loadPrompts(promptDirectory(folder), prompts)).toEqual([]);
    expect(await readdir(folder)).toHaveLength(4);
  });

  it("speaks the clinic's menu too, and does not take it for stale", async () => {
    const menu = defineClinicMenu({
      keys: { "1": "talk" },
      sentences: { first: { "en-US": "Press 1 for your appointment." } },
    });
    const { voice, spoken } = humming();
    const { report } = await run({ voice, menu });
    expect(spoken).toContain("en-US Press 1 for your appointment.");
    expect(await loadPrompts(promptDirectory(folder), prompts, menu)).toEqual([]);
    expect(report.stale).toEqual([]);
    expect((await run({ menu, removeStale: true })).report.removed).toEqual([]);
    expect((await run()).report.stale).toHaveLength(1);
  });

  it("keeps what is there, and speaks what was reworded", async () => {
    await run();
    const { voice, spoken } = humming();
    expect((await run({ voice })).count("kept")).toBe(4);
    const reworded = {
      ...prompts,
      "en-US": { ...english, goodbye: "Bye for now." },
    } as unknown as ClinicPromptTexts;
    await run({ voice, prompts: reworded });
    expect(spoken).toEqual(["en-US Bye for now."]);
  });

  it("speaks everything anew with another voice", async () => {
    await run();
    const { voice, spoken } = humming({ name: "hum/2" });
    const dry = await run({ voice, dryRun: true });
    expect(dry.count("other-voice")).toBe(4);
    expect(dry.report.complete).toBe(false);
    expect(spoken).toEqual([]);
    expect((await run({ voice })).count("rendered")).toBe(4);
    expect((await run({ voice })).count("kept")).toBe(4);
  });

  it("renders the languages that it is asked for, and takes the others for no less the clinic's", async () => {
    await run();
    const { report } = await run({ languages: ["ar-XA"], removeStale: true });
    expect(report.sentences.map(({ sentence }) => sentence.language)).toEqual(["ar-XA", "ar-XA"]);
    expect(report.removed).toEqual([]);
  });

  it("does nothing in a dry run, but tells what is missing", async () => {
    const { voice, spoken } = humming();
    const { report, count } = await run({ voice, dryRun: true, removeStale: true });
    expect([spoken, count("missing"), report.complete]).toEqual([[], 4, false]);
    expect(await readdir(folder)).toEqual([]);
  });

  it("goes on when a sentence fails, and mends it the next time", async () => {
    let broken = true;
    const { voice, spoken } = humming({
      before: async (text) => {
        if (broken && text.startsWith("Hello")) throw new Error("503");
      },
    });
    const first = await run({ voice });
    expect([first.count("failed"), first.count("rendered"), first.report.complete]).toEqual([1, 3, false]);
    expect(first.report.sentences[0]).toMatchObject({ status: "failed", error: new Error("503") });
    broken = false;
    spoken.length = 0;
    expect((await run({ voice })).report.complete).toBe(true);
    expect(spoken).toEqual(["en-US Hello, this is the clinic."]);
  });

  it("keeps no sound that is silent", async () => {
    const voice: PromptVoice = {
      name: "mute",
      speak: async () => ({ samples: new Int16Array(24_000), sampleRate: 24_000 }),
    };
    const { count } = await run({ voice });
    expect(count("failed")).toBe(4);
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([1, 3])("speaks at most %i sentences at one time", async (concurrency) => {
    let now = 0;
    let most = 0;
    const { voice } = humming({
      before: async () => {
        most = Math.max(most, ++now);
        await new Promise((resolve) => setImmediate(resolve));
        now--;
      },
    });
    await run({ voice, concurrency });
    expect(most).toBe(concurrency);
  });

  it("stops when it is told to: what was kept stays, the rest is missing, nothing is half", async () => {
    const stop = new AbortController();
    const { voice } = humming({
      before: async (text) => {
        if (text === "Goodbye.") stop.abort();
      },
    });
    const { report, count, progress } = await run({ voice, concurrency: 1, signal: stop.signal });
    expect([count("rendered"), count("missing"), report.complete]).toEqual([1, 3, false]);
    expect(progress).toHaveLength(4);
    expect(await readdir(folder)).toEqual([promptFileName(english.opener, "en-US")]);
  });

  it("lists what no sentence needs any more, and removes it on request", async () => {
    await run();
    const half = `${promptFileName("Killed in the middle.", "en-US")}.77.part`;
    await writeFile(join(folder, half), "half");
    await writeFile(join(folder, "notes.txt"), "not ours");
    const fewer = { "en-US": english } as unknown as ClinicPromptTexts;
    const listed = await run({ prompts: fewer });
    expect(listed.report.stale).toHaveLength(3);
    expect(listed.report.removed).toEqual([]);
    expect((await run({ prompts: fewer, removeStale: true })).report.removed).toHaveLength(3);
    expect(await readdir(folder)).toEqual(expect.arrayContaining(["notes.txt"]));
    expect(await readdir(folder)).toHaveLength(3);
  });
});

describe("a recording of the clinic's own", () => {
  /** A WAV file as other programs write it: nothing in it says who spoke. */
  async function record(text: string, sampleRate = 24_000): Promise<void> {
    const file = Buffer.alloc(44 + 9_600, 1);
    file.write("RIFF", 0, "latin1");
    file.writeUInt32LE(36 + 9_600, 4);
    file.write("WAVEfmt ", 8, "latin1");
    for (const [at, value] of [
      [20, 1],
      [22, 1],
      [34, 16],
    ] as const)
      file.writeUInt16LE(value, at);
    file.writeUInt32LE(sampleRate, 24);
    file.write("data", 36, "latin1");
    file.writeUInt32LE(9_600, 40);
    await writeFile(join(folder, promptFileName(text, "en-US")), file);
  }

  it("is neither spoken over nor removed", async () => {
    await record(english.opener);
    await record("An older opener.");
    const { voice, spoken } = humming();
    const { report, count } = await run({ voice, removeStale: true });
    expect(count("own-recording")).toBe(1);
    expect(spoken).toHaveLength(3);
    expect(report.complete).toBe(true);
    expect(report.stale.map(({ voice }) => voice)).toEqual([undefined]);
    expect(report.removed).toEqual([]);
  });

  it("that can't be played is told, not spoken over", async () => {
    await record(english.opener, 44_100);
    const { voice, spoken } = humming();
    const { report, count } = await run({ voice });
    expect([count("failed"), spoken.length, report.complete]).toEqual([1, 3, false]);
    expect(report.sentences[0]?.error).toMatchObject({ code: "unusable-audio" });
  });
});
