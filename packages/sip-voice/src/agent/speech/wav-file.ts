import type { AudioClip } from "../../prompts/prompt-audio.ts";

const headerBytes = 44;
/** The format code of plain samples (`WAVE_FORMAT_PCM`). */
const pcm = 1;
const sampleBytes = 2;

/** A sound in a file, and who spoke it. */
export interface WavFile {
  readonly clip: AudioClip;
  /** The `ISFT` entry of the file's `INFO` list ("software", as RIFF has it); `undefined` in a file without one. */
  readonly voice: string | undefined;
}

/** RIFF with a 44-byte header, one channel of signed 16-bit samples; who spoke it follows the sound, as a `LIST` chunk. */
export function encodeWav({ samples, sampleRate }: AudioClip, voice: string): Buffer {
  const name = Buffer.from(`${voice}\0`);
  const info = chunk("LIST", Buffer.concat([Buffer.from("INFO"), chunk("ISFT", name)]));
  const format = Buffer.alloc(16);
  format.writeUInt16LE(pcm, 0);
  format.writeUInt16LE(1, 2);
  format.writeUInt32LE(sampleRate, 4);
  format.writeUInt32LE(sampleRate * sampleBytes, 8);
  format.writeUInt16LE(sampleBytes, 12);
  format.writeUInt16LE(8 * sampleBytes, 14);
  const data = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
  return chunk(
    "RIFF",
    Buffer.concat([Buffer.from("WAVE"), chunk("fmt ", format), chunk("data", data), info]),
  );
}

/** Reads what {@link encodeWav} writes. A file of another shape, or one that was cut short, is `undefined`. */
export function decodeWav(file: Buffer): WavFile | undefined {
  const word = (at: number): string => file.toString("latin1", at, at + 4);
  if (file.length <= headerBytes || word(0) !== "RIFF" || word(8) !== "WAVE") return undefined;
  const sampleRate = file.readUInt32LE(24);
  const isPlain =
    file.readUInt16LE(20) === pcm &&
    file.readUInt16LE(22) === 1 &&
    file.readUInt16LE(34) === 8 * sampleBytes &&
    word(36) === "data";
  const end = headerBytes + file.readUInt32LE(40);
  if (!isPlain || sampleRate !== 24_000 || end === headerBytes || end > file.length) return undefined;
  const length = Math.floor((end - headerBytes) / sampleBytes);
  const at = file.byteOffset + headerBytes;
  // In place where it lies at an even address, as what was read from a file does: many such clips are kept in memory.
  const samples =
    at % sampleBytes === 0
      ? new Int16Array(file.buffer, at, length)
      : new Int16Array(new Uint8Array(file.subarray(headerBytes, end)).buffer, 0, length);
  return { clip: { samples, sampleRate }, voice: voiceAfter(file, end + (end % 2)) };
}

function voiceAfter(file: Buffer, at: number): string | undefined {
  const text = (from: number, to: number): string => file.toString("utf8", from, to);
  const isOurs = text(at, at + 4) === "LIST" && text(at + 8, at + 16) === "INFOISFT";
  if (!isOurs || at + 20 > file.length) return undefined;
  const end = at + 20 + file.readUInt32LE(at + 16);
  return end > file.length ? undefined : text(at + 20, end - 1);
}

/** Chunks begin at even addresses. */
function chunk(id: string, content: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.write(id, "latin1");
  head.writeUInt32LE(content.length, 4);
  return Buffer.concat([head, content, Buffer.alloc(content.length % 2)]);
}
