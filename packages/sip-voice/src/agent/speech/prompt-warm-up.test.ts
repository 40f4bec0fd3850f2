import { describe, expect, it, vi } from "vitest";
import type { PromptTexts } from "../../call/prompt.ts";
import { type Logger, silentLogger } from "../../log/logger.ts";
import { memoryPromptAudio } from "../../prompts/prompt-audio.ts";
import type { ClinicProfile } from "../clinic-profile.ts";
import { warmPrompts } from "./prompt-warm-up.ts";

const clip = { samples: new Int16Array(1), sampleRate: 24_000 };
const english = { opener: "Hello.", hold: "One moment.", goodbye: "Goodbye." } as unknown as PromptTexts;
const arabic = { opener: "مرحباً", hold: "لحظة" } as unknown as PromptTexts;
const clinic: Pick<ClinicProfile, "prompts"> = { prompts: { "en-US": english, "ar-XA": arabic } };

describe("warmPrompts", () => {
  it("asks for every sentence once, so that none is read from a disk in a call", async () => {
    const find = vi.fn(async () => clip);
    const warn = vi.fn<Logger["warn"]>();
    await warmPrompts({ find }, clinic, { ...silentLogger, warn });
    expect(find.mock.calls).toEqual([
      ["Hello.", "en-US"],
      ["One moment.", "en-US"],
      ["Goodbye.", "en-US"],
      ["مرحباً", "ar-XA"],
      ["لحظة", "ar-XA"],
    ]);
    expect(warn).not.toHaveBeenCalled();
  });

  it("names in one line what is missing", async () => {
    const audio = memoryPromptAudio();
    audio.add("Hello.", "en-US", clip);
    const warn = vi.fn<Logger["warn"]>();
    await warmPrompts(audio, clinic, { ...silentLogger, warn });
    expect(warn).toHaveBeenCalledExactlyOnceWith(
      { missing: "en-US: hold, goodbye; ar-XA: all" },
      expect.stringContaining("render-prompts"),
    );
  });

  it("goes on when the source fails", async () => {
    const warn = vi.fn<Logger["warn"]>();
    const audio = { find: () => Promise.reject(new Error("disk")) };
    await warmPrompts(audio, clinic, { ...silentLogger, warn });
    expect(warn).toHaveBeenCalledOnce();
  });
});
