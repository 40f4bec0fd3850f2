import type { Clock } from "../../clock.ts";

/** How the model is failing, as a stable word for the call's record. */
export type ModelFailure =
  | "no-set-up"
  | "going-away"
  | "no-reply"
  | "empty-reply"
  | "stalled"
  | "unanswered-tool-call"
  | "deaf";

/** What a watchdog tells and asks. */
export interface WatchdogOptions {
  readonly clock: Clock;
  /** The model is gone for good; told once. */
  onLost(failure: ModelFailure): void;
  /** An answer is late: whoever waits for it may be told so. */
  onLate(): void;
  /**
   * The caller said something, and nothing shows that the model heard it. It may have been noise: the model is to be asked to
   * speak. `false` when it can't be asked now.
   */
  onUnheard(): boolean;
  /** Whether the model owes the caller words: not while a call is handed over or ends. */
  expectsWords(): boolean;
  /** The caller began or stopped speaking. */
  onCallerVoice(speaking: boolean): void;
}
