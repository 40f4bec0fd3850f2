/** Samples a second of everything that a simulated telephone hears and says. */
export const LINE_SAMPLE_RATE = 16_000;

/** Mono audio on a time axis: what is written at the same moment is mixed, what was never written is silence. */
export class AudioTimeline {
  /** The moment of the first sample, on the `performance.now()` axis. */
  readonly startedAt: number;
  #samples = new Int16Array(LINE_SAMPLE_RATE * 8);
  #length = 0;

  constructor(startedAt: number) {
    this.startedAt = startedAt;
  }

  /** How many samples there are. */
  get length(): number {
    return this.#length;
  }

  /** The index of the sample at a moment of the `performance.now()` axis. */
  indexAt(at: number): number {
    return Math.max(0, Math.round(((at - this.startedAt) * LINE_SAMPLE_RATE) / 1000));
  }

  /** The moment of a sample. */
  timeOf(index: number): number {
    return this.startedAt + (index * 1000) / LINE_SAMPLE_RATE;
  }

  /** Adds samples at an index, mixing them with what is there already. */
  write(index: number, samples: Int16Array): void {
    const end = index + samples.length;
    if (end > this.#samples.length) {
      const larger = new Int16Array(Math.max(end, this.#samples.length * 2));
      larger.set(this.#samples.subarray(0, this.#length));
      this.#samples = larger;
    }
    for (let i = 0; i < samples.length; i += 1) {
      const mixed = (this.#samples[index + i] ?? 0) + (samples[i] ?? 0);
      this.#samples[index + i] = Math.max(-32_768, Math.min(32_767, mixed));
    }
    this.#length = Math.max(this.#length, end);
  }

  /** A copy of the samples between two moments; everything by default. */
  between(from = this.startedAt, to = this.timeOf(this.#length)): Int16Array {
    const end = Math.min(this.indexAt(to), this.#length);
    return this.#samples.slice(Math.min(this.indexAt(from), end), end);
  }
}
