import { plainField } from "./csv-field.ts";
import { type CsvRecord, csvRecords } from "./csv-record.ts";
import { normalisedColumn, type RawList, type RawRow } from "./raw-row.ts";
import { firstLines, linesFrom, type TextLine } from "./text-lines.ts";

const separators = [",", ";", "\t", "|"] as const;

/** The separator that stands most often in the first line; spreadsheets of many countries write semicolons. */
function separatorOf(firstLine: string): string {
  const unquoted = firstLine.replace(/"(?:[^"]|"")*"/g, "");
  const counts = separators.map((separator) => unquoted.split(separator).length);
  return separators[counts.indexOf(Math.max(...counts))] ?? ",";
}

function rowOf({ line, fields, text }: CsvRecord, columns: readonly string[]): RawRow {
  if (!fields) {
    const remedy = "Close every quote, and double a quote inside of a quoted field.";
    return { line, values: undefined, fields: [text], fault: { code: "quotes", remedy } };
  }
  if (fields.slice(columns.length).some((field) => field !== "")) {
    const remedy = "Put a field that holds the separator into quotes.";
    return { line, values: undefined, fields, fault: { code: "field-count", remedy } };
  }
  const values = columns.map((column, index): [string, string] => [column, plainField(fields[index] ?? "")]);
  return { line, values: new Map(values), fields };
}

function isEmpty({ fields }: CsvRecord): boolean {
  return fields?.every((field) => field === "") ?? false;
}

/**
 * Reads a CSV list: its first line names the columns; `sep=;`, as Excel understands it, may go before it.
 *
 * @param first - the first lines, as far as they were read
 * @param rest - the lines after these
 */
export async function csvList(
  first: readonly TextLine[],
  rest: AsyncIterator<readonly TextLine[]>,
): Promise<RawList> {
  const named = /^sep=(.)$/i.exec(first[0]?.text.trim() ?? "")?.[1];
  const head = named === undefined ? first : await firstLines(rest, first.slice(1));
  const batches = csvRecords(linesFrom(head, rest), named ?? separatorOf(head[0]?.text ?? ""));
  let records: readonly CsvRecord[] = [];
  while (records.length === 0) {
    const next = await batches.next();
    if (next.done) break;
    records = [...next.value];
  }
  const [header, ...beside] = records;
  const columns = (header?.fields ?? []).map(normalisedColumn);
  function* rowsOf(some: Iterable<CsvRecord>): Generator<RawRow> {
    // A spreadsheet's rows below the last one: separators and nothing between them.
    for (const record of some) if (!isEmpty(record)) yield rowOf(record, columns);
  }
  async function* rows(): AsyncGenerator<Iterable<RawRow>> {
    yield rowsOf(beside);
    for await (const some of batches) yield rowsOf(some);
  }
  return { header: header?.fields ?? [], rows: rows() };
}
