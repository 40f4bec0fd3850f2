/** When and how a runner's process ends itself, and what it had been told to keep by then. */
import { writeSync } from "node:fs";

/** Where a process dies: at the `occurrence`th time that it comes to a point, or after some time. */
export type Death = { readonly point: string; readonly occurrence: number } | { readonly afterMs: number };

/** What a process writes down, at once and for others to read, about itself. */
export type DeathNote = { readonly died: string } | { readonly reserved: string };

/** How long a process that is to die works at the most. */
const longestLifeMs = 8_000;
/** How long into a port's call the point `within` is. */
const withinMs = 120;

/** Ends this process as the operating system would: nothing runs after it, nothing is flushed. */
function die(point: string, notes: number): void {
  writeSync(notes, `${JSON.stringify({ died: point } satisfies DeathNote)}\n`);
  process.kill(process.pid, "SIGKILL");
}

/** Counts the points that a process comes to, and ends it at the one that was chosen. */
export class Mortality {
  readonly #death: Death | undefined;
  readonly #notes: number;
  readonly #times = new Map<string, number>();

  /** @param notes - an open file, for {@link DeathNote}s, a line each */
  constructor(death: Death | undefined, notes: number) {
    this.#death = death;
    this.#notes = notes;
    // A point may not come in this life: then anywhere.
    if (death) setTimeout(() => die("at random", notes), "afterMs" in death ? death.afterMs : longestLifeMs);
  }

  /**
   * A port with a point before, after and, for what takes long, within each of its calls. It stands around the real port, in
   * this process alone: the code that is proven knows nothing of it.
   */
  around<Port extends object>(name: string, port: Port): Port {
    return new Proxy(port, {
      get: (target, key) => {
        const method: unknown = Reflect.get(target, key);
        if (typeof method !== "function" || typeof key === "symbol") return method;
        return (...values: unknown[]): unknown =>
          this.#call(`${name}.${key}`, () => method.apply(target, values));
      },
    });
  }

  #call(step: string, call: () => unknown): unknown {
    this.#reach(`before ${step}`);
    const within = this.#isChosen(`within ${step}`)
      ? setTimeout(() => this.#reach(`within ${step}`), withinMs)
      : undefined;
    const result = call();
    if (!(result instanceof Promise)) return result;
    return result
      .then((value: unknown) => {
        this.#note(step, value);
        return value;
      })
      .finally(() => {
        clearTimeout(within);
        this.#reach(`after ${step}`);
      });
  }

  /** What the ledger acknowledged must not be lost. */
  #note(step: string, value: unknown): void {
    if (step !== "ledger.reserve") return;
    const { kind, attempt } = value as { kind: string; attempt?: { attemptId: string } };
    if (kind === "reserved" && attempt) {
      writeSync(this.#notes, `${JSON.stringify({ reserved: attempt.attemptId } satisfies DeathNote)}\n`);
    }
  }

  #isChosen(point: string): boolean {
    return this.#death !== undefined && "point" in this.#death && this.#death.point === point;
  }

  #reach(point: string): void {
    const times = (this.#times.get(point) ?? 0) + 1;
    this.#times.set(point, times);
    const death = this.#death;
    if (death && "point" in death && death.point === point && death.occurrence === times)
      die(point, this.#notes);
  }
}
