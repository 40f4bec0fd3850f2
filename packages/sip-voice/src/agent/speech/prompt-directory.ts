import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Language } from "../../call/prompt.ts";
import type { AudioClip, PromptAudio } from "../../prompts/prompt-audio.ts";
import { decodeWav } from "./wav-file.ts";

/** The name of the file that holds a sentence's sound. */
export function promptFileName(text: string, language: Language): string {
  return `${language}-${createHash("sha256").update(text).digest("hex").slice(0, 24)}.wav`;
}

/**
 * Prompt audio from a folder of WAV files: RIFF with a 44-byte header, one channel of signed 16-bit samples at 24 kHz,
 * named by {@link promptFileName}. Each file is read once.
 *
 * @example
 * ```ts
 * import { promptDirectory } from "@clinic/sip-voice/agent";
 *
 * const audio = promptDirectory("./prompts");
 * console.log((await audio.find("Goodbye.", "en-US")) === undefined);
 * ```
 */
export function promptDirectory(path: string): PromptAudio {
  const clips = new Map<string, Promise<AudioClip | undefined>>();
  return {
    find(text, language) {
      const name = promptFileName(text, language);
      const known = clips.get(name);
      if (known !== undefined) return known;
      // A file of another shape, or one that was cut short, is as good as none: the sentence is then spoken otherwise.
      const clip = readFile(join(path, name)).then(
        (file) => decodeWav(file)?.clip,
        () => undefined,
      );
      clips.set(name, clip);
      return clip;
    },
  };
}
