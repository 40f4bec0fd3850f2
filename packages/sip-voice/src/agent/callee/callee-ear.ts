import { calleeSampleRate, ToneFinder } from "./tone.ts";

const frameMs = 20;
/** Samples in what is judged at a time. */
export const calleeFrameLength = (calleeSampleRate * frameMs) / 1000;
/** Quieter frames are never speech: -55 dB of full scale. */
const leastRms = 60;
/** Speech is louder than what is always there by this factor. */
const aboveNoise = 2.5;
/** What is always there is the quietest moment of this time; longer than people talk without closing their lips. */
const noiseFrames = 2_000 / frameMs;
/** Sound that keeps its level for so long, within the factor below, is noise: speech goes up and down. */
const steadyFrames = 400 / frameMs;
const steadyRange = 1.7;
/** So much is heard before anything is called speech. */
const firstFrames = 100 / frameMs;
/** Loud frames in a row that begin speech, so that a click does not. */
const beginFrames = 3;
/** Quiet frames in a row that end a stretch of speech: the closing of a plosive does not. */
const endFrames = 10;
/** The least share of its energy that a frame of a beep has in one tone; a vowel spreads over its harmonics. */
const toneShare = 0.8;
/** How far a tone's pitch may wander, in hertz; a voice slides. */
const steadyHertz = 20;
/** How long a tone must stand to be one. */
const toneFrames = 120 / frameMs;
/** How much louder or quieter than before a tone may be. */
const steadyLevel = 2.5;

/** Something in the callee's sound. Times are milliseconds of sound since the ear began to listen. */
export type CalleeSound =
  /** Talk began. */
  | { readonly type: "talk"; readonly startedAt: number }
  /** A stretch of talk ended. */
  | { readonly type: "quiet"; readonly startedAt: number; readonly endedAt: number }
  /** What began as talk is steady noise. */
  | { readonly type: "noise"; readonly startedAt: number }
  /** A tone of one pitch stands. */
  | { readonly type: "tone"; readonly hertz: number; readonly startedAt: number }
  /** It ended. */
  | {
      readonly type: "tone-ended";
      readonly hertz: number;
      readonly startedAt: number;
      readonly endedAt: number;
    };

interface Tone {
  readonly hertz: number;
  readonly rms: number;
  readonly startedAt: number;
  frames: number;
}

/** Hears talk and tones in a callee's sound: 8,000 samples a second, in pieces of any length. Knows no clock. */
export class CalleeEar {
  readonly #frame = new Int16Array(calleeFrameLength);
  /** The last two frames: a tone's pitch needs more sound than one. */
  readonly #window = new Int16Array(2 * calleeFrameLength);
  readonly #finder = new ToneFinder(2 * calleeFrameLength);
  readonly #levels: number[] = [];
  #recent: readonly number[] = [];
  #steady = 0;
  #filled = 0;
  #frames = 0;
  #loud = 0;
  #still = 0;
  #talkSince: number | undefined;
  #lastLoudEnd = 0;
  #tone: Tone | undefined;

  /** How much sound was heard, in milliseconds. */
  get heardMs(): number {
    return this.#frames * frameMs;
  }

  /** Since when there is talk; `undefined` while there is none. */
  get talkSince(): number | undefined {
    return this.#talkSince;
  }

