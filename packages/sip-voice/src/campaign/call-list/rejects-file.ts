import { csvRecord } from "../../csv/csv-field.ts";
import type { CallListEntry } from "../call-list.ts";
import type { RejectedRow } from "./row-fault.ts";

function reasonsOf({ faults }: RejectedRow): string {
  return faults.map(({ column, remedy }) => `${column}: ${remedy}`).join(" ");
}

/**
 * The rejects of a list as a CSV file for the people who mend it: the line, what is wrong, and the row as it was. Columns
 * are those of the list, so the mended file can be read as a list again. What a spreadsheet would run as a formula has an
 * apostrophe before it, which `readCallList` takes away. **The file holds patients' data.**
 *
 * @param entries - what `readCallList` gives, or its rejects
 * @returns pieces of text, as they become known; nothing when there are no rejects
 * @example
 * ```ts
 * import { createReadStream, createWriteStream } from "node:fs";
 * import { pipeline } from "node:stream/promises";
 * import { readCallList, rejectsCsv } from "@clinic/sip-voice";
 *
 * const list = readCallList(createReadStream("list.csv"));
 * await pipeline(rejectsCsv(list), createWriteStream("list.rejects.csv", { mode: 0o600 }));
 * ```
 */
export async function* rejectsCsv(
  entries: Iterable<CallListEntry> | AsyncIterable<CallListEntry>,
): AsyncGenerator<string> {
  let isFirst = true;
  for await (const entry of entries) {
    if (entry.type !== "reject") continue;
    if (isFirst) yield `\uFEFF${csvRecord(["line", "reason", ...entry.header])}`;
    isFirst = false;
    yield csvRecord([String(entry.reject.line), reasonsOf(entry.reject), ...entry.reject.fields]);
  }
}
