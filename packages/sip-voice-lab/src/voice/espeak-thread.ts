/// <reference path="./espeak-ng-emscripten.d.ts" />
import { parentPort } from "node:worker_threads";
import loadEspeak, { type EspeakWorker } from "@echogarden/espeak-ng-emscripten";
import { joinSamples, type Pcm } from "./pcm.ts";
import { resample } from "./resample.ts";

/** A sentence to be spoken. */
export interface SpeechRequest {
  readonly id: number;
  readonly text: string;
  readonly voice: string;
  readonly wordsPerMinute: number;
  readonly sampleRate: number;
}

/** A sentence that was spoken, or why it was not. */
export type SpeechAnswer =
  | { readonly id: number; readonly pcm: Pcm }
  | { readonly id: number; readonly failure: string };

const TRAILING_SILENCE_MS = 60;
const AUDIBLE = 100;

let worker: Promise<EspeakWorker> | undefined;

async function synthesise({ text, voice, wordsPerMinute }: SpeechRequest): Promise<Pcm> {
  worker ??= loadEspeak().then((espeak) => new espeak.eSpeakNGWorker());
  const espeak = await worker;
  const pieces: Int16Array[] = [];
  // Synthesis is synchronous, so the worker's voice can't change between these lines.
  if (espeak.set_voice(voice) !== 0) throw new Error(`espeak-ng has no voice "${voice}"`);
  espeak.set_rate(wordsPerMinute);
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

async function answer(request: SpeechRequest): Promise<SpeechAnswer> {
  const { id } = request;
  try {
    return { id, pcm: resample(await synthesise(request), request.sampleRate) };
  } catch (error) {
    return { id, failure: error instanceof Error ? error.message : String(error) };
  }
}

parentPort?.on("message", (request: SpeechRequest) => {
  void answer(request).then((spoken) => parentPort?.postMessage(spoken));
});
