import {
  AudioFrame,
  AudioSource,
  LocalAudioTrack,
  type Room,
  TrackPublishOptions,
  TrackSource,
} from "@livekit/rtc-node";
import type { AudioClip } from "../../prompts/prompt-audio.ts";

const sampleRate = 24_000;
/** A process that is busy for a moment does not tear the sentence. */
const frameMs = 60;
const queueMs = 200;

/**
 * Plays prepared audio on a track of its own, beside the model's. So a sentence is heard at once, and also when the model
 * and its session are gone.
 */
export class PromptPlayer {
  readonly #source = new AudioSource(sampleRate, 1, queueMs);
  readonly #trackName: string;
  #unpublish: () => Promise<void> | undefined = () => undefined;
  #current: AbortController | undefined;
  #finished: Promise<void> = Promise.resolve();
  #playing = 0;

  /** `trackName` is how the track is called in the room. */
  constructor(trackName = "clinic_prompts") {
    this.#trackName = trackName;
  }

  /** Publishes the track, through which an inbound call becomes `active`; gives its id. */
  async publish(room: Room): Promise<string | undefined> {
    const track = LocalAudioTrack.createAudioTrack(this.#trackName, this.#source);
    const options = new TrackPublishOptions();
    options.source = TrackSource.SOURCE_MICROPHONE;
    const sid = (await room.localParticipant?.publishTrack(track, options))?.sid;
    if (sid) this.#unpublish = () => room.localParticipant?.unpublishTrack(sid);
    return sid;
  }

  /** Whether something is playing. */
  get isPlaying(): boolean {
    return this.#playing > 0;
  }

  /** Resolves when nothing is playing. */
  get idle(): Promise<void> {
    return this.#finished;
  }

  /** Plays a clip in place of whatever is playing; resolves `true` when it was heard to its end. */
  play(clip: AudioClip): Promise<boolean> {
    this.stop();
    const control = new AbortController();
    this.#current = control;
    // After the last frame of the clip before: the native source refuses a frame while another waits for room.
    this.#playing += 1;
    const heard = this.#finished.then(() => this.#feed(clip, control.signal));
    const over = (): void => {
      this.#playing -= 1;
    };
    this.#finished = heard.then(over, over);
    return heard;
  }

  /** Plays what comes piece by piece, until it ends or `signal` is aborted. Not while a clip is played. */
  async playPieces(pieces: AsyncIterable<AudioClip>, signal: AbortSignal): Promise<void> {
    const perFrame = (sampleRate * frameMs) / 1000;
    let rest = new Int16Array(0);
    for await (const { samples } of pieces) {
      const all = new Int16Array(rest.length + samples.length);
      all.set(rest);
      all.set(samples, rest.length);
      let at = 0;
      for (; at + perFrame <= all.length && !signal.aborted; at += perFrame)
        await this.#source.captureFrame(
          new AudioFrame(all.slice(at, at + perFrame), sampleRate, 1, perFrame),
        );
      if (signal.aborted) return this.#source.clearQueue();
      rest = all.slice(at);
    }
    await this.#source.waitForPlayout();
  }

  /** Falls silent. */
  stop(): void {
    if (!this.#current) return;
    this.#current.abort();
    this.#current = undefined;
    this.#source.clearQueue();
  }

  /** Takes the track out of a room that goes on, and frees its source. */
  async withdraw(): Promise<void> {
    this.stop();
    await this.#unpublish();
    await this.#source.close();
  }

  /** Stops and frees the track's source. */
  async close(): Promise<void> {
    this.stop();
    await this.#source.close();
  }

  async #feed({ samples, sampleRate: rate }: AudioClip, signal: AbortSignal): Promise<boolean> {
    if (rate !== sampleRate) throw new RangeError(`Prompt audio must have ${sampleRate} samples a second.`);
    const perFrame = (sampleRate * frameMs) / 1000;
    for (let at = 0; at < samples.length; at += perFrame) {
      if (signal.aborted) return false;
      const data = new Int16Array(perFrame);
      data.set(samples.subarray(at, at + perFrame));
      await this.#source.captureFrame(new AudioFrame(data, sampleRate, 1, perFrame));
    }
    await Promise.race([
      this.#source.waitForPlayout(),
      new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true })),
    ]);
    return !signal.aborted;
  }
}
