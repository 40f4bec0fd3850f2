/** Samples a second of the sound in which the callee is judged: a telephone carries no more. */
export const calleeSampleRate = 8_000;

/** Tones that are looked for, in hertz: beeps have 400 to 1,800, fax machines answer with 2,100. */
const lowest = 360;
const highest = 2_240;
const coarse = 20;
const fine = 10;

/** The tone that a stretch of sound has most of. */
export interface ToneShare {
  /** Its pitch. */
  readonly hertz: number;
  /** The share of the sound's energy that it has, 0 to 1. */
  readonly share: number;
}

/** Finds the strongest tone in windows of one length, with Goertzel's algorithm under a Hann window. */
export class ToneFinder {
  readonly #window: Float64Array;
  readonly #shaped: Float64Array;

  /** For windows of so many samples. */
  constructor(length: number) {
    this.#window = Float64Array.from({ length }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / length));
    this.#shaped = new Float64Array(length);
  }

  /** The strongest tone of a window. */
  find(samples: Int16Array): ToneShare {
    let energy = 0;
    for (let n = 0; n < this.#shaped.length; n += 1) {
      const value = (samples[n] ?? 0) * (this.#window[n] ?? 0);
      this.#shaped[n] = value;
      energy += value * value;
    }
    if (energy === 0) return { hertz: 0, share: 0 };
    let [hertz, power] = [0, 0];
    const look = (at: number): void => {
      const found = this.#power(at);
      if (found > power) [hertz, power] = [at, found];
    };
    for (let at = lowest; at <= highest; at += coarse) look(at);
    for (const at of [hertz - fine, hertz + fine]) look(at);
    // For Hann, a sine's whole energy in the window is 3 / N of its power at its own pitch.
    return { hertz, share: Math.min(1, (power * 3) / (this.#shaped.length * energy)) };
  }

  #power(hertz: number): number {
    const coefficient = 2 * Math.cos((2 * Math.PI * hertz) / calleeSampleRate);
    let last = 0;
    let beforeLast = 0;
    for (let n = 0; n < this.#shaped.length; n += 1) {
      const next = (this.#shaped[n] ?? 0) + coefficient * last - beforeLast;
      beforeLast = last;
      last = next;
    }
    return last * last + beforeLast * beforeLast - coefficient * last * beforeLast;
  }
}
