import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Language } from "../call/prompt.ts";
import type { AudioClip, PromptAudio } from "../prompts/prompt-audio.ts";

const riffHeaderBytes = 44;
/** The format code of plain samples (`WAVE_FORMAT_PCM`). */
const pcm = 1;

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

/** A file of another shape, or one that was cut short, is as good as none: the sentence is then spoken by the model. */
function clipOf(file: Buffer): AudioClip | undefined {
  const word = (at: number): string => file.toString("latin1", at, at + 4);
  if (file.length <= riffHeaderBytes || word(0) !== "RIFF" || word(8) !== "WAVE") return undefined;
  const sampleRate = file.readUInt32LE(24);
  const isPlain =
    file.readUInt16LE(20) === pcm &&
    file.readUInt16LE(22) === 1 &&
    file.readUInt16LE(34) === 16 &&
    word(36) === "data";
  const end = riffHeaderBytes + file.readUInt32LE(40);
  if (!isPlain || sampleRate !== 24_000 || end === riffHeaderBytes || end > file.length) return undefined;
  const bytes = file.subarray(riffHeaderBytes, end);
  return {
    samples: new Int16Array(new Uint8Array(bytes).buffer, 0, Math.floor(bytes.length / 2)),
    sampleRate,
  };
}
