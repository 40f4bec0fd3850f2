import {
  AudioFrame,
  AudioResampler,
  AudioResamplerQuality,
  AudioSource,
  LocalAudioTrack,
} from "@livekit/rtc-node";
import { AudioTimeline, LINE_SAMPLE_RATE } from "./audio-timeline.ts";

const FRAME_MS = 20;
const FRAME_SAMPLES = (LINE_SAMPLE_RATE * FRAME_MS) / 1000;
/** How far ahead of the clock frames are queued: enough for a late timer, short enough to stay live. */
const LEAD_MS = 60;
const QUEUE_MS = 400;
const SILENCE = new Int16Array(FRAME_SAMPLES);

interface Utterance {
  readonly samples: Int16Array;
  position: number;
  readonly done: (result: { startedAt: number; endedAt: number }) => void;
  readonly fail: (error: Error) => void;
  startedAt: number;
}

/** The mouthpiece of a telephone: sends 20 ms frames without a break, of speech when there is some, else of silence. */
export class Microphone {
  /** The track to publish. */
  readonly track: LocalAudioTrack;
  /** Everything said since the line joined. */
  readonly timeline: AudioTimeline;
  #source = new AudioSource(LINE_SAMPLE_RATE, 1, QUEUE_MS);
  #utterances: Utterance[] = [];
  #muted = false;
  #timer: NodeJS.Timeout | undefined;
  #nextDue = 0;
  #closed = false;

  constructor(startedAt: number) {
    this.timeline = new AudioTimeline(startedAt);
    this.track = LocalAudioTrack.createAudioTrack("sip-telephone", this.#source);
  }

  /** Whether silence is sent in place of speech. */
  get muted(): boolean {
    return this.#muted;
  }

  set muted(muted: boolean) {
    this.#muted = muted;
  }

  /** Starts sending. */
  start(): void {
    this.#nextDue = performance.now();
    this.#pump();
  }

  /** Says samples after whatever is being said; resolves with when they began and ended, once they are played out. */
  play(samples: Int16Array, sampleRate: number): Promise<{ startedAt: number; endedAt: number }> {
    if (this.#closed) return Promise.reject(new Error("The telephone is hung up."));
    const resampled = resample(samples, sampleRate);
    return new Promise((done, fail) => {
      this.#utterances.push({ samples: resampled, position: 0, done, fail, startedAt: 0 });
    });
  }

  /** Stops sending and frees the native parts. What was being said is cut off. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const utterance of this.#utterances.splice(0))
      utterance.fail(new Error("The telephone is hung up."));
    await this.track.close(false).catch(() => undefined);
    await this.#source.close().catch(() => undefined);
  }

  #pump = (): void => {
    if (this.#closed) return;
    const now = performance.now();
    // After a long stall the missed time is not made up for: a telephone does not speak faster afterwards.
    if (now - this.#nextDue > QUEUE_MS / 2) this.#nextDue = now;
    while (this.#nextDue - now < LEAD_MS) {
      const frame = new AudioFrame(this.#nextFrame(), LINE_SAMPLE_RATE, 1, FRAME_SAMPLES);
      void this.#source.captureFrame(frame).catch(() => undefined);
      this.#nextDue += FRAME_MS;
    }
    this.#timer = setTimeout(this.#pump, FRAME_MS);
  };

  #nextFrame(): Int16Array {
    const utterance = this.#utterances[0];
    if (!utterance) return SILENCE;
    const playsAt = this.#nextDue;
    if (utterance.position === 0) utterance.startedAt = playsAt;
    const rest = utterance.samples.subarray(utterance.position, utterance.position + FRAME_SAMPLES);
    utterance.position += FRAME_SAMPLES;
    if (utterance.position >= utterance.samples.length) {
      this.#utterances.shift();
      const endedAt = playsAt + (rest.length * 1000) / LINE_SAMPLE_RATE;
      const { startedAt } = utterance;
      setTimeout(() => utterance.done({ startedAt, endedAt }), Math.max(0, endedAt - performance.now()));
    }
    if (this.#muted) return SILENCE;
    this.timeline.write(this.timeline.indexAt(playsAt), rest);
    // A copy: rtc-node sends an AudioFrame's buffer from its beginning, whatever the offset of the array over it.
    const frame = new Int16Array(FRAME_SAMPLES);
    frame.set(rest);
    return frame;
  }
}

function resample(samples: Int16Array, sampleRate: number): Int16Array {
  if (sampleRate === LINE_SAMPLE_RATE || samples.length === 0) return samples;
  const resampler = new AudioResampler(sampleRate, LINE_SAMPLE_RATE, 1, AudioResamplerQuality.MEDIUM);
  try {
    const frames = [
      ...resampler.push(new AudioFrame(samples.slice(), sampleRate, 1, samples.length)),
      ...resampler.flush(),
    ];
    const all = new Int16Array(frames.reduce((sum, frame) => sum + frame.data.length, 0));
    let at = 0;
    for (const frame of frames) {
      all.set(frame.data, at);
      at += frame.data.length;
    }
    return all;
  } finally {
    resampler.close();
  }
}
