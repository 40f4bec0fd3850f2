import { normalisedColumn, type RawRow } from "../../csv/raw-row.ts";
import { linesFrom, type TextLine, unreadable } from "../../csv/text-lines.ts";

function rowOf(item: unknown, line: number): RawRow {
  if (typeof item !== "object" || item === null || Array.isArray(item)) {
    const fault = {
      code: "not-an-object",
      remedy: "Write an object with the columns as its fields.",
    } as const;
    return { line, values: undefined, fields: [JSON.stringify(item) ?? ""], fault };
  }
  const scalars = Object.entries(item).filter(([, value]) => ["string", "number"].includes(typeof value));
  const values = scalars.map(([column, value]): [string, string] => [
    normalisedColumn(column),
    String(value).trim(),
  ]);
  return { line, values: new Map(values), fields: [JSON.stringify(item)] };
}

/** Where the text stops being JSON; the parser's own words quote it. */
function placeIn(cause: unknown): string {
  const place = /line \d+ column \d+/.exec((cause as Error).message)?.[0];
  return place ? `: see ${place}` : "";
}

/** A JSON list whole: JSON can't be read in pieces. A long list is one object a line. */
async function* wholeList(lines: AsyncIterable<readonly TextLine[]>): AsyncGenerator<Iterable<RawRow>> {
  const texts: string[] = [];
  for await (const some of lines) for (const { text } of some) texts.push(text);
  let list: readonly unknown[];
  try {
    list = JSON.parse(texts.join("\n"));
  } catch (cause) {
    throw unreadable(`The call list is not JSON${placeIn(cause)}.`, "Write a list of objects.", cause);
  }
  yield list.map((item, index) => rowOf(item, index + 1));
}

async function* objectsByLine(lines: AsyncIterable<readonly TextLine[]>): AsyncGenerator<Iterable<RawRow>> {
  for await (const some of lines) yield some.filter(({ text }) => text.trim() !== "").map(rowOfLine);
}

function rowOfLine({ number, text }: TextLine): RawRow {
  try {
    return rowOf(JSON.parse(text), number);
  } catch {
    const fault = { code: "not-an-object", remedy: "Write one JSON object on each line." } as const;
    return { line: number, values: undefined, fields: [text], fault };
  }
}

/** Reads a JSON list of objects, or one object a line (JSON Lines). */
export function jsonRows(
  first: readonly TextLine[],
  rest: AsyncIterator<readonly TextLine[]>,
): AsyncIterable<Iterable<RawRow>> {
  const beginning = first[0]?.text.trimStart()[0];
  const lines = linesFrom(first, rest);
  if (beginning === "[") return wholeList(lines);
  if (beginning === "{") return objectsByLine(lines);
  throw unreadable("The call list is not JSON.", "Write a list of objects, or one object a line.");
}
