import type { Clock, Timer } from "../../clock.ts";

/** How often is looked. */
const lookMs = 500;

/** What a {@link CallerSilence} looks at. */
export interface CallerSilenceOptions {
  readonly clock: Clock;
  /** How long the caller may be silent, in milliseconds. */
  readonly afterMs: number;
  /** When the caller was last heard to speak or press a key, in milliseconds since 1970. */
  lastHeard(): number;
  /** Whether it is not the caller's turn: somebody speaks, a tool runs, a sequence is being keyed, a transfer is under way. */
  busy(): boolean;
  /** The caller has been silent for so long; told again after as long a silence. */
  onSilent(): void;
}

/** Notices that nothing is heard of a caller whose turn it is. */
export class CallerSilence {
  readonly #o: CallerSilenceOptions;
  #since = 0;
  #timer: Timer | undefined;

  /** Makes one that looks at nothing yet. */
  constructor(options: CallerSilenceOptions) {
    this.#o = options;
  }

  /** Begins to look. */
  start(): void {
    this.stop();
    this.#since = this.#o.clock.now();
    this.#look();
  }

  /** Looks no more. */
  stop(): void {
    this.#timer?.cancel();
  }

  #look(): void {
    const { clock, afterMs, busy, lastHeard, onSilent } = this.#o;
    // Looking, and not being told, because who speaks and who is busy has many places; each is asked where it is known.
    this.#timer = clock.setTimer(() => this.#look(), lookMs);
    const now = clock.now();
    this.#since = busy() ? now : Math.max(this.#since, lastHeard());
    if (now - this.#since < afterMs) return;
    this.#since = now;
    onSilent();
  }
}
