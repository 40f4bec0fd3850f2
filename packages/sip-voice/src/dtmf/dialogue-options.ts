import type { Clock } from "../clock.ts";
import type { DtmfKeypad } from "./keypad.ts";

/**
 * Why a try failed, in the words of VoiceXML 2.0, section 5.2.6: nothing was pressed (`no-input`), or something that can't
 * be meant (`no-match`).
 */
export type DtmfFailure = "no-input" | "no-match";

/** What a prompt is given. */
export interface DtmfPrompt<Path = readonly []> {
  /** Where in the menus the caller is; empty in the first menu, and for a sequence of its own. */
  readonly path: Path;
  /** Which try this is, from 1. */
  readonly tryNumber: number;
  /** Why the try before failed; `undefined` in the first one, and when the caller asked to hear it again. */
  readonly after: DtmfFailure | undefined;
  /** Aborted by the first digit (barge-in), and when nobody waits for digits any more: stop speaking. */
  readonly signal: AbortSignal;
}

/** A try that failed. */
export interface DtmfFailedTry<Path = readonly []> {
  /** Where in the menus the caller is. */
  readonly path: Path;
  /** What was wrong with it. */
  readonly reason: DtmfFailure;
  /** Which try it was, from 1. */
  readonly tryNumber: number;
  /** How often it is asked again; 0 after the last one. */
  readonly retriesLeft: number;
}

/** What asking by keys needs, and what it tells while it goes on. None of it holds a digit. */
export interface DtmfDialogueOptions<Path = readonly []> {
  /** The keys of the call. What was pressed before is taken first, and what is not needed stays there. */
  readonly keypad: DtmfKeypad;
  /** Where time comes from. */
  readonly clock: Clock;
  /** Ends the asking; the result is then `cancelled`. Digits of an unfinished sequence are dropped, others stay. */
  readonly signal?: AbortSignal;
  /**
   * Asks the caller, at the start of each try for which nothing was typed ahead. Time runs from when it has resolved, so that
   * a long prompt does not use it up. An error of it ends the asking, unless its signal was aborted.
   */
  readonly prompt?: (prompt: DtmfPrompt<Path>) => unknown;
  /** The first digit of a try is there (barge-in). Called before `press` returns. */
  readonly onFirstDigit?: (at: { readonly path: Path }) => void;
  /** A try failed. It is the place to empty the keypad, if what was typed ahead shall not count for the next one. */
  readonly onFailedTry?: (failed: DtmfFailedTry<Path>) => void;
}
