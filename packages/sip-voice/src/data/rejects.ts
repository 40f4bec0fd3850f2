import { csvRecord } from "../csv/csv-field.ts";
import type { RejectedDataRow } from "./data-fault.ts";

/**
 * The first line of a file of rejected rows: the line, what is wrong, and the columns of the file that was imported, so that the
 * mended rows can be imported.
 *
 * @example
 * ```ts
 * import { rejectsHeaderCsv } from "@clinic/sip-voice/data";
 *
 * console.log(rejectsHeaderCsv(["id", "start"])); // "line","reason","id","start"
 * ```
 */
export function rejectsHeaderCsv(header: readonly string[]): string {
  return `\uFEFF${csvRecord(["line", "reason", ...header])}`;
}

/**
 * A rejected row as it was, after its line and what is wrong. **It holds a patient's data.** What a spreadsheet would run as a
 * formula has an apostrophe before it, which the import takes away.
 *
 * @example
 * ```ts
 * import { type RejectedDataRow, rejectedRowCsv } from "@clinic/sip-voice/data";
 *
 * declare const reject: RejectedDataRow;
 * process.stdout.write(rejectedRowCsv(reject));
 * ```
 */
export function rejectedRowCsv({ line, faults, fields }: RejectedDataRow): string {
  const reasons = faults.map(({ column, remedy }) => `${column}: ${remedy}`).join(" ");
  return csvRecord([String(line), reasons, ...fields]);
}
