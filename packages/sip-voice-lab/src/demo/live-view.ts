import type { Writable } from "node:stream";
import { styleText } from "node:util";

/** Who or what a line of the live view is about. */
export type Speaker = "patient" | "agent" | "model" | "event" | "good" | "bad";

type Style = Parameters<typeof styleText>[0];

const styles: Readonly<Record<Speaker, Style>> = {
  patient: "cyan",
  agent: "green",
  model: "magenta",
  event: "gray",
  good: ["green", "bold"],
  bad: ["red", "bold"],
};

/** Shows the demo while it goes on: one plain line for each thing that happens, with the time and the call in front. */
export class LiveView {
  readonly #stream: (Writable & { isTTY?: boolean }) | undefined;
  readonly #startedAt = performance.now();
  readonly #width: number;
  #lastProgress = { subject: "", at: Number.NEGATIVE_INFINITY };
  #overwrites = false;

  /** Writes to a stream, or nowhere. `names` are the calls' names, for the width of their column. */
  constructor(stream: Writable | undefined, names: readonly string[]) {
    this.#stream = stream;
    this.#width = Math.max(...names.map((name) => name.length), 4);
  }

  /** Something happened on a call. */
  show(call: string, speaker: Speaker, text: string): void {
    const seconds = ((performance.now() - this.#startedAt) / 1000).toFixed(1).padStart(6);
    const head = this.styled("gray", `${seconds} s  `) + this.styled("bold", call.padEnd(this.#width));
    this.print(`${head}  ${this.styled(styles[speaker], text)}`);
  }

  /** A line of its own. */
  print(text: string): void {
    if (this.#overwrites) this.#stream?.write("\r\x1b[K");
    this.#overwrites = false;
    this.#stream?.write(`${text}\n`);
  }

  /**
   * What is being prepared. What repeats every second, such as the progress of a build, overwrites itself on a terminal
   * and is told every fifteen seconds elsewhere.
   */
  progress(text: string): void {
    const subject = text.split(":")[0] ?? text;
    const repeats = subject === this.#lastProgress.subject;
    if (this.#stream?.isTTY) {
      if (!repeats) this.print(`  ${text}`);
      else this.#stream.write(`${this.#overwrites ? "\r\x1b[K" : "\x1b[1A\r\x1b[K"}  ${text}`);
      this.#overwrites = repeats;
    } else if (!repeats || performance.now() - this.#lastProgress.at >= 15_000) {
      this.print(`  ${text}`);
    } else {
      return;
    }
    this.#lastProgress = { subject, at: performance.now() };
  }

  /** Text in a style, where the stream shows styles (a terminal, and NO_COLOR is not set). */
  styled(style: Style, text: string): string {
    return this.#stream ? styleText(style, text, { stream: this.#stream }) : text;
  }
}
