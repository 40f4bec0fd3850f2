import { type Clock, pause } from "../../clock.ts";
import { CalleeEar, type CalleeSound, calleeFrameLength } from "./callee-ear.ts";
import { type CalleeFinding, CalleeJudge } from "./callee-judge.ts";
import type { CalleeDetector } from "./detection.ts";

/** What a {@link CalleeWatch} needs. */
export interface CalleeWatchOptions {
  readonly clock: Clock;
  /** Aborted when the call is over. */
  readonly over: AbortSignal;
  /** The clinic's own detector, whose verdicts take the place of ours. */
  readonly detector?: CalleeDetector | undefined;
  /** Called with what the sound shows. */
  readonly onFinding: (finding: CalleeFinding) => void;
}

interface Waiter {
  readonly look: () => void;
}

/** Follows the callee's sound through a call: who talks since when, and the last beep. Times are milliseconds of sound. */
export class CalleeWatch {
  readonly #options: CalleeWatchOptions;
  readonly #ear = new CalleeEar();
  readonly #judge = new CalleeJudge();
  readonly #waiters = new Set<Waiter>();
  #talk: { readonly startedAt: number; endedAt: number | undefined } | undefined;
  #tone: { readonly startedAt: number; endedAt: number | undefined } | undefined;

  /** Makes the watch of one call. */
  constructor(options: CalleeWatchOptions) {
    this.#options = options;
  }

  /** How much was heard. */
  get now(): number {
    return this.#ear.heardMs;
  }

  /** The last stretch of talk; its end is `undefined` while it goes on. */
  get talk(): { readonly startedAt: number; readonly endedAt: number | undefined } | undefined {
    return this.#talk;
  }

  /** The last tone, likewise. */
  get tone(): { readonly startedAt: number; readonly endedAt: number | undefined } | undefined {
    return this.#tone;
  }

  /** For how long nothing has been heard; 0 while something is. */
  get quietMs(): number {
    const ends = [this.#talk, this.#tone].flatMap((one) => (one ? [one.endedAt ?? this.now] : []));
    return this.now - Math.max(0, ...ends);
  }

  /** Takes what the callee sends. */
  push(samples: Int16Array): void {
    const { detector, onFinding } = this.#options;
    for (let at = 0; at < samples.length; at += calleeFrameLength) {
      const sounds = this.#ear.push(samples.subarray(at, at + calleeFrameLength));
      for (const sound of sounds) this.#note(sound);
      for (const finding of this.#judge.take(sounds, this.now))
        if (!detector || finding.type !== "verdict") onFinding(finding);
      this.look();
    }
    for (const finding of detector?.push(samples) ?? []) if (finding.type === "verdict") onFinding(finding);
  }

  /** Has those who wait look again: something besides the sound has changed. */
  look(): void {
    for (const waiter of [...this.#waiters]) waiter.look();
  }

  /** Resolves with what `look` finds, looking again whenever something is heard; `undefined` after `withinMs`, or when the call is over. */
  async until<Found>(
    look: () => Found | undefined,
    withinMs: number,
    signal?: AbortSignal,
  ): Promise<Found | undefined> {
    const { clock, over } = this.#options;
    const done = new AbortController();
    let found: Found | undefined;
    const waiter: Waiter = {
      look() {
        found ??= look();
        if (found !== undefined) done.abort();
      },
    };
    this.#waiters.add(waiter);
    waiter.look();
    await pause(clock, withinMs, AbortSignal.any([over, done.signal, ...(signal ? [signal] : [])]));
    this.#waiters.delete(waiter);
    return found;
  }

  #note(sound: CalleeSound): void {
    switch (sound.type) {
      case "talk":
        this.#talk = { startedAt: sound.startedAt, endedAt: undefined };
        break;
      case "quiet":
        if (this.#talk) this.#talk.endedAt = sound.endedAt;
        break;
      case "noise":
        this.#talk = undefined;
        break;
      case "tone":
        this.#tone = { startedAt: sound.startedAt, endedAt: undefined };
        break;
      case "tone-ended":
        if (this.#tone) this.#tone.endedAt = sound.endedAt;
        break;
    }
  }
}
