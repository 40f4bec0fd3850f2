import { csvList } from "../csv/csv-list.ts";
import { normalisedColumn, type RawList, type RawRow } from "../csv/raw-row.ts";
import { firstLines, linesOf, type TextSource, unreadable } from "../csv/text-lines.ts";
import { type CallingPolicy, defaultCallingPolicy } from "../policy/calling-policy.ts";
import type { Consent } from "../policy/contact-preferences.ts";
import { jsonRows } from "./call-list/json-list.ts";
import { type CallListColumn, examineRow, optionalColumns, requiredColumns } from "./call-list/list-row.ts";
import { ListedContacts } from "./call-list/listed-contacts.ts";
import type { RejectedRow, RowFault } from "./call-list/row-fault.ts";
import type { CampaignContact } from "./contact.ts";

/** How a list is read. */
export interface CallListOptions {
  /** `csv` unless given; `json` is a list of objects, or one object a line. */
  readonly format?: "csv" | "json";
  /** What the list calls its columns, where that is not their own name: `{ phoneNumber: "Mobile no." }`. */
  readonly columns?: Partial<Record<CallListColumn, string>>;
  /** ISO 3166-1 alpha-2 country of numbers that are written without `+`; such numbers are rejected unless it is given. */
  readonly defaultCountry?: string;
  /** The consent of everybody on the list whose row names none; without it what is on record counts. */
  readonly consent?: Consent;
  /** The rules that the campaign will go by, for the numbers that it would never dial; the default ones unless given. */
  readonly policy?: Pick<CallingPolicy, "destinations">;
}

/** What one row of a list comes to. */
export type CallListEntry =
  /**
   * Somebody to call. A number is called once: when it stands in a later row again, as in a family, its contact is given
   * again with that appointment too, and `again` says so; `addContacts` of a campaign store then changes it.
   */
  | {
      readonly type: "contact";
      readonly line: number;
      readonly contact: CampaignContact;
      readonly again: boolean;
    }
  /** A row that can't be called; `header` names its columns. */
  | { readonly type: "reject"; readonly reject: RejectedRow; readonly header: readonly string[] };

function checkHeader(header: readonly string[], nameOf: (column: CallListColumn) => string): void {
  const columns = header.map(normalisedColumn);
  const stands = (column: CallListColumn): number =>
    columns.filter((one) => one === normalisedColumn(nameOf(column))).length;
  // A list without a header line has a patient's data in its place: it is not repeated.
  const missing = requiredColumns.filter((column) => stands(column) === 0);
  if (missing.length > 0) {
    const names = missing.map(nameOf).join(", ");
    const remedy = `Begin the file with ${requiredColumns.map(nameOf).join(",")}, or say in \`columns\` what they are called.`;
    throw unreadable(`The call list's first line lacks ${names}.`, remedy);
  }
  const twice = [...requiredColumns, ...optionalColumns].filter((column) => stands(column) > 1);
  if (twice.length > 0) {
    throw unreadable(
      `The call list has two columns ${twice.map(nameOf).join(", ")}.`,
      "Take one of the two out.",
    );
  }
}

/** The list with its columns, whatever it is written in; no list when the text is empty. */
async function rawList(source: TextSource, format: "csv" | "json"): Promise<RawList> {
  const lines = linesOf(source);
  const first = await firstLines(lines);
  if (first.length === 0)
    throw unreadable("The call list is empty.", "Begin it with a line that names the columns.");
  if (format === "json") return { header: ["row"], rows: jsonRows(first, lines) };
  return await csvList(first, lines);
}

/**
 * Reads a call list row by row, however long it is: it is never in memory as a whole, only one contact for
 * each number. CSV may have a byte order mark, quotes, and `,`, `;`, tabs or `|` between the fields; UTF-8, or UTF-16 as Excel
 * writes it. A row that is wrong is given as a reject and does not stop the others; a number that stands there again is called
 * once.
 *
 * | column | |
 * |---|---|
 * | `phoneNumber` | E.164, or any usual spelling with `defaultCountry` |
 * | `appointmentId` | the appointment's id in the store |
 * | `consentBasis`, `consentRecordedAt` | optional: `given-at-booking`, `written` or `spoken`; RFC 3339 with an offset |
 * | `timeZone`, `place`, `language` | optional: `America/Denver`, `US-CO`, `en-US`; what the store knows of the patient goes before them |
 * | `priority` | optional: a whole number, the higher one goes first |
 *
 * @param source - the text or its pieces, as `createReadStream(path)` gives them
 * @throws SipVoiceError `invalid-option` when nothing of it can be read: no such columns, not UTF-8, not JSON. What the
 * source itself throws goes through as it is
 * @example
 * ```ts
 * import { createReadStream } from "node:fs";
 * import { readCallList, rejectInWords } from "@clinic/sip-voice";
 *
 * for await (const entry of readCallList(createReadStream("list.csv"), { defaultCountry: "US" })) {
 *   if (entry.type === "contact") console.log(entry.contact.appointments);
 *   if (entry.type === "reject") console.error(rejectInWords(entry.reject));
 * }
 * ```
 */
export async function* readCallList(
  source: TextSource,
  options: CallListOptions = {},
): AsyncGenerator<CallListEntry, void, undefined> {
  const { format = "csv", columns = {}, policy = defaultCallingPolicy, consent } = options;
  const rules = { defaultCountry: options.defaultCountry, destinations: policy.destinations };
  const nameOf = (column: CallListColumn): string => columns[column] ?? column;
  const list = await rawList(source, format);
  if (format === "csv") checkHeader(list.header, nameOf);
  const keys = new Map(
    [...requiredColumns, ...optionalColumns].map((one) => [one, normalisedColumn(nameOf(one))]),
  );
  const contacts = new ListedContacts();

  function entryOf(raw: RawRow): CallListEntry {
    const { line, values, fields, fault } = raw;
    const reject = (faults: readonly RowFault[]): CallListEntry => ({
      type: "reject",
      reject: { line, faults, fields },
      header: list.header,
    });
    if (!values || fault) {
      const { code = "quotes", remedy = "" } = fault ?? {};
      return reject([{ code, column: "row", shape: `${fields.length} fields`, remedy }]);
    }
    const examined = examineRow((column) => values.get(keys.get(column) ?? "") ?? "", rules);
    if ("faults" in examined) return reject(examined.faults);
    const { row } = examined;
    const listPlace = `${format === "csv" ? "line" : "item"} ${line}`;
    const added = contacts.add({ ...row, consent: row.consent ?? consent }, listPlace);
    if ("contact" in added) return { type: "contact", line, ...added };
    const shape = `the same as in ${added.duplicateOf}`;
    const remedy = "Take one of the two out.";
    return reject([{ code: "duplicate", column: "appointmentId", shape, remedy }]);
  }

  for await (const some of list.rows) for (const raw of some) yield entryOf(raw);
}
