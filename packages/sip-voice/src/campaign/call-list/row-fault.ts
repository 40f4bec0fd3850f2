/**
 * What is wrong with a row of a call list.
 *
 * - `quotes`, `field-count`, `not-an-object`: the row itself can't be read
 * - `missing`: the column is empty
 * - `scientific-notation`: a spreadsheet has turned the number into the likes of 5.10556E+11, and rounded it
 * - `no-country-code`: a number without `+`, and no country to read it in
 * - `not-a-number`: not a telephone number that can be dialled
 * - `foreign-number`: the policy dials no numbers of this country or kind
 * - `no-time-zone`: an instant without its offset
 * - `not-an-instant`, `not-a-word`, `not-whole`, `too-long`: not what the column takes
 * - `duplicate`: the same appointment stands in an earlier row
 */
export type RowFaultCode =
  | "quotes"
  | "field-count"
  | "not-an-object"
  | "missing"
  | "scientific-notation"
  | "no-country-code"
  | "not-a-number"
  | "foreign-number"
  | "no-time-zone"
  | "not-an-instant"
  | "not-a-word"
  | "not-whole"
  | "too-long"
  | "duplicate";

/** One complaint about a row. It never repeats what stands there. */
export interface RowFault {
  /** What is wrong. */
  readonly code: RowFaultCode;
  /** The column; `row` when it is the row itself. */
  readonly column: string;
  /** The value by its shape alone: `a text of 12 characters`. */
  readonly shape: string;
  /** What to do about it, as a sentence. */
  readonly remedy: string;
}

/** A row that can't be called as it is. */
export interface RejectedRow {
  /** The line on which it begins, from 1; of a JSON list the number of its item. */
  readonly line: number;
  /** Everything that is wrong with it, not only the first. */
  readonly faults: readonly RowFault[];
  /** Its fields as they stood there: a patient's data, for the rejects file and for nothing else. */
  readonly fields: readonly string[];
}

/**
 * A rejected row in words: its line, and for each fault the column, the value's shape and what to do. It holds nothing of
 * what stood in the row, so it may be shown and logged.
 *
 * @example
 * ```ts
 * import { type RejectedRow, rejectInWords } from "@clinic/sip-voice";
 *
 * declare const reject: RejectedRow;
 * console.error(rejectInWords(reject)); // line 3, phoneNumber (an empty text): Write a number ...
 * ```
 */
export function rejectInWords({ line, faults }: RejectedRow): string {
  const each = faults.map(({ column, shape, remedy }) => `${column} (${shape}): ${remedy}`);
  return `line ${line}, ${each.join(" ")}`;
}
