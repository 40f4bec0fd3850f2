import { HIGH_TONES, LOW_TONES, MARKER_TONE, SLOT_MS, toneTagChecksum } from "./tone-tag.ts";

const SAMPLE_RATE = 16_000;
const HOP_MS = 5;
const HOP = (SAMPLE_RATE * HOP_MS) / 1000;
const WINDOW = 480;
const SLOT_HOPS = SLOT_MS / HOP_MS;
// Five slots matter: the second marker, two symbols, two checksum symbols.
const SLOTS = 5;
const HISTORY = SLOT_HOPS * (SLOTS - 1) + 1;
/** How much of a window's energy the two tones must hold: speech, which has many harmonics, stays below it. */
const LEAST_PURITY = 0.5;
/** The winning tone against the runner-up of its row, as power. */
const LEAST_LEAD = 4;
/** The weaker tone of a pair against the stronger, as power: a telephone line may tilt the band. */
const LEAST_BALANCE = 0.03;
/** Root mean square below which a window is silence. */
const LEAST_RMS = 40;

/**
 * Finds tone tags in a stream of 16 kHz sound, given in pieces of any length. Levels from a tenth to full scale, noise
 * down to about 6 dB below the tag, and a clipped beginning do no harm; speech is not mistaken for a tag, since five
 * clean tone pairs in a row have to agree with a checksum.
 */
export class ToneTagDetector {
  readonly #window = hannWindow(WINDOW);
  readonly #coefficients = [...LOW_TONES, ...HIGH_TONES].map(
    (hertz) => 2 * Math.cos((2 * Math.PI * hertz) / SAMPLE_RATE),
  );
  readonly #buffer = new Float64Array(WINDOW);
  #filled = 0;
  /** The last windows' verdicts, oldest first: a tone pair as `low * 8 + high`, or -1. */
  #pairs: number[] = [];

  /** Takes the next samples and returns the ids of the tags that ended within them, in order. */
  push(samples: Int16Array): number[] {
    const found: number[] = [];
    let at = 0;
    while (at < samples.length) {
      const take = Math.min(WINDOW - this.#filled, samples.length - at);
      for (let index = 0; index < take; index += 1) {
        this.#buffer[this.#filled + index] = samples[at + index] as number;
      }
      this.#filled += take;
      at += take;
      if (this.#filled < WINDOW) break;
      const id = this.#hop();
      if (id !== undefined) found.push(id);
      this.#buffer.copyWithin(0, HOP);
      this.#filled = WINDOW - HOP;
    }
    return found;
  }

  /** Forgets what it has heard, as when sound was left out of the stream. */
  reset(): void {
    this.#filled = 0;
    this.#pairs = [];
  }

  #hop(): number | undefined {
    this.#pairs.push(this.#tonePair());
    if (this.#pairs.length < HISTORY) return undefined;
    if (this.#pairs.length > HISTORY) this.#pairs.shift();
    const [marker, ...symbols] = Array.from(
      { length: SLOTS },
      (_, slot) => this.#pairs[slot * SLOT_HOPS] as number,
    );
    if (marker !== MARKER_TONE * 8 + MARKER_TONE) return undefined;
    const bits = symbols.map((pair) =>
      pair < 0 || pair >= MARKER_TONE * 8 || pair % 8 === MARKER_TONE ? -1 : pairBits(pair),
    );
    if (bits.includes(-1)) return undefined;
    const [high = 0, low = 0, checkHigh = 0, checkLow = 0] = bits;
    const id = high * 16 + low;
    if (checkHigh * 16 + checkLow !== toneTagChecksum(id)) return undefined;
    // The neighbouring windows say the same; start afresh, so that one tag is one report.
    this.#pairs = [];
    return id;
  }

  #tonePair(): number {
    let energy = 0;
    for (let index = 0; index < WINDOW; index += 1) energy += (this.#buffer[index] as number) ** 2;
    if (energy < WINDOW * LEAST_RMS ** 2) return -1;
    const powers = this.#coefficients.map((coefficient) => this.#goertzel(coefficient));
    const low = strongest(powers.slice(0, LOW_TONES.length));
    const high = strongest(powers.slice(LOW_TONES.length));
    const balanced = Math.min(low.power, high.power) >= LEAST_BALANCE * Math.max(low.power, high.power);
    const pure = low.power + high.power >= LEAST_PURITY * this.#windowedEnergy();
    return balanced && pure && low.leads && high.leads ? low.index * 8 + high.index : -1;
  }

  /** The energy that a tone has in the window, in the same measure as {@link #windowedEnergy}. */
  #goertzel(coefficient: number): number {
    let last = 0;
    let beforeLast = 0;
    for (let index = 0; index < WINDOW; index += 1) {
      const next =
        (this.#buffer[index] as number) * (this.#window[index] as number) + coefficient * last - beforeLast;
      beforeLast = last;
      last = next;
    }
    const power = last ** 2 + beforeLast ** 2 - coefficient * last * beforeLast;
    // For Hann, 2 * sum(w^2) / sum(w)^2 = 3 / N.
    return (power * 3) / WINDOW;
  }

  #windowedEnergy(): number {
    let energy = 0;
    for (let index = 0; index < WINDOW; index += 1) {
      energy += ((this.#buffer[index] as number) * (this.#window[index] as number)) ** 2;
    }
    return energy;
  }
}

function strongest(powers: readonly number[]): { index: number; power: number; leads: boolean } {
  const power = Math.max(...powers);
  const index = powers.indexOf(power);
  return { index, power, leads: powers.every((other, at) => at === index || power >= LEAST_LEAD * other) };
}

function pairBits(pair: number): number {
  return (pair >> 3) * 4 + (pair % 8);
}

function hannWindow(length: number): Float64Array {
  return Float64Array.from({ length }, (_, index) => 0.5 * (1 - Math.cos((2 * Math.PI * index) / length)));
}
