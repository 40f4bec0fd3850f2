import { constants } from "node:os";

/** Ends within this time are one: a terminal signals everyone in the foreground, and package managers pass it on again. */
const sameMs = 750;
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Why the demo is to end before its time. */
export class Interruption extends Error {
  /** The exit code: 128 and the signal's number, as shells have it; 1 after a crash. */
  readonly exitCode: number;

  constructor(message: string, exitCode: number, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/**
 * A signal that is aborted when the program is told to end (Ctrl-C, SIGTERM, SIGHUP, a closed output) or crashes, so that
 * everything can be cleared away. The second time the program ends at once: what `exit` listeners clear away is cleared
 * away even then.
 */
export function interruptionSignal(tell: (text: string) => void): AbortSignal {
  const control = new AbortController();
  let toldAt = Number.NEGATIVE_INFINITY;
  for (const name of signals) {
    process.on(name, () => {
      const exitCode = 128 + constants.signals[name];
      if (!control.signal.aborted) {
        toldAt = performance.now();
        tell(`${name}: clearing away, one moment (again to end at once)`);
        control.abort(new Interruption(name, exitCode));
      } else if (performance.now() - toldAt > sameMs) {
        process.exit(exitCode);
      }
    });
  }
  process.on("uncaughtException", (error) => {
    if (control.signal.aborted) return;
    control.abort(new Interruption(`crashed: ${error.stack ?? error.message}`, 1, { cause: error }));
  });
  // Whoever reads along has gone (`demo | head`): there is nobody to show it to.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", () => {
      if (!control.signal.aborted) control.abort(new Interruption("the output was closed", 1));
    });
  }
  return control.signal;
}
