import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { promptDirectory, promptFileName } from "./prompt-directory.ts";

const text = "Thank you, your appointment is confirmed.";
const samples = Int16Array.from({ length: 480 }, (_, index) => index * 60 - 14_000);

interface WavShape {
  readonly sampleRate?: number;
  readonly channels?: number;
  readonly bits?: number;
  readonly coding?: number;
  /** What the header says of the data's length, in bytes. */
  readonly dataBytes?: number;
}

function wav(shape: WavShape = {}): Buffer {
  const { sampleRate = 24_000, channels = 1, bits = 16, coding = 1, dataBytes = samples.byteLength } = shape;
  const header = Buffer.alloc(44);
  header.write("RIFF", 0, "latin1");
  header.writeUInt32LE(36 + dataBytes, 4);
  header.write("WAVEfmt ", 8, "latin1");
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(coding, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(sampleRate, 24);
  header.writeUInt32LE((sampleRate * channels * bits) / 8, 28);
  header.writeUInt16LE((channels * bits) / 8, 32);
  header.writeUInt16LE(bits, 34);
  header.write("data", 36, "latin1");
  header.writeUInt32LE(dataBytes, 40);
  return Buffer.concat([header, Buffer.from(samples.buffer)]);
}

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sip-voice-prompts-"));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function put(content: Buffer | string): Promise<void> {
  await writeFile(join(folder, promptFileName(text, "en-US")), content);
}

describe("promptDirectory", () => {
  it("reads a sentence sample for sample", async () => {
    await put(wav());
    const clip = await promptDirectory(folder).find(text, "en-US");
    expect(clip?.sampleRate).toBe(24_000);
    expect(clip?.samples).toEqual(samples);
  });

  it("leaves out what stands in the file after the sound", async () => {
    await put(Buffer.concat([wav(), Buffer.from("LIST____more")]));
    expect((await promptDirectory(folder).find(text, "en-US"))?.samples).toEqual(samples);
  });

  it("has no sound of another wording, or of another language", async () => {
    await put(wav());
    const audio = promptDirectory(folder);
    expect(await audio.find(`${text} `, "en-US")).toBeUndefined();
    expect(await audio.find(text, "ar-XA")).toBeUndefined();
  });

  it("has nothing when the folder is not there", async () => {
    expect(await promptDirectory(join(folder, "nowhere")).find(text, "en-US")).toBeUndefined();
  });

  it.each([
    { name: "8 kHz", content: wav({ sampleRate: 8_000 }) },
    { name: "48 kHz", content: wav({ sampleRate: 48_000 }) },
    { name: "stereo", content: wav({ channels: 2 }) },
    { name: "8 bits", content: wav({ bits: 8 }) },
    { name: "half-precision floats (format code 3)", content: wav({ coding: 3 }) },
    { name: "cut off in the header", content: wav().subarray(0, 43) },
    { name: "cut off in the sound", content: wav().subarray(0, 400) },
    { name: "without any sound", content: wav({ dataBytes: 0 }).subarray(0, 44) },
    { name: "empty", content: "" },
    { name: "text", content: "This is not a sound at all, but a text that is longer than a header." },
    { name: "no WAVE in the RIFF", content: Buffer.from(wav()).fill("AVI ", 8, 12, "latin1") },
    {
      name: "with another chunk before the sound",
      content: Buffer.from(wav()).fill("LIST", 36, 40, "latin1"),
    },
  ])("takes a file that is $name for none, so that the model speaks the sentence", async ({ content }) => {
    await put(content);
    expect(await promptDirectory(folder).find(text, "en-US")).toBeUndefined();
  });

  it("reads a file once", async () => {
    await put(wav());
    const audio = promptDirectory(folder);
    const both = await Promise.all([audio.find(text, "en-US"), audio.find(text, "en-US")]);
    await put("replaced");
    expect(both[0]).toBe(both[1]);
    expect(await audio.find(text, "en-US")).toBe(both[0]);
    expect(both[0]?.samples).toEqual(samples);
  });
});

describe("promptFileName", () => {
  it("is a plain file name, whatever the sentence is", () => {
    for (const sentence of ["../../etc/passwd", "مرحبا", "a".repeat(10_000), ""])
      expect(promptFileName(sentence, "ar-XA")).toMatch(/^ar-XA-[0-9a-f]{24}\.wav$/);
  });

  it("is another for another sentence", () => {
    expect(promptFileName("Goodbye.", "en-US")).not.toBe(promptFileName("Goodbye!", "en-US"));
  });
});
