import type { Pcm } from "../voice/pcm.ts";
import { resample } from "../voice/resample.ts";
import { SpeechActivityDetector } from "../voice/speech-activity.ts";
import { ToneTagDetector } from "../voice/tone-tag-detector.ts";

const RATE = 16_000;

/** What the stand-in heard. */
export type Heard = { kind: "speech-started" } | { kind: "speech-ended"; toneTag: number | undefined };

/**
 * The stand-in's ear: it hears when the caller speaks and, by the tone tag, what. Nothing but the sound that arrives
 * tells it, so that a muted or broken media path stays without an answer.
 */
export class CallerHearing {
  readonly #activity = new SpeechActivityDetector({ sampleRate: RATE });
  readonly #tags = new ToneTagDetector();
  #toneTag: number | undefined;

  /** Whether the caller is speaking. */
  get speaking(): boolean {
    return this.#activity.speaking;
  }

  /** Takes the next sound and returns what was heard in it, in order. */
  push(sound: Pcm): Heard[] {
    const { samples } = resample(sound, RATE);
    this.#toneTag = this.#tags.push(samples).at(-1) ?? this.#toneTag;
    return this.#activity
      .push(samples)
      .map((activity) => (activity === "start" ? { kind: "speech-started" } : this.#ended()));
  }

  /** Ends an utterance that is still going on, as when the client says so itself. */
  finish(): Heard[] {
    if (!this.#activity.speaking && this.#toneTag === undefined) return [];
    this.#activity.reset();
    return [this.#ended()];
  }

  /** Forgets half an utterance, as when sound was left out. */
  reset(): void {
    this.#activity.reset();
    this.#tags.reset();
    this.#toneTag = undefined;
  }

  #ended(): Heard {
    const toneTag = this.#toneTag;
    this.#toneTag = undefined;
    return { kind: "speech-ended", toneTag };
  }
}
