import { type Clock, pause } from "../../clock.ts";

/** How long is waited before each rebuild of a call's model, in milliseconds; there are no more than these. */
export const rebuildWaits: readonly number[] = [0, 1_000, 3_000];

/** What a {@link ModelRebuild} needs. */
export interface ModelRebuildOptions {
  readonly clock: Clock;
  /** Aborted when the call is over. */
  readonly over: AbortSignal;
  /** Puts a new model in the place of the old one; `true` when it works. */
  build(): Promise<boolean>;
  /** A new model works, so many milliseconds after the old one was lost. */
  onRestored(afterMs: number): void;
  /** There will be no other model on this call. */
  onGivenUp(): void;
}

/** Rebuilds the model of a call, one rebuild at a time, and gives up when that did not help often enough. */
export class ModelRebuild {
  readonly #o: ModelRebuildOptions;
  #done = 0;
  #working = false;

  /** Makes one for a call. */
  constructor(options: ModelRebuildOptions) {
    this.#o = options;
  }

  /** Whether a rebuild is under way. */
  get working(): boolean {
    return this.#working;
  }

  /** The model was lost. While it is being rebuilt that is known already. */
  async lost(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    const { clock, over, build, onRestored, onGivenUp } = this.#o;
    const since = clock.now();
    let works = false;
    while (!works && this.#done < rebuildWaits.length && !over.aborted) {
      await pause(clock, rebuildWaits[this.#done] ?? 0, over);
      this.#done += 1;
      works = !over.aborted && (await build().catch(() => false));
    }
    this.#working = false;
    if (over.aborted) return;
    if (works) onRestored(clock.now() - since);
    else onGivenUp();
  }
}
