import type { Language } from "../call/prompt.ts";

/** Sound: one channel of signed 16-bit samples. */
export interface AudioClip {
  /** The samples. */
  readonly samples: Int16Array;
  /** Samples a second, in Hz. */
  readonly sampleRate: number;
}

/**
 * Where the sound of fixed sentences comes from.
 *
 * @example
 * ```ts
 * import { memoryPromptAudio, type PromptAudio } from "@clinic/sip-voice";
 *
 * const audio: PromptAudio = memoryPromptAudio();
 * const clip = await audio.find("Thank you, your appointment is confirmed.", "en-US");
 * console.log(clip ? clip.samples.length / clip.sampleRate : "not prepared");
 * ```
 */
export interface PromptAudio {
  /** The sound of a sentence, or `undefined` when it was not prepared. */
  find(text: string, language: Language): Promise<AudioClip | undefined>;
}

/** Prompt audio kept in memory, for tests and for clips made at start. */
export interface MemoryPromptAudio extends PromptAudio {
  /** Keeps the sound of a sentence. */
  add(text: string, language: Language, clip: AudioClip): void;
}

/** Makes an empty {@link MemoryPromptAudio}. */
export function memoryPromptAudio(): MemoryPromptAudio {
  const clips = new Map<string, AudioClip>();
  return {
    add: (text, language, clip) => void clips.set(`${language} ${text}`, clip),
    find: async (text, language) => clips.get(`${language} ${text}`),
  };
}
