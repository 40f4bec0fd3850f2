import { describe, expect, it } from "vitest";
import { memoryPromptAudio } from "./prompt-audio.ts";

const clip = { samples: new Int16Array([1, 2, 3]), sampleRate: 24_000 };

describe("prompt audio in memory", () => {
  it("has the sound of a sentence in the language that it was prepared in, and of no other", async () => {
    const audio = memoryPromptAudio();
    audio.add("Goodbye.", "en-US", clip);
    expect(await audio.find("Goodbye.", "en-US")).toBe(clip);
    expect(await audio.find("Goodbye.", "ar-XA")).toBeUndefined();
    expect(await audio.find("goodbye.", "en-US")).toBeUndefined();
  });

  it("has the last sound of a sentence that was prepared twice", async () => {
    const audio = memoryPromptAudio();
    audio.add("Goodbye.", "en-US", clip);
    audio.add("Goodbye.", "en-US", { ...clip, sampleRate: 8_000 });
    expect((await audio.find("Goodbye.", "en-US"))?.sampleRate).toBe(8_000);
  });
});
