import { type SpeechLanguage, speak } from "../voice/speech.ts";
import { until } from "./until.ts";

const SAMPLE_RATE = 24_000;
/** Milliseconds of sound in a piece. */
export const pieceMs = 40;
const TICK_MS = 10;

/** A piece of what the model says: sound, and the words that go with it. */
export interface SpokenPiece {
  /** 24 kHz 16-bit little-endian samples in base64. */
  data: string;
  /** The words that begin in this piece, possibly none. */
  text: string;
}

/** How {@link sayPaced} sends. */
export interface SayPaced {
  /** Words to say. */
  text: string;
  /** Their language; by default as their letters tell. */
  language?: SpeechLanguage | undefined;
  /** How many times faster than real time the sound goes out. */
  pace: number;
  /** Stops the speech. */
  signal: AbortSignal;
  /** Takes each piece in turn. */
  onPiece: (piece: SpokenPiece) => void;
}

/** Speaks in pieces at a pace; resolves with the length of the sound in milliseconds, or rejects when aborted. */
export async function sayPaced({ text, language, pace, signal, onPiece }: SayPaced): Promise<number> {
  const start = performance.now();
  let sentMs = 0;
  // Sentence by sentence: the first is on its way while the next is still to be synthesised.
  for (const sentence of sentencesOf(text)) {
    const { samples } = await speak(sentence, { ...(language && { language }), sampleRate: SAMPLE_RATE });
    const pieces = piecesOf(samples, sentence);
    for (const piece of pieces) {
      // One piece ahead of the clock: the first leaves at once, and a late timer is made up for.
      while ((performance.now() - start) * pace < sentMs - pieceMs) await until(TICK_MS, signal);
      signal.throwIfAborted();
      onPiece(piece);
      sentMs += pieceMs;
    }
  }
  return sentMs;
}

/** The sentences of a text, each with the spaces after it. A full stop ends a sentence after a longer word or a number, not after "a.m." or "Dr.". */
export function sentencesOf(text: string): string[] {
  return text.split(/(?<=(?:\p{L}{3}|\d)[.!?؟]\s+)/u);
}

function piecesOf(samples: Int16Array, text: string): SpokenPiece[] {
  const perPiece = (SAMPLE_RATE * pieceMs) / 1000;
  const count = Math.ceil(samples.length / perPiece);
  const words = text.match(/\S+\s*/g) ?? [];
  return Array.from({ length: count }, (_, index) => {
    const piece = samples.subarray(index * perPiece, (index + 1) * perPiece);
    return {
      data: Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength).toString("base64"),
      text: words
        .slice(Math.ceil((words.length * index) / count), Math.ceil((words.length * (index + 1)) / count))
        .join(""),
    };
  });
}
