import { voice } from "@livekit/agents";
import type { AudioFrame } from "@livekit/rtc-node";
import type { Clock } from "../../clock.ts";
import type { AudioClip } from "../../prompts/prompt-audio.ts";

const sampleRate = 24_000;

/** Takes in what a session would have played into a room, as soon as it comes, for whoever plays it later. */
export class PieceOutput extends voice.AudioOutput {
  readonly #clock: Clock;
  readonly #pieces: AudioClip[] = [];
  #openSamples = 0;
  #end: { readonly error?: unknown } | undefined;
  #onChange: () => void = () => {};

  /** Makes an output that holds nothing yet. */
  constructor(clock: Clock) {
    // The framework resamples to what an output asks for.
    super(sampleRate);
    this.#clock = clock;
  }

  /** Nothing more comes. */
  end(): void {
    this.#end ??= {};
    this.#onChange();
  }

  /** Nothing more comes, since it failed. */
  fail(error: unknown): void {
    this.#end ??= { error };
    this.#onChange();
  }

  /** All pieces, those to come too; for one listener. Throws what it failed with, after the last piece. */
  async *pieces(): AsyncGenerator<AudioClip, void> {
    for (let at = 0; ; ) {
      const piece = this.#pieces[at];
      if (piece) {
        at++;
        yield piece;
      } else if (this.#end) {
        if ("error" in this.#end) throw this.#end.error;
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.#onChange = resolve;
        });
      }
    }
  }

  override async captureFrame(frame: AudioFrame): Promise<void> {
    await super.captureFrame(frame);
    if (this.#openSamples === 0) this.onPlaybackStarted(this.#clock.now());
    this.#openSamples += frame.samplesPerChannel;
    this.#pieces.push({ samples: frame.data.slice(), sampleRate });
    this.#onChange();
  }

  override flush(): void {
    super.flush();
    this.#finish(false);
  }

  override clearBuffer(): void {
    super.flush();
    this.#finish(true);
  }

  #finish(interrupted: boolean): void {
    if (this.#openSamples === 0) return;
    const playbackPosition = this.#openSamples / sampleRate;
    this.#openSamples = 0;
    this.onPlaybackFinished({ playbackPosition, interrupted });
  }
}
