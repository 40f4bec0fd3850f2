import { createInterface, type Interface } from "node:readline";
import type { Readable, Writable } from "node:stream";

/** Whoever answers questions: a person at the keyboard, or lines that are piped in. */
export interface Terminal {
  /** Asks and gives the next line; `undefined` at the end of them. A secret is not shown while it is typed. */
  ask(question: string, options?: { readonly secret?: boolean }): Promise<string | undefined>;
  /** Lets go of the input, so that the process can end. */
  close(): void;
}

/** Opens a terminal. Nothing is read before the first question; piped lines are kept until they are asked for. */
export function openTerminal(input: Readable & { readonly isTTY?: boolean }, output: Writable): Terminal {
  let lines: Interface | undefined;
  let reader: AsyncIterator<string> | undefined;
  return {
    async ask(question, { secret = false } = {}) {
      if (input.isTTY === true) return await askPerson(question, secret, input, output);
      lines ??= createInterface({ input, terminal: false });
      reader ??= lines[Symbol.asyncIterator]();
      output.write(question);
      const { value, done } = await reader.next();
      return done ? undefined : value;
    },
    close: () => lines?.close(),
  };
}

async function askPerson(
  question: string,
  secret: boolean,
  input: Readable,
  output: Writable,
): Promise<string | undefined> {
  const prompts = await import("@inquirer/prompts");
  const message = question.trim();
  try {
    return await (secret
      ? prompts.password({ message, mask: true }, { input, output })
      : prompts.input({ message }, { input, output }));
  } catch (error) {
    // Ctrl-C, or the end of the input.
    if ((error as Error).name === "ExitPromptError") return undefined;
    throw error;
  }
}
