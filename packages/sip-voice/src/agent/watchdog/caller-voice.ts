/** Louder than this (of 32,767, root mean square) is a voice on a silent line: about -39 dBFS. */
const quietestVoice = 350;
/** A voice is so much louder than the line's own noise. */
const aboveNoise = 3;
/** How fast the idea of the line's noise follows, per piece of sound: quickly down, slowly up, hardly at all in speech. */
const noiseRise = 0.02;
const noiseRiseInSpeech = 0.0005;
/** Sound of this length makes a voice, silence of this length ends it. */
const startMs = 150;
const endMs = 500;
const samplesPerMs = 16;

/** What was noticed in a piece of sound. */
export type CallerVoiceChange =
  | { readonly type: "started" }
  /** `ms` is the length of what was loud: coughs are short. */
  | { readonly type: "stopped"; readonly ms: number };

/**
 * Whether the caller is speaking, by the energy of the sound that goes to the model. It must only be good enough to notice
 * that somebody spoke and got no answer, and that a line is not dead; what was said is the model's to tell.
 */
export class CallerVoice {
  #noise = 0;
  #loudMs = 0;
  #quietMs = 0;
  #spokenMs = 0;
  #speaking = false;

  /** Whether the caller is speaking. */
  get speaking(): boolean {
    return this.#speaking;
  }

  /** Takes the next piece of sound, 16 kHz samples of 16 bits in base64; tells when the caller begins and stops speaking. */
  push(base64: string): CallerVoiceChange | undefined {
    const bytes = Buffer.from(base64, "base64");
    const count = bytes.length >> 1;
    if (count === 0) return undefined;
    let sum = 0;
    for (let at = 0; at < count; at++) sum += bytes.readInt16LE(at * 2) ** 2;
    return this.#take(Math.sqrt(sum / count), count / samplesPerMs);
  }

  #take(level: number, ms: number): CallerVoiceChange | undefined {
    const isLoud = level > Math.max(quietestVoice, this.#noise * aboveNoise);
    const rise = isLoud || this.#speaking ? noiseRiseInSpeech : noiseRise;
    this.#noise = level < this.#noise ? level : this.#noise + (level - this.#noise) * rise;
    this.#loudMs = isLoud ? this.#loudMs + ms : 0;
    this.#quietMs = isLoud ? 0 : this.#quietMs + ms;
    if (!this.#speaking && this.#loudMs >= startMs) {
      this.#speaking = true;
      this.#spokenMs = this.#loudMs;
      return { type: "started" };
    }
    if (!this.#speaking) return undefined;
    if (isLoud) this.#spokenMs += ms;
    if (this.#quietMs < endMs) return undefined;
    this.#speaking = false;
    return { type: "stopped", ms: this.#spokenMs };
  }
}
