import { expect } from "vitest";
import type { Language } from "../call/prompt.ts";
import type { AudioClip, PromptAudio } from "../prompts/prompt-audio.ts";
import {
  type ConformanceCases,
  type ConformanceFactory,
  type ConformanceOptions,
  registerCases,
} from "./conformance.ts";

/** A sentence whose sound a {@link testPromptAudio} source has to have. */
export interface PreparedPrompt {
  /** The sentence. */
  readonly text: string;
  /** Its language. */
  readonly language: Language;
  /** Its sound. */
  readonly clip: AudioClip;
}

/** A tone: its samples differ for each frequency. */
function tone(hertz: number, sampleRate: number): AudioClip {
  const samples = Int16Array.from({ length: sampleRate / 10 }, (_, index) =>
    Math.round(8_000 * Math.sin((2 * Math.PI * hertz * index) / sampleRate)),
  );
  return { samples, sampleRate };
}

const confirmed = "Thank you, your appointment is confirmed.";
const greeting = "مرحبا";
const prepared: readonly PreparedPrompt[] = [
  { text: confirmed, language: "en-US", clip: tone(440, 24_000) },
  { text: confirmed, language: "ar-XA", clip: tone(550, 24_000) },
  { text: greeting, language: "ar-XA", clip: tone(660, 16_000) },
];

const cases: ConformanceCases<PromptAudio> = {
  "finds what was prepared, sample for sample": async (audio) => {
    for (const { text, language, clip } of prepared) {
      const found = await audio.find(text, language);
      expect(found?.sampleRate).toBe(clip.sampleRate);
      expect(found?.samples).toEqual(clip.samples);
    }
  },
  "finds it as often as it is asked for": async (audio) => {
    const [one, two] = await Promise.all([audio.find(confirmed, "en-US"), audio.find(confirmed, "en-US")]);
    expect(one?.samples).toEqual(two?.samples);
    expect(one).toBeDefined();
  },
  "gives undefined for a sentence that was not prepared": async (audio) => {
    expect(await audio.find("This was never said.", "en-US")).toBeUndefined();
    expect(await audio.find("", "en-US")).toBeUndefined();
  },
  "gives undefined for a sentence that was prepared in another language only": async (audio) => {
    expect(await audio.find(greeting, "en-US")).toBeUndefined();
  },
};

/**
 * Registers the rules of the `PromptAudio` port as vitest cases.
 *
 * @param name - the adapter, as the test report shows it
 * @param make - makes a source that has the given sentences and no others
 * @param options - cases to skip, with the reason
 * @example
 * ```ts
 * import { memoryPromptAudio } from "@clinic/sip-voice";
 * import { testPromptAudio } from "@clinic/sip-voice/testing";
 *
 * testPromptAudio("my sentences", async (prompts) => {
 *   const port = memoryPromptAudio();
 *   for (const { text, language, clip } of prompts) port.add(text, language, clip);
 *   return { port };
 * });
 * ```
 */
export function testPromptAudio(
  name: string,
  make: ConformanceFactory<PromptAudio, readonly PreparedPrompt[]>,
  options: ConformanceOptions = {},
): void {
  registerCases(`PromptAudio: ${name}`, () => make(prepared), cases, options);
}
