import type { Clock } from "@clinic/sip-voice";

/** What tells of Ctrl-C: the process. */
interface InterruptSource {
  on(signal: "SIGINT" | "SIGTERM", listener: () => void): unknown;
  off(signal: "SIGINT" | "SIGTERM", listener: () => void): unknown;
}

/** The terminal and the package manager may both pass one key press on. */
const sameKeyPressMs = 300;

/**
 * Ctrl-C (or SIGTERM) once: `stop`. Twice: `hangUp`. After that the process takes the third as any other does.
 * Returns what ends the listening.
 */
export function onInterrupts(
  source: InterruptSource,
  clock: Clock,
  { stop, hangUp }: { readonly stop: () => void; readonly hangUp: () => void },
): () => void {
  let last: number | undefined;
  let count = 0;
  const listen = (): void => {
    if (last !== undefined && clock.now() - last < sameKeyPressMs) return;
    last = clock.now();
    count += 1;
    if (count === 1) stop();
    else {
      end();
      hangUp();
    }
  };
  const end = (): void => {
    source.off("SIGINT", listen);
    source.off("SIGTERM", listen);
  };
  source.on("SIGINT", listen);
  source.on("SIGTERM", listen);
  return end;
}
