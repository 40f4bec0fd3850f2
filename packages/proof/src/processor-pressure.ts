import { readFileSync } from "node:fs";

/**
 * For how long, in milliseconds since the machine was started, something that could run waited for a processor; `undefined` where
 * the operating system does not tell (Linux does: Documentation/accounting/psi.rst).
 */
export function waitedForProcessor(file = "/proc/pressure/cpu"): number | undefined {
  try {
    const total = /^some .*total=(\d+)/m.exec(readFileSync(file, "utf8"))?.[1];
    return total === undefined ? undefined : Number(total) / 1_000;
  } catch {
    return undefined;
  }
}

/** Starts to watch; gives the share of the time since then for which something waited for a processor, 0 where that is not known. */
export function watchPressure(now = () => performance.now(), waited = waitedForProcessor): () => number {
  const [at, before] = [now(), waited()];
  return () => {
    const [ms, after] = [now() - at, waited()];
    return before === undefined || after === undefined || ms <= 0 ? 0 : (after - before) / ms;
  };
}
