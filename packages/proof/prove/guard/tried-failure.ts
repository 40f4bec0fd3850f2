import type { PlannedFailure } from "./plan.ts";

/** What became of a call in which the model failed; times in milliseconds. */
export interface SeenFailure {
  /** From the failure to the first sound of a sentence; `undefined` when none was heard in time. */
  readonly sentenceAfter?: number;
  /** Whether a sentence was only known by the record and the sound in its place, torn by a machine that does too much at a time. */
  readonly torn?: boolean;
  /** From the failure to its notice; `undefined` when it was not noticed. */
  readonly noticedAfter?: number;
  /** Why a key did not work; `undefined` when it did. */
  readonly keyFailed?: string;
  /** What the record calls the failure. */
  readonly causes: readonly string[];
  /** Whether a model took over. */
  readonly restored: boolean;
  /** The record in short. */
  readonly story: string;
  /** The share of the time from the failure to the key for which something waited for a processor. */
  readonly pressure: number;
}

const sentenceWithinMs = 3_000;
const noticedWithinMs = 2_000;
/** What the machine may take to write it down. */
const writingMs = 250;
/** Above this a machine does so much at a time that nothing can be said of how long something takes. */
const tooBusy = 0.6;

/** Whether a sentence was heard in time. */
export function isHeardInTime({ sentenceAfter }: SeenFailure): boolean {
  return sentenceAfter !== undefined && sentenceAfter <= sentenceWithinMs;
}

/** Whether a failure was noticed in time. */
export function isNoticedInTime({ noticedAfter }: SeenFailure): boolean {
  return noticedAfter !== undefined && noticedAfter <= noticedWithinMs + writingMs;
}

/** Whether a call has to be made once more: something came late on a machine that was too busy to judge by. */
export function isUnfit(seen: SeenFailure): boolean {
  const isGood = isHeardInTime(seen) && isNoticedInTime(seen) && seen.keyFailed === undefined;
  return !isGood && seen.pressure > tooBusy;
}

/** One call of the proof, with what became of it. */
export interface TriedFailure {
  readonly planned: PlannedFailure;
  /** Why the call could not be made as planned. */
  readonly trouble?: string;
  readonly seen?: SeenFailure;
  /** What was seen on a machine that was too busy: the call was made once more. */
  readonly unfit?: SeenFailure;
}

/** What is left of calls that are over. */
export interface TriedEnd {
  /** After which calls. */
  readonly after: string;
  /** What is left; `undefined` when that is nothing. */
  readonly left?: string;
}

/** The name of a planned failure. */
export function nameOf({ mode, phase, time }: PlannedFailure): string {
  return `${mode}, ${phase}, ${time}`;
}
