/** Ctrl-C, a request to end, and a terminal that was closed. */
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** The terminal and the package manager both pass one key press on, the latter also as SIGTERM. */
const sameKeyPressMs = 500;

/** Calls `stop` at the first Ctrl-C, and ends the program at the second. Listens to the end: the same key press may come late. */
export function onFirstInterrupt(stop: () => void): void {
  let first: number | undefined;
  const listen = (): void => {
    const now = performance.now();
    if (first === undefined) {
      first = now;
      stop();
    } else if (now - first >= sameKeyPressMs) process.exit(1);
  };
  for (const signal of signals) process.on(signal, listen);
}
