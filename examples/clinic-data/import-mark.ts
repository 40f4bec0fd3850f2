import type { Stats } from "node:fs";
import { readFile, rename, rm, writeFile } from "node:fs/promises";

/** How far an import is. */
export interface MarkedPlace {
  /** The line after which to go on; 0 at the beginning. */
  readonly line: number;
  /** How long the file of rejects was then; what was written after that is written again. */
  readonly rejectsBytes: number;
}

const beginning: MarkedPlace = { line: 0, rejectsBytes: 0 };

/**
 * How far an import of a file is, kept beside it. It counts only for the file as it was, and for the same import: what was changed
 * meanwhile is read from the beginning, which does no harm, as nothing is added twice.
 */
export class ImportMark {
  readonly #path: string;
  readonly #of: string;

  constructor(path: string, { size, mtimeMs }: Stats, what: readonly string[]) {
    this.#path = path;
    this.#of = JSON.stringify([size, mtimeMs, ...what]);
  }

  /** The place to go on from. */
  async read(): Promise<MarkedPlace> {
    try {
      const { of, line, rejectsBytes } = JSON.parse(await readFile(this.#path, "utf8")) as MarkedPlace & {
        of: string;
      };
      const isOurs = of === this.#of && Number.isSafeInteger(line) && Number.isSafeInteger(rejectsBytes);
      return isOurs ? { line, rejectsBytes } : beginning;
    } catch {
      return beginning;
    }
  }

  /** Keeps a place; never by halves. */
  async write({ line, rejectsBytes }: MarkedPlace): Promise<void> {
    await writeFile(`${this.#path}.new`, JSON.stringify({ of: this.#of, line, rejectsBytes }));
    await rename(`${this.#path}.new`, this.#path);
  }

  /** The import is complete. */
  async remove(): Promise<void> {
    await rm(this.#path, { force: true });
  }
}
