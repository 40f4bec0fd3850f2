/// <reference path="./espeak-ng-emscripten.d.ts" />
import loadEspeak, { type EspeakWorker } from "@echogarden/espeak-ng-emscripten";
import { joinSamples, type Pcm } from "./pcm.ts";
import { resample } from "./resample.ts";

/** A language that the lab's voice speaks, as Gemini Live names it. */
export type SpeechLanguage = "en-US" | "ar-XA";

/** How {@link speak} speaks. */
export interface SpeakOptions {
  /** Language of the text; by default Arabic when the text holds Arabic letters, English otherwise. */
  language?: SpeechLanguage;
  /** An espeak-ng voice name, for example `"en-us+f3"`; by default the language's own voice. */
  voice?: string;
  /** Samples per second of the result; 24,000 by default, as Gemini speaks. */
  sampleRate?: number;
}

const DEFAULT_VOICES: Record<SpeechLanguage, string> = { "en-US": "en-us", "ar-XA": "ar" };
// Slower than espeak's 175 words a minute: the lab's calls are listened to by people and over a telephone band.
const WORDS_PER_MINUTE = 150;
const TRAILING_SILENCE_MS = 60;
const AUDIBLE = 100;

let worker: Promise<EspeakWorker> | undefined;
const spoken = new Map<string, Promise<Pcm>>();

/**
 * Speaks a text with espeak-ng (WebAssembly, in this process, no network) and remembers the result, so that a
 * sentence is synthesised once. The samples are shared by all who ask for the same sentence: treat them as read-only.
 */
export function speak(text: string, options: SpeakOptions = {}): Promise<Pcm> {
  const language = options.language ?? languageOf(text);
  const voice = options.voice ?? DEFAULT_VOICES[language];
  const sampleRate = options.sampleRate ?? 24_000;
  const key = JSON.stringify([voice, sampleRate, text]);
  const known = spoken.get(key);
  if (known !== undefined) return known;
  const made = synthesise(text, voice).then((pcm) => resample(pcm, sampleRate));
  spoken.set(key, made);
  made.catch(() => spoken.delete(key));
  return made;
}

/** The language that a text is written in, by its letters. */
export function languageOf(text: string): SpeechLanguage {
  return /\p{Script=Arabic}/u.test(text) ? "ar-XA" : "en-US";
}

async function synthesise(text: string, voice: string): Promise<Pcm> {
  worker ??= loadEspeak().then((espeak) => new espeak.eSpeakNGWorker());
  const espeak = await worker;
  const pieces: Int16Array[] = [];
  // Synthesis is synchronous, so the worker's voice can't change between these lines.
  if (espeak.set_voice(voice) !== 0) throw new Error(`espeak-ng has no voice "${voice}"`);
  espeak.set_rate(WORDS_PER_MINUTE);
  espeak.synthesize(text, (samples) => {
    if (samples !== null) pieces.push(samples);
    return false;
  });
  const sampleRate = espeak.get_samplerate();
  return { samples: withoutSilentEnd(joinSamples(...pieces), sampleRate), sampleRate };
}

/** espeak-ng ends a sentence with up to half a second of nothing, which would count as think-time. */
function withoutSilentEnd(samples: Int16Array, sampleRate: number): Int16Array {
  const last = samples.findLastIndex((sample) => Math.abs(sample) > AUDIBLE);
  return samples.slice(0, last + 1 + (TRAILING_SILENCE_MS * sampleRate) / 1000);
}
