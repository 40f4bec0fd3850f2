import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Language } from "../call/prompt.ts";
import type { AudioClip, PromptAudio } from "../prompts/prompt-audio.ts";

const riffHeaderBytes = 44;

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
      const clip = readFile(join(path, name)).then(clipOf, () => undefined);
      clips.set(name, clip);
      return clip;
    },
  };
}

/** A file of another shape is as good as none: the sentence is then spoken by the model. */
function clipOf(file: Buffer): AudioClip | undefined {
  if (file.length < riffHeaderBytes || file.toString("latin1", 0, 4) !== "RIFF") return undefined;
  const sampleRate = file.readUInt32LE(24);
  const isPlain =
    file.readUInt16LE(22) === 1 && file.readUInt16LE(34) === 16 && file.toString("latin1", 36, 40) === "data";
  if (!isPlain || sampleRate !== 24_000) return undefined;
  const bytes = file.subarray(riffHeaderBytes, riffHeaderBytes + file.readUInt32LE(40));
  return {
    samples: new Int16Array(new Uint8Array(bytes).buffer, 0, Math.floor(bytes.length / 2)),
    sampleRate,
  };
}
