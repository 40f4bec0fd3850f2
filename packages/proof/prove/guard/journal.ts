import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { nameOf, type TriedEnd, type TriedFailure } from "./tried-failure.ts";

/** What was tried in this run and in those before it that had the same file: a line of JSON for each. */
export class GuardJournal {
  readonly #file: string | undefined;
  readonly #calls = new Map<string, TriedFailure>();
  readonly #ends: TriedEnd[] = [];
  #unfit = 0;

  /** Reads what is there; without a file it only remembers. */
  constructor(file: string | undefined) {
    this.#file = file;
    if (file === undefined || !existsSync(file)) return;
    for (const line of readFileSync(file, "utf8").split("\n")) {
      if (line !== "") this.#take(JSON.parse(line) as TriedFailure | TriedEnd);
    }
  }

  /** What was tried, whenever that was. */
  get calls(): readonly TriedFailure[] {
    return [...this.#calls.values()];
  }

  /** How many calls were made once more. */
  get unfit(): number {
    return this.#unfit;
  }

  /** What was left each time. */
  get ends(): readonly TriedEnd[] {
    return this.#ends;
  }

  /** Whether a failure was tried; one whose call could not be made as planned was not. */
  has(name: string): boolean {
    return this.#calls.get(name)?.seen !== undefined;
  }

  /** Keeps what was seen. */
  add(entry: TriedFailure | TriedEnd): void {
    this.#take(entry);
    if (this.#file !== undefined) appendFileSync(this.#file, `${JSON.stringify(entry)}\n`);
  }

  #take(entry: TriedFailure | TriedEnd): void {
    if ("planned" in entry) {
      this.#calls.set(nameOf(entry.planned), entry);
      if (entry.unfit) this.#unfit += 1;
    } else this.#ends.push(entry);
  }
}
