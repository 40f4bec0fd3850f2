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
}

/** One call of the proof, with what became of it. */
export interface TriedFailure {
  readonly planned: PlannedFailure;
  /** Why the call could not be made as planned. */
  readonly trouble?: string;
  readonly seen?: SeenFailure;
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
