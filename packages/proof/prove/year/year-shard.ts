/** Plays and checks a part of the year in a thread of its own. */
import { parentPort, workerData } from "node:worker_threads";
import { checkYear } from "./checker.ts";
import type { YearPlan } from "./contacts.ts";
import { playYear } from "./play-year.ts";

const startedAt = performance.now();
const { seen, ...counts } = await playYear(workerData as YearPlan, (day) => parentPort?.postMessage({ day }));
const playedAt = performance.now();
const findings = checkYear(seen);
parentPort?.postMessage({
  counts: {
    ...counts,
    contacts: seen.contacts.length,
    calls: seen.calls.length,
    optOuts: seen.optOuts.length,
  },
  findings,
  playedMs: playedAt - startedAt,
  checkedMs: performance.now() - playedAt,
});
