/**
 * What is wrong with a row of appointments or slots.
 *
 * - `quotes`, `field-count`, `not-an-object`: the row itself can't be read
 * - `missing`: the column is empty and has no default
 * - `too-long`: longer than anything of its kind
 * - `scientific-notation`: a spreadsheet has turned the number into the likes of 5.10556E+11, and rounded it
 * - `not-a-number`: not a telephone number that can be dialled
 * - `not-a-time-zone`, `not-an-instant`, `not-a-date`, `not-minutes`, `not-hours`, `not-a-word`: not what the column takes
 * - `skipped-hour`: a clinic's time that its clocks leave out on that day
 * - `repeated-hour`: a clinic's time that its clocks show twice on that day
 * - `past`: it begins before `notBefore`
 * - `refused`: the store refused it: its slot is unknown, or another appointment's
 */
export type DataFaultCode =
  | "quotes"
  | "field-count"
  | "not-an-object"
  | "missing"
  | "too-long"
  | "scientific-notation"
  | "not-a-number"
  | "not-a-time-zone"
  | "not-an-instant"
  | "not-a-date"
  | "not-minutes"
  | "not-hours"
  | "not-a-word"
  | "skipped-hour"
  | "repeated-hour"
  | "past"
  | "refused";

/** One complaint about a row. It never repeats what stands there. */
export interface DataFault {
  /** What is wrong. */
  readonly code: DataFaultCode;
  /** The column; `row` when it is the row itself. */
  readonly column: string;
  /** The value by its shape alone: `a text of 12 characters`. */
  readonly shape: string;
  /** What to do about it, as a sentence. */
  readonly remedy: string;
}

/** A row that was not imported. */
export interface RejectedDataRow {
  /** The line on which it begins, from 1. */
  readonly line: number;
  /** Everything that is wrong with it, not only the first. */
  readonly faults: readonly DataFault[];
  /** Its fields as they stood there: a patient's data, for the rejects file and for nothing else. */
  readonly fields: readonly string[];
}
