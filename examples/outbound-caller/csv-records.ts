import { type Options, parse } from "csv-parse/sync";

/** One line of a CSV file. */
export interface CsvRecord {
  /** The line on which it ends, from 1. */
  readonly line: number;
  /** Its fields; none when it could not be read. */
  readonly fields: readonly string[];
  /** Why it could not be read. */
  readonly problem?: string;
}

const separators = [",", ";", "\t"] as const;

/** The separator that the first line uses; spreadsheets of many countries write semicolons. */
function separatorOf(text: string): string {
  const [firstLine = ""] = text.split(/\r\n?|\n/, 1);
  const counts = separators.map((separator) => firstLine.split(separator).length);
  return separators[counts.indexOf(Math.max(...counts))] ?? ",";
}

/** Reads CSV (RFC 4180, with `;` or tabs too), the header line included, with or without a byte order mark. */
export function csvRecords(text: string): CsvRecord[] {
  const plain = text.replace(/^\uFEFF/, "");
  const options = {
    delimiter: separatorOf(plain),
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
    info: true,
  } as const satisfies Options;
  try {
    return recordsOf(plain, options).map(({ record, info }) => ({ line: info.lines, fields: record }));
  } catch {
    // One quote that is not closed would take every line after it along: line by line it takes only its own.
    return plain.split(/\r\n?|\n/).flatMap((line, index) => recordOfLine(line, index + 1, options));
  }
}

/** What csv-parse gives with `info`, which its types do not know. */
function recordsOf(text: string, options: Options) {
  return parse(text, options) as unknown as readonly { record: string[]; info: { lines: number } }[];
}

function recordOfLine(text: string, line: number, options: Options): CsvRecord[] {
  try {
    const [found] = recordsOf(text, options);
    return found ? [{ line, fields: found.record }] : [];
  } catch {
    return [
      { line, fields: [], problem: "Its quotes do not match. Double a quote inside of a quoted field." },
    ];
  }
}
