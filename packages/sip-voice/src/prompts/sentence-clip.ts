import { SipVoiceError } from "../errors.ts";
import type { AudioClip } from "./prompt-audio.ts";

const windowMs = 5;
/** A window this much below the loudest one is silence, breath or the room. */
const silenceRatio = 0.03;
/** Below this no window is speech: -60 dBFS. */
const leastLoudness = 33;
/** What is kept around the speech: soft consonants begin and end below the threshold. */
const leadInMs = 30;
const leadOutMs = 100;
const fadeMs = 5;
/** Root mean square of the speech: -20 dBFS, at which a telephone network neither compresses nor loses it. */
const speechLoudness = 3_277;
/** -1 dBFS, so that no codec clips. */
const highestPeak = 29_204;
const mostGain = 8;
/** How long a sentence may take, for each of its characters and on top: digits are one character and a whole word. */
const leastMsPerCharacter = 25;
const mostMsPerCharacter = 400;
const mostPauseMs = 4_000;

/**
 * A voice's sound, made ready for the telephone: nothing before or after the speech, one loudness for all sentences, no clipping.
 *
 * @throws SipVoiceError `unusable-audio` when it is not at 24,000 samples a second, is silent, or is too short or too long
 * to be the sentence: voices that are language models sometimes stop early or go on by themselves
 */
export function sentenceClip(text: string, { samples, sampleRate }: AudioClip): AudioClip {
  const unusable = (what: string): SipVoiceError =>
    new SipVoiceError("unusable-audio", `The voice's sound ${what}.`, { field: "speak" });
  if (sampleRate !== 24_000) throw unusable(`has ${sampleRate} samples a second, not 24000`);
  const perMs = sampleRate / 1000;
  const perWindow = windowMs * perMs;
  const loudness = windowsOf(samples, perWindow).map(rootMeanSquare);
  const loudest = loudness.reduce((most, one) => Math.max(most, one), 0);
  if (loudest < leastLoudness) throw unusable("is silent");
  const isSpeech = (one: number): boolean => one >= loudest * silenceRatio;
  const from = Math.max(0, loudness.findIndex(isSpeech) * perWindow - leadInMs * perMs);
  const to = (loudness.findLastIndex(isSpeech) + 1) * perWindow + leadOutMs * perMs;
  const speech = samples.slice(from, to);
  const ms = speech.length / perMs;
  if (ms < text.length * leastMsPerCharacter) throw unusable("is too short to be the whole sentence");
  if (ms > text.length * mostMsPerCharacter + mostPauseMs) throw unusable("is too long to be the sentence");
  const spoken = loudness.filter(isSpeech);
  const peak = speech.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  const gain = Math.min(mostGain, speechLoudness / rootMeanSquare(spoken), highestPeak / peak);
  return { samples: faded(speech, gain, fadeMs * perMs), sampleRate };
}

function windowsOf(samples: Int16Array, size: number): Int16Array[] {
  return Array.from({ length: Math.ceil(samples.length / size) }, (_, index) =>
    samples.subarray(index * size, (index + 1) * size),
  );
}

function rootMeanSquare(values: Int16Array | readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum / Math.max(1, values.length));
}

/** At another loudness, and without the click of a wave that begins or ends in the middle. */
function faded(samples: Int16Array, gain: number, fade: number): Int16Array {
  return samples.map((sample, index) => {
    const edge = Math.min(index, samples.length - 1 - index);
    return Math.round(sample * gain * Math.min(1, edge / fade));
  });
}
