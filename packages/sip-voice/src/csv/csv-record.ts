import { type Options, parse } from "csv-parse/sync";
import type { TextLine } from "./text-lines.ts";

/** One record of a CSV text: its fields, or none when its quotes don't match. */
export interface CsvRecord {
  /** The line on which it begins, from 1. */
  readonly line: number;
  /** Its fields; `undefined` when it could not be read. */
  readonly fields: readonly string[] | undefined;
  /** The record as it stands there. */
  readonly text: string;
}

/** So many lines may one quoted field run over. */
const mostLines = 20;

interface Span {
  readonly line: number;
  readonly text: string;
  /** The lines that it was made of, when there are several. */
  readonly lines: readonly TextLine[];
}

function fieldsOf(text: string, delimiter: string): readonly (readonly string[])[] | undefined {
  const options = {
    delimiter,
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
  } as const satisfies Options;
  try {
    return parse(text, options);
  } catch {
    return undefined;
  }
}

function quotesIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) count++;
  return count;
}

/** The records of several spans, parsed together: one by one takes several times as long. */
function* recordsOf(spans: readonly Span[], delimiter: string): Generator<CsvRecord> {
  const all = fieldsOf(spans.map(({ text }) => text).join("\n"), delimiter);
  if (all?.length === spans.length) {
    for (const [index, { line, text }] of spans.entries()) yield { line, fields: all[index], text };
  } else for (const span of spans) yield* recordsAlone(span, delimiter);
}

function* recordsAlone({ line, text, lines }: Span, delimiter: string): Generator<CsvRecord> {
  const [fields, ...more] = fieldsOf(text, delimiter) ?? [];
  if (fields && more.length === 0) yield { line, fields, text };
  else if (lines.length > 1) yield* linesAlone(lines, delimiter);
  else yield { line, fields: undefined, text };
}

/** What looked like one record of several lines was none: each line stands for itself. */
function* linesAlone(lines: readonly TextLine[], delimiter: string): Generator<CsvRecord> {
  for (const { number, text } of lines) {
    if (text.trim() !== "") yield* recordsAlone({ line: number, text, lines: [] }, delimiter);
  }
}

/**
 * Reads CSV (RFC 4180, with any separator), some records at a time. A quote that is not closed takes only its own line along
 * and not the rest of the file; empty lines are left out.
 */
export async function* csvRecords(
  lines: AsyncIterable<readonly TextLine[]>,
  delimiter: string,
): AsyncGenerator<Iterable<CsvRecord>> {
  let spans: Span[] = [];
  let open: TextLine[] = [];
  for await (const some of lines) {
    for (const line of some) {
      if (open.length === 0 && line.text.trim() === "") continue;
      open.push(line);
      const text = open.length === 1 ? line.text : open.map((one) => one.text).join("\n");
      const isClosed = quotesIn(text) % 2 === 0;
      if (!isClosed && open.length < mostLines) continue;
      if (isClosed) spans.push({ line: open[0]?.number ?? line.number, text, lines: open });
      else {
        yield recordsOf(spans, delimiter);
        yield linesAlone(open, delimiter);
        spans = [];
      }
      open = [];
    }
    // A piece of the text at a time: its records, but for the one that goes on in the next.
    yield recordsOf(spans, delimiter);
    spans = [];
  }
  yield linesAlone(open, delimiter);
}
