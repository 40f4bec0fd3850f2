/** A row of a file before anything in it was understood. */
export interface RawRow {
  /** The line on which it begins, from 1; of a JSON list the number of its item. */
  readonly line: number;
  /** Its values by the columns' normalised names; `undefined` when it could not be read. */
  readonly values: ReadonlyMap<string, string> | undefined;
  /** Its fields as they stood there, in order. */
  readonly fields: readonly string[];
  /** Why it could not be read, when it could not. */
  readonly fault?: { readonly code: "quotes" | "field-count" | "not-an-object"; readonly remedy: string };
}

/** What stands at the head of a list, and its rows. */
export interface RawList {
  /** The columns as they are written. */
  readonly header: readonly string[];
  /** The rows in order, some at a time; they can be read once. */
  readonly rows: AsyncIterable<Iterable<RawRow>>;
}

/** `Phone_Number`, `phone number` and `phoneNumber` are one column. */
export function normalisedColumn(column: string): string {
  return column.toLowerCase().replace(/[\s_.-]/g, "");
}