  /** Takes the next samples, and returns what is in them, in order. */
  push(samples: Int16Array): CalleeSound[] {
    const sounds: CalleeSound[] = [];
    let at = 0;
    while (at < samples.length) {
      const take = Math.min(calleeFrameLength - this.#filled, samples.length - at);
      this.#frame.set(samples.subarray(at, at + take), this.#filled);
      this.#filled += take;
      at += take;
      if (this.#filled < calleeFrameLength) break;
      this.#filled = 0;
      this.#judge(sounds);
    }
    return sounds;
  }

  #judge(sounds: CalleeSound[]): void {
    const startedAt = this.heardMs;
    this.#frames += 1;
    const rms = rootMeanSquare(this.#frame);
    this.#window.copyWithin(0, calleeFrameLength);
    this.#window.set(this.#frame, calleeFrameLength);
    const isLoud = rms > Math.max(leastRms, aboveNoise * this.#noise());
    this.#remember(rms, sounds);
    const isTone = rms > leastRms && this.#follow(rms, startedAt, sounds);
    if (rms <= leastRms) this.#endTone(startedAt, sounds);
    this.#talk(isLoud && !isTone, startedAt, sounds);
  }

  /** The level of what is always there: the quietest moment, or what has kept its level. */
  #noise(): number {
    // What is there from the first moment on is told from speech only by what follows.
    if (this.#levels.length < firstFrames) return Number.POSITIVE_INFINITY;
    return Math.max(this.#steady, Math.min(...this.#levels));
  }

  /** Keeps the level, over three frames, since a single one of noise can be much quieter than the rest. */
  #remember(rms: number, sounds: CalleeSound[]): void {
    this.#recent = [...this.#recent.slice(-2), rms];
    const level = this.#recent.reduce((sum, one) => sum + one, 0) / this.#recent.length;
    this.#levels.push(level);
    if (this.#levels.length > noiseFrames) this.#levels.shift();
    if (level < this.#steady / 2) this.#steady = 0;
    const last = this.#levels.slice(-steadyFrames);
    if (last.length < steadyFrames || Math.max(...last) > steadyRange * Math.min(...last)) return;
    this.#steady = last.reduce((sum, one) => sum + one, 0) / last.length;
    const since = this.#talkSince;
    if (since === undefined || this.heardMs - since > 1.5 * steadyFrames * frameMs) return;
    this.#talkSince = undefined;
    this.#loud = 0;
    sounds.push({ type: "noise", startedAt: since });
  }

  #talk(isSpeech: boolean, startedAt: number, sounds: CalleeSound[]): void {
    if (isSpeech) {
      this.#loud += 1;
      this.#still = 0;
      this.#lastLoudEnd = startedAt + frameMs;
    } else {
      this.#loud = 0;
      this.#still += 1;
    }
    if (this.#talkSince === undefined && this.#loud >= beginFrames) {
      this.#talkSince = startedAt - (beginFrames - 1) * frameMs;
      sounds.push({ type: "talk", startedAt: this.#talkSince });
    } else if (this.#talkSince !== undefined && this.#still >= endFrames) {
      sounds.push({ type: "quiet", startedAt: this.#talkSince, endedAt: this.#lastLoudEnd });
      this.#talkSince = undefined;
    }
  }

  /** Follows a tone; whether the sound is one now. */
  #follow(rms: number, startedAt: number, sounds: CalleeSound[]): boolean {
    const { hertz, share } = this.#finder.find(this.#window);
    const tone = this.#tone;
    const goesOn =
      tone !== undefined &&
      share >= toneShare &&
      Math.abs(hertz - tone.hertz) <= steadyHertz &&
      rms < tone.rms * steadyLevel &&
      rms > tone.rms / steadyLevel;
    if (tone && goesOn) {
      tone.frames += 1;
      if (tone.frames === toneFrames) sounds.push({ type: "tone", hertz, startedAt: tone.startedAt });
      return true;
    }
    this.#endTone(startedAt, sounds);
    if (share < toneShare) return false;
    this.#tone = { hertz, rms, startedAt, frames: 1 };
    return true;
  }

  #endTone(endedAt: number, sounds: CalleeSound[]): void {
    const tone = this.#tone;
    this.#tone = undefined;
    if (!tone || tone.frames < toneFrames) return;
    sounds.push({ type: "tone-ended", hertz: tone.hertz, startedAt: tone.startedAt, endedAt });
  }
}

function rootMeanSquare(samples: Int16Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.sqrt(sum / samples.length);
}
