import { type Clock, pause } from "../clock.ts";
import { SipVoiceError } from "../errors.ts";

const firstPauseMs = 250;
const longestPauseMs = 5_000;

/** Whether the database did not do what it was asked; when it is back, the same may be asked again. */
export function isStoreLost(error: unknown): boolean {
  return SipVoiceError.is(error) && error.code === "store-unavailable";
}

/** Asks a database again while it is gone, and tells when it is lost and back. */
export class StorePatience {
  readonly #clock: Clock;
  readonly #mostMs: number;
  readonly #onChange: (isThere: boolean) => void;
  #isThere = true;

  /** @param mostMs - after how many milliseconds the error is thrown */
  constructor(clock: Clock, mostMs: number, onChange: (isThere: boolean) => void) {
    this.#clock = clock;
    this.#mostMs = mostMs;
    this.#onChange = onChange;
  }

  /** Does a step that may be done twice, until the database answers. */
  async ask<T>(step: () => Promise<T>): Promise<T> {
    let waited = 0;
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      try {
        const result = await step();
        this.#tell(true);
        return result;
      } catch (error) {
        if (!isStoreLost(error) || waited >= this.#mostMs) throw error;
        this.#tell(false);
      }
      // Counted by the pauses: the clock may be moved meanwhile.
      waited += pauseMs;
      await pause(this.#clock, pauseMs);
    }
  }

  #tell(isThere: boolean): void {
    if (this.#isThere === isThere) return;
    this.#isThere = isThere;
    this.#onChange(isThere);
  }
}
