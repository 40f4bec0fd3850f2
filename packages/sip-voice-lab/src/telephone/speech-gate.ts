/** How loud and how long something must be to count as speech. */
export interface SpeechGateOptions {
  /** Opens at this level; dBFS, RMS of a frame. -45 by default. */
  readonly openDb?: number;
  /** Stays open above this level: hysteresis, so that a trailing syllable does not make it flutter. -52 by default. */
  readonly holdDb?: number;
  /** Opens only after this much at the opening level in a row, so that a click is not speech. 40 ms by default. */
  readonly attackMs?: number;
  /** Closes after this much below the holding level. 300 ms by default, longer than the gaps between words. */
  readonly releaseMs?: number;
}

/** What a frame changed. Times are of the sound, not of the decision. */
export interface SpeechEdge {
  readonly edge: "start" | "end";
  readonly at: number;
}

/** Tells speech from silence by energy. Pure: time comes in with the frames. */
export class SpeechGate {
  #openDb: number;
  #holdDb: number;
  #attackMs: number;
  #releaseMs: number;
  #speaking = false;
  #loudSince: number | undefined;
  #lastLoudEnd: number | undefined;

  constructor(options: SpeechGateOptions = {}) {
    this.#openDb = options.openDb ?? -45;
    this.#holdDb = options.holdDb ?? -52;
    this.#attackMs = options.attackMs ?? 40;
    this.#releaseMs = options.releaseMs ?? 300;
  }

  /** Whether there is speech now. */
  get speaking(): boolean {
    return this.#speaking;
  }

  /** When the last loud frame ended, or undefined. */
  get lastLoudEnd(): number | undefined {
    return this.#lastLoudEnd;
  }

  /** Takes the next frame, which began at `at` (ms) and lasts `durationMs`. */
  push(samples: Int16Array, at: number, durationMs: number): SpeechEdge | undefined {
    const level = levelDb(samples);
    const end = at + durationMs;
    if (!this.#speaking) {
      if (level < this.#openDb) {
        this.#loudSince = undefined;
        return undefined;
      }
      this.#loudSince ??= at;
      if (end - this.#loudSince < this.#attackMs) return undefined;
      this.#speaking = true;
      this.#lastLoudEnd = end;
      return { edge: "start", at: this.#loudSince };
    }
    if (level >= this.#holdDb) {
      this.#lastLoudEnd = end;
      return undefined;
    }
    return end - (this.#lastLoudEnd ?? end) >= this.#releaseMs ? this.close() : undefined;
  }

  /** Ends the speech that is under way, for instance because its track is gone. */
  close(): SpeechEdge | undefined {
    if (!this.#speaking) return undefined;
    this.#speaking = false;
    this.#loudSince = undefined;
    return { edge: "end", at: this.#lastLoudEnd ?? 0 };
  }
}

/** The RMS level of samples in dB of full scale; -Infinity for digital silence. */
export function levelDb(samples: Int16Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return samples.length === 0 ? -Infinity : 10 * Math.log10(sum / samples.length / 32_768 ** 2);
}
