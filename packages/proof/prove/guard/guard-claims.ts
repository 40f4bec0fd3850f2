import { type Claim, ClaimTally } from "../../src/claim.ts";
import { percentile } from "../../src/median.ts";
import { causesOf } from "./failure.ts";
import type { GuardJournal } from "./journal.ts";
import { failureModes } from "./plan.ts";
import { isHeardInTime, isNoticedInTime, nameOf } from "./tried-failure.ts";

/** What is claimed of the failures, by what was seen; `planned` is how many there are to be. */
export function guardClaims(journal: GuardJournal, planned: number): readonly Claim[] {
  const sentence = new ClaimTally("The caller hears a sentence within 3 s of the failure.");
  const noticed = new ClaimTally("The failure is noticed within 2 s.");
  const keys = new ClaimTally("After that a key is stored, and the caller hears so.");
  const record = new ClaimTally("The call's record says how the model failed.");
  const restored = new ClaimTally("The model is rebuilt, and the record says so.");
  const made = new ClaimTally("Each call can be made, and its model be made to fail as planned.");
  const left = new ClaimTally("No process, room, participant or line is left of these calls.");

  for (const call of journal.calls) {
    const { seen, trouble = "nothing was seen" } = call;
    const name = nameOf(call.planned);
    made.try(seen !== undefined, `${name}: ${trouble}`);
    if (!seen) continue;
    const { causes, keyFailed, noticedAfter, sentenceAfter, story } = seen;
    sentence.try(isHeardInTime(seen), `${name}: heard after ${sentenceAfter} ms (${story})`);
    noticed.try(isNoticedInTime(seen), `${name}: noticed after ${noticedAfter} ms (${story})`);
    keys.try(keyFailed === undefined, `${name}: ${keyFailed}`);
    record.try(
      causes.some((cause) => causesOf[call.planned.mode].includes(cause)),
      `${name}: the record says ${causes.join(", ") || "nothing"}`,
    );
    restored.try(seen.restored, `${name}: ${story}`);
  }
  for (let missing = journal.calls.length; missing < planned; missing++) made.try(false, "not tried yet");
  for (const { after, left: still } of journal.ends)
    left.try(still === undefined, `after ${after}: ${still}`);
  if (journal.unfit > 0)
    made.note(`${journal.unfit} made once more, since something came late on a machine that was too busy`);
  const torn = journal.calls.filter(({ seen }) => seen?.torn).length;
  if (torn > 0) sentence.note(`${torn} heard torn, and known by the record and the sound in their place`);
  for (const text of timesTo(journal, "sentenceAfter")) sentence.note(text);
  for (const text of timesTo(journal, "noticedAfter")) noticed.note(text);
  return [sentence, noticed, keys, record, restored, made, left].map((tally) => tally.result());
}

/** How long it took, for each mode and for all. */
function timesTo(journal: GuardJournal, what: "sentenceAfter" | "noticedAfter"): string[] {
  const line = (name: string, fits: (mode: string) => boolean): string[] => {
    const times = journal.calls.flatMap(({ planned, seen }) => {
      const ms = fits(planned.mode) ? seen?.[what] : undefined;
      return ms === undefined ? [] : [ms];
    });
    if (times.length === 0) return [];
    const [median, p95, most] = [50, 95, 100].map((percent) => Math.round(percentile(times, percent)));
    return [`${name}: median ${median} ms, p95 ${p95} ms, most ${most} ms of ${times.length}`];
  };
  return [...line("all", () => true), ...failureModes.flatMap((mode) => line(mode, (one) => one === mode))];
}
