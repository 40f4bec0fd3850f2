import { scaleSamples } from "../voice/index.ts";

/** A tone, as of an answering machine. */
export interface Beep {
  /** Its pitch; real machines have 400 to 1,400 Hz. */
  readonly hertz: number;
  /** How long it is; real machines have 200 to 1,000 ms. */
  readonly ms: number;
}

const fullScale = 32_767;
/** Without soft edges a tone clicks. */
const rampMs = 5;

/** The sound of a tone: a sine at `level` of full scale. */
export function beepSound({ hertz, ms }: Beep, sampleRate: number, level = 0.25): Int16Array {
  const length = Math.round((ms * sampleRate) / 1000);
  const ramp = (rampMs * sampleRate) / 1000;
  return Int16Array.from({ length }, (_, index) => {
    const edge = Math.min(1, (index + 1) / ramp, (length - index) / ramp);
    return Math.round(level * edge * fullScale * Math.sin((2 * Math.PI * hertz * index) / sampleRate));
  });
}

/** Noise as of a street or a television next door: the same in every run, at a root mean square of full scale. */
export function noiseSound(ms: number, sampleRate: number, level: number, seed = 1): Int16Array {
  let state = seed;
  let slow = 0;
  const noise = Int16Array.from({ length: Math.round((ms * sampleRate) / 1000) }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    // More low than high, as most noise of rooms and streets.
    slow = slow * 0.9 + (state / 2 ** 32 - 0.5);
    return Math.round(slow * 4_000);
  });
  const rms = Math.sqrt(noise.reduce((sum, one) => sum + one * one, 0) / Math.max(1, noise.length));
  return rms === 0 ? noise : scaleSamples(noise, (level * fullScale) / rms);
}

/** Two sounds at once; as long as the longer one. */
export function mixSamples(a: Int16Array, b: Int16Array): Int16Array {
  const [longer, shorter] = a.length >= b.length ? [a, b] : [b, a];
  return longer.map((one, index) => Math.max(-32_768, Math.min(32_767, one + (shorter[index] ?? 0))));
}
