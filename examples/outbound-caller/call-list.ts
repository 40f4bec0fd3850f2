import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { SipVoiceError } from "@clinic/sip-voice";
import {
  type CallListRow,
  optionalColumns,
  type RejectedRow,
  readRow,
  requiredColumns,
} from "./call-list-row.ts";
import { csvRecords } from "./csv-records.ts";

/** What a file comes to. */
export interface CallList {
  /** The rows that can be called, in the file's order. */
  readonly rows: readonly CallListRow[];
  /** What is wrong with the others. */
  readonly rejected: readonly RejectedRow[];
}

/** How the list is written. */
export type CallListFormat = "csv" | "json";

/** A row before it is checked: its place, and its values by normalised column name, or why it has none. */
interface RawRow {
  readonly place: string;
  readonly values?: ReadonlyMap<string, string>;
  readonly problem?: string;
}

/** An error of the list as a whole. */
function unreadable(message: string, remedy: string, cause?: unknown): SipVoiceError {
  return new SipVoiceError("invalid-option", message, { field: "list", remedy, cause });
}

/** `Phone_Number`, `phone number` and `phoneNumber` are one column. */
const normalised = (column: string): string => column.toLowerCase().replace(/[\s_-]/g, "");

/**
 * Reads a call list. Its format goes by the name's ending: `.json`, everything else is CSV.
 *
 * @throws SipVoiceError `invalid-option` when nothing of it can be read
 */
export async function readCallList(path: string): Promise<CallList> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    const code = (cause as { code?: string }).code;
    const remedy = code === "ENOENT" ? "Check its path." : "Name a file that this user may read.";
    throw unreadable(`The call list can't be read (${code ?? "unknown error"}).`, remedy, cause);
  });
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw unreadable("The call list is not UTF-8.", 'Save it as "CSV UTF-8".', cause);
  }
  return parseCallList(text, extname(path).toLowerCase() === ".json" ? "json" : "csv");
}

/**
 * Reads the text of a call list. A row that is wrong is rejected and does not stop the others.
 *
 * @throws SipVoiceError `invalid-option` when nothing of it can be read
 */
export function parseCallList(text: string, format: CallListFormat): CallList {
  const rows: CallListRow[] = [];
  const rejected: RejectedRow[] = [];
  const places = new Map<string, string>();
  for (const { place, values, problem } of format === "json" ? jsonRows(text) : csvRows(text)) {
    if (!values) {
      rejected.push({ place, field: "row", reason: problem ?? "" });
      continue;
    }
    const read = readRow(place, (column) => values.get(normalised(column)) ?? "");
    if ("rejected" in read) {
      rejected.push(...read.rejected);
      continue;
    }
    const first = places.get(read.row.attemptId);
    if (first !== undefined) {
      const reason = `The same appointment stands in ${first}; take one of the two out.`;
      rejected.push({ place, field: "appointmentId", reason });
      continue;
    }
    places.set(read.row.attemptId, place);
    rows.push(read.row);
  }
  return { rows, rejected };
}

function csvRows(text: string): RawRow[] {
  const [header, ...records] = csvRecords(text);
  // A list without a header line has a patient's data in its place: it is not repeated.
  const columns = (header?.fields ?? []).map(normalised);
  const missing = requiredColumns.filter((column) => !columns.includes(normalised(column)));
  if (missing.length > 0) {
    const all = requiredColumns.join(",");
    throw unreadable(
      `The call list's first line lacks ${missing.join(", ")}.`,
      `Begin the file with ${all}.`,
    );
  }
  const known = [...requiredColumns, ...optionalColumns];
  const twice = known.filter((column) => columns.filter((one) => one === normalised(column)).length > 1);
  if (twice.length > 0) {
    throw unreadable(`The call list has two columns ${twice.join(", ")}.`, "Take one of the two out.");
  }
  return records.map(({ line, fields, problem }) => {
    const place = `line ${line}`;
    if (problem !== undefined) return { place, problem };
    if (fields.slice(columns.length).some((field) => field !== "")) {
      const counts = `${fields.length} fields, the first line ${columns.length}`;
      return { place, problem: `It has ${counts}. Put a field that holds a separator into quotes.` };
    }
    return { place, values: new Map(columns.map((column, index) => [column, fields[index] ?? ""])) };
  });
}

function jsonRows(text: string): RawRow[] {
  let list: unknown;
  try {
    list = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (cause) {
    // Only the place: the message quotes the file.
    const at = /line \d+ column \d+/.exec((cause as Error).message)?.[0];
    throw unreadable(
      `The call list is not JSON${at ? `: see ${at}` : ""}.`,
      "Write a list of objects.",
      cause,
    );
  }
  if (!Array.isArray(list)) throw unreadable("The call list is not a JSON list.", "Write a list of objects.");
  return list.map((item: unknown, index) => {
    const place = `item ${index + 1}`;
    if (typeof item !== "object" || item === null || Array.isArray(item)) {
      return { place, problem: `It is not an object with ${requiredColumns.join(", ")}.` };
    }
    const entries = Object.entries(item).filter(([, value]) => ["string", "number"].includes(typeof value));
    return {
      place,
      values: new Map(entries.map(([column, value]) => [normalised(column), String(value).trim()])),
    };
  });
}
