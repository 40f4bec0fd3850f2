import { describe, expect, it, vi } from "vitest";
import { type Logger, silentLogger } from "../log/logger.ts";
import { simulatedClock } from "../testing/index.ts";
import type { AudioClip } from "./prompt-audio.ts";
import type { PromptVoice } from "./prompt-voice.ts";
import { spokenPrompts } from "./spoken-prompts.ts";

const text = "One moment, please.";

/** A hum as long as the sentence. */
const hum: AudioClip = {
  samples: Int16Array.from({ length: 24_000 }, (_, index) => Math.round(5_000 * Math.sin(index / 20))),
  sampleRate: 24_000,
};

function promptsSpokenBy(speak: PromptVoice["speak"]) {
  const clock = simulatedClock();
  const warn = vi.fn<Logger["warn"]>();
  const speaking = vi.fn(speak);
  const audio = spokenPrompts({
    voice: { name: "hum", speak: speaking },
    clock,
    logger: { ...silentLogger, warn },
  });
  return { audio, clock, speaking, warn };
}

describe("sentences that are spoken when they are asked for", () => {
  it("are spoken once, and trimmed as prepared ones are", async () => {
    const { audio, speaking, clock } = promptsSpokenBy(async () => hum);
    const [first, second] = await Promise.all([audio.find(text, "en-US"), audio.find(text, "en-US")]);
    expect(first?.samples[0]).toBe(0);
    expect(second).toBe(first);
    expect(await audio.find(text, "en-US")).toBe(first);
    expect(speaking).toHaveBeenCalledOnce();
    await audio.find(text, "ar-XA");
    expect(speaking).toHaveBeenCalledTimes(2);
    expect(clock.pendingTimers).toBe(0);
  });

  it("are not waited for longer than 1.5 s, and are there the next time", async () => {
    let arrive: (clip: AudioClip) => void = () => {};
    const { audio, speaking, clock, warn } = promptsSpokenBy(
      () =>
        new Promise((resolve) => {
          arrive = resolve;
        }),
    );
    const late = audio.find(text, "en-US");
    await clock.advance(1_499);
    expect(clock.pendingTimers).toBe(1);
    await clock.advance(1);
    expect(await late).toBeUndefined();
    expect(warn).toHaveBeenCalledOnce();
    arrive(hum);
    await clock.advance(0);
    expect(await audio.find(text, "en-US")).toBeDefined();
    expect(speaking).toHaveBeenCalledOnce();
  });

  it.each([
    { name: "fails", speak: () => Promise.reject(new Error("503")) },
    { name: "is silent", speak: async () => ({ samples: new Int16Array(24_000), sampleRate: 24_000 }) },
  ])(
    "are not asked of a voice that $name, for half a minute: every sentence would be late",
    async ({ speak }) => {
      const { audio, speaking, clock, warn } = promptsSpokenBy(speak);
      expect(await audio.find(text, "en-US")).toBeUndefined();
      expect(await audio.find("Goodbye.", "en-US")).toBeUndefined();
      expect(speaking).toHaveBeenCalledOnce();
      expect(warn.mock.calls.flat().join()).not.toContain(text);
      await clock.advance(30_000);
      await audio.find("Goodbye.", "en-US");
      expect(speaking).toHaveBeenCalledTimes(2);
      expect(clock.pendingTimers).toBe(0);
    },
  );
});
