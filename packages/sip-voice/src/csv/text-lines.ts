import { SipVoiceError } from "../errors.ts";

/** A text as it is read: whole, or in pieces of bytes or characters, as `createReadStream(path)` gives them. */
export type TextSource =
  | string
  | Uint8Array
  | Iterable<string | Uint8Array>
  | AsyncIterable<string | Uint8Array>;

/** One line of a text. */
export interface TextLine {
  /** Its number, from 1. */
  readonly number: number;
  /** The line without its end. */
  readonly text: string;
}

/** The error of a file of which nothing, or nothing more, can be read. */
export function unreadable(message: string, remedy: string, cause?: unknown): SipVoiceError {
  return new SipVoiceError("invalid-option", message, { field: "list", remedy, cause });
}

/** What tells UTF-16 apart; a byte order mark of UTF-8 is left out by the decoder itself. */
function encodingOf(bytes: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  return "utf-8";
}

function decoded(decoder: InstanceType<typeof TextDecoder>, bytes: Uint8Array | undefined): string {
  try {
    return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode();
  } catch (cause) {
    throw unreadable("The file is not UTF-8.", 'Save it as "CSV UTF-8".', cause);
  }
}

/** The characters of a text, whatever its pieces are and wherever they are cut. */
export async function* charactersOf(source: TextSource): AsyncGenerator<string> {
  const pieces = typeof source === "string" || source instanceof Uint8Array ? [source] : source;
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  let isFirst = true;
  for await (const piece of pieces) {
    if (piece.length === 0) continue;
    if (typeof piece === "string") yield isFirst ? piece.replace(/^\uFEFF/, "") : piece;
    else {
      decoder ??= new TextDecoder(encodingOf(piece), { fatal: true });
      yield decoded(decoder, piece);
    }
    isFirst = false;
  }
  if (decoder) yield decoded(decoder, undefined);
}

/** A line longer than this is none: a file of another kind would else be gathered whole in memory. */
const longestLine = 1_000_000;

/**
 * The lines of a text, ended as Unix, Windows or the old Macintosh end them; all of a piece at once, as waiting for each line
 * takes longer than reading it.
 */
export async function* linesOf(source: TextSource): AsyncGenerator<readonly TextLine[]> {
  let number = 0;
  let rest = "";
  for await (const characters of charactersOf(source)) {
    rest += characters;
    // A carriage return at the very end may be half of the end of a line.
    const held = rest.endsWith("\r") ? "\r" : "";
    const lines = (held ? rest.slice(0, -1) : rest).split(/\r\n|\n|\r/);
    rest = (lines.pop() ?? "") + held;
    if (rest.length > longestLine) {
      const remedy = "Give a CSV file, or one JSON object a line.";
      throw unreadable("The file has a line that never ends.", remedy);
    }
    yield lines.map((text) => ({ number: ++number, text }));
  }
  if (rest !== "") yield [{ number: ++number, text: rest.replace(/\r$/, "") }];
}

/** The beginning of a text, from the first line that is not empty; nothing when there is none. */
export async function firstLines(
  lines: AsyncIterator<readonly TextLine[]>,
  before: readonly TextLine[] = [],
): Promise<readonly TextLine[]> {
  for (let some = before; ; ) {
    const begin = some.findIndex(({ text }) => text.trim() !== "");
    if (begin !== -1) return some.slice(begin);
    const next = await lines.next();
    if (next.done) return [];
    some = next.value;
  }
}

/** Lines that were taken out already, and the rest. */
export async function* linesFrom(
  first: readonly TextLine[],
  rest: AsyncIterator<readonly TextLine[]>,
): AsyncGenerator<readonly TextLine[]> {
  if (first.length > 0) yield first;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}
