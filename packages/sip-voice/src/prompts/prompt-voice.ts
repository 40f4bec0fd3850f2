import type { Language } from "../call/prompt.ts";
import type { AudioClip } from "./prompt-audio.ts";

/**
 * Speaks fixed sentences, so that they can be prepared as audio, or said when they were not.
 *
 * @example
 * ```ts
 * import type { PromptVoice } from "@clinic/sip-voice";
 *
 * declare function studio(text: string, language: string): Promise<Int16Array>; // at 24,000 samples a second
 *
 * const voice: PromptVoice = {
 *   name: "studio/anna",
 *   speak: async (text, language) => ({ samples: await studio(text, language), sampleRate: 24_000 }),
 * };
 * console.log(voice.name);
 * ```
 */
export interface PromptVoice {
  /**
   * Names the voice, its model and whatever else changes the sound, such as `gemini-3.1-flash-tts-preview/Kore`.
   * A sentence that a voice of another name has spoken is prepared anew.
   */
  readonly name: string;
  /**
   * Speaks a sentence, word for word: one channel at 24,000 samples a second.
   *
   * @param signal - given up when aborted; the promise rejects then
   */
  speak(text: string, language: Language, signal?: AbortSignal): Promise<AudioClip>;
}
