import type { FixedSentence } from "./fixed-sentence.ts";
import type { AudioClip } from "./prompt-audio.ts";

/** A sentence's sound as it is kept. */
export interface PromptCacheEntry {
  /** Where it is kept: for files, the file's name. */
  readonly name: string;
  /** The name of the {@link PromptVoice} that spoke it; `undefined` for a recording that somebody put there by hand. */
  readonly voice: string | undefined;
  /** Whether it can be played. */
  readonly usable: boolean;
}

/** Where prepared sentences are kept. */
export interface PromptCache {
  /** Where the sound of a sentence is kept, or would be. */
  nameOf(sentence: Pick<FixedSentence, "text" | "language">): string;
  /** Everything that is kept, and what a run that was killed left unfinished. */
  entries(): Promise<readonly PromptCacheEntry[]>;
  /** Keeps a sound in place of the one before. Whoever reads meanwhile finds the one or the other, whole. */
  keep(sentence: Pick<FixedSentence, "text" | "language">, clip: AudioClip, voice: string): Promise<void>;
  /** Removes what is kept under a name. */
  remove(name: string): Promise<void>;
}
