import type { Clock } from "@clinic/sip-voice";

/** Ctrl-C, a request to end, and a terminal that was closed. */
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** What tells of Ctrl-C: the process. */
interface InterruptSource {
  on(signal: (typeof signals)[number], listener: () => void): unknown;
  off(signal: (typeof signals)[number], listener: () => void): unknown;
}

/** The terminal and the package manager both pass one key press on, the latter also as SIGTERM. */
const sameKeyPressMs = 500;

/** What Ctrl-C does the first, the second and the third time. */
interface InterruptSteps {
  readonly stop: () => void;
  readonly hangUp: () => void;
  readonly quit: () => void;
}

/** Listens for Ctrl-C; returns what ends the listening. */
export function onInterrupts(source: InterruptSource, clock: Clock, steps: InterruptSteps): () => void {
  let last: number | undefined;
  const waiting = [steps.stop, steps.hangUp, steps.quit];
  const listen = (): void => {
    if (last !== undefined && clock.now() - last < sameKeyPressMs) return;
    last = clock.now();
    waiting.shift()?.();
  };
  for (const signal of signals) source.on(signal, listen);
  return () => {
    for (const signal of signals) source.off(signal, listen);
  };
}
