const FRAME_MS = 20;

/** What a {@link SpeechActivityDetector} noticed. */
export type SpeechActivity = "start" | "end";

/** How a {@link SpeechActivityDetector} judges. */
export interface SpeechActivityOptions {
  /** Samples per second of the sound; 16,000 by default. */
  sampleRate?: number;
  /** Quiet time after which speech has ended, in milliseconds; 400 by default. */
  silenceMs?: number;
  /** Root mean square above which a frame can be speech at all; 60 by default. */
  leastRms?: number;
}

/**
 * Tells when somebody starts and stops speaking, from the energy of the sound over a noise floor that it learns.
 * Time is the sound's own: nothing happens while no samples arrive.
 */
export class SpeechActivityDetector {
  readonly #frame: Int16Array;
  readonly #silenceFrames: number;
  readonly #leastRms: number;
  #filled = 0;
  #noise: number;
  #loudFrames = 0;
  #quietFrames = 0;
  #speaking = false;

  constructor(options: SpeechActivityOptions = {}) {
    this.#frame = new Int16Array(((options.sampleRate ?? 16_000) * FRAME_MS) / 1000);
    this.#silenceFrames = Math.ceil((options.silenceMs ?? 400) / FRAME_MS);
    this.#leastRms = options.leastRms ?? 60;
    this.#noise = this.#leastRms / 4;
  }

  /** Whether somebody is speaking at the end of the sound heard so far. */
  get speaking(): boolean {
    return this.#speaking;
  }

  /** Takes the next samples and returns what happened within them, in order. */
  push(samples: Int16Array): SpeechActivity[] {
    const activity: SpeechActivity[] = [];
    let at = 0;
    while (at < samples.length) {
      const take = Math.min(this.#frame.length - this.#filled, samples.length - at);
      this.#frame.set(samples.subarray(at, at + take), this.#filled);
      this.#filled += take;
      at += take;
      if (this.#filled < this.#frame.length) break;
      this.#filled = 0;
      const noticed = this.#judge(rootMeanSquare(this.#frame));
      if (noticed !== undefined) activity.push(noticed);
    }
    return activity;
  }

  /** Forgets what it has heard, but for the noise floor. Speech that was going on has no end then. */
  reset(): void {
    this.#filled = 0;
    this.#loudFrames = 0;
    this.#quietFrames = 0;
    this.#speaking = false;
  }

  #judge(rms: number): SpeechActivity | undefined {
    const loud = rms > Math.max(this.#leastRms, this.#noise * 3);
    // Down at once, up slowly (a second or two): steady noise becomes the floor, a sentence doesn't.
    this.#noise = rms < this.#noise ? rms : this.#noise * (loud ? 1.005 : 1.03) + 0.01;
    this.#loudFrames = loud ? this.#loudFrames + 1 : 0;
    this.#quietFrames = loud ? 0 : this.#quietFrames + 1;
    if (!this.#speaking && this.#loudFrames >= 3) {
      this.#speaking = true;
      return "start";
    }
    if (this.#speaking && this.#quietFrames >= this.#silenceFrames) {
      this.#speaking = false;
      return "end";
    }
    return undefined;
  }
}

function rootMeanSquare(samples: Int16Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.sqrt(sum / samples.length);
}
