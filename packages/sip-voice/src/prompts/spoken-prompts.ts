import type { Language } from "../call/prompt.ts";
import { type Clock, pause } from "../clock.ts";
import type { Logger } from "../log/logger.ts";
import type { AudioClip, PromptAudio } from "./prompt-audio.ts";
import type { PromptVoice } from "./prompt-voice.ts";
import { sentenceClip } from "./sentence-clip.ts";

/** How long a caller is kept waiting for a sentence's sound. */
const deadlineMs = 1_500;
/** How long a voice is not waited for that was late or failed: every sentence would be that much later. */
const restMs = 30_000;

/** What {@link spokenPrompts} takes. */
export interface SpokenPromptsOptions {
  /** Who speaks. */
  readonly voice: PromptVoice;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Prompt audio that is spoken when it is asked for. What the voice has spoken once is kept in memory; what comes too late for
 * the caller is there the next time.
 */
export function spokenPrompts({ voice, clock, logger }: SpokenPromptsOptions): PromptAudio {
  const spoken = new Map<string, Promise<AudioClip | undefined>>();
  const ready = new Map<string, AudioClip>();
  let restUntil = Number.NEGATIVE_INFINITY;
  const rest = (): void => {
    restUntil = clock.now() + restMs;
  };

  async function speak(key: string, text: string, language: Language): Promise<AudioClip | undefined> {
    try {
      const clip = sentenceClip(text, await voice.speak(text, language));
      ready.set(key, clip);
      return clip;
    } catch (error) {
      logger.warn({ error, voice: voice.name }, "a fixed sentence could not be spoken by the text-to-speech");
      rest();
      return undefined;
    } finally {
      spoken.delete(key);
    }
  }

  return {
    async find(text, language) {
      const key = `${language} ${text}`;
      const known = ready.get(key);
      if (known || clock.now() < restUntil) return known;
      const clip = spoken.get(key) ?? speak(key, text, language);
      spoken.set(key, clip);
      const over = new AbortController();
      const late = pause(clock, deadlineMs, over.signal).then(() => "late" as const);
      const first = await Promise.race([clip, late]);
      over.abort();
      if (first !== "late") return first;
      logger.warn({ voice: voice.name }, "the text-to-speech was too late for a caller");
      rest();
      return undefined;
    },
  };
}
