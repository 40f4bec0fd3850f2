/** Whatever way the model fails, at whatever moment of a call, the caller hears a sentence, keys work, and the model comes back. */
import { clinicNumbers, type Lab } from "@clinic/sip-voice-lab";
import type { Claim } from "../src/claim.ts";
import { addProofPatients, type ProofPatient } from "../src/proof-patients.ts";
import { type RunContext, startRunLab } from "../src/run-context.ts";
import { waitUntilGone } from "./endings/what-is-left.ts";
import { GuardCall } from "./guard/guard-call.ts";
import { guardClaims } from "./guard/guard-claims.ts";
import { GuardJournal } from "./guard/journal.ts";
import { oneFailure } from "./guard/one-failure.ts";
import { guardPlan, type PlannedFailure, quickPlan } from "./guard/plan.ts";
import { isUnfit, nameOf } from "./guard/tried-failure.ts";

/** All of it takes most of an hour: `--only "deaf, opener"`, `--minutes 12` and `--journal <file>` make it in parts. */
export const inParts = true;

const timesEach = 20;
const callsAtATime = 4;
/** After so many calls it is looked at what is left of them. */
const callsBetweenLooks = 44;
const patientCount = 100;

/** Makes the calls and has the model fail in them. */
export async function prove(context: RunContext): Promise<readonly Claim[]> {
  const { quick, only = "", minutes = Number.POSITIVE_INFINITY, signal, progress } = context;
  const deadline = performance.now() + minutes * 60_000;
  const whole = quick ? quickPlan : guardPlan(timesEach);
  const plan = whole.filter((planned) => nameOf(planned).includes(only));
  const journal = new GuardJournal(context.journal);
  const open = plan.filter((planned) => !journal.has(nameOf(planned)));
  if (open.length === 0) return guardClaims(journal, plan.length);

  const lab = await startRunLab(context, { worker: { SIP_VOICE_MOST_CALLS: "8" } });
  lab.telephone(clinicNumbers.operator).behaviour = { kind: "busy" };
  const patients = await addProofPatients(lab, patientCount);
  let count = 0;
  for (let from = 0; from < open.length && performance.now() < deadline; from += callsBetweenLooks) {
    const calls = open.slice(from, from + callsBetweenLooks);
    await inParallel(calls, callsAtATime, async (planned) => {
      signal.throwIfAborted();
      if (performance.now() > deadline) return;
      count += 1;
      progress(`call ${count} of ${open.length}: ${nameOf(planned)}`);
      await tryOne(lab, patients[count % patients.length] as ProofPatient, planned, journal);
    });
    if (!lab.worker) continue;
    const { left: still, took } = await waitUntilGone(lab, lab.worker.pid, false);
    const isNothing = Object.values(took).every(({ came }) => came);
    journal.add({ after: `${count} calls`, ...(isNothing ? {} : { left: JSON.stringify(still) }) });
  }
  return guardClaims(journal, plan.length);
}

/** One call begins at a time, so that each knows its own session of the model. */
let beginning: Promise<unknown> = Promise.resolve();
/** How often a call is tried that can't be made as planned, or whose machine was too busy to judge by. */
const mostTries = 4;

async function tryOne(
  lab: Lab,
  patient: ProofPatient,
  planned: PlannedFailure,
  journal: GuardJournal,
): Promise<void> {
  for (let time = 1; time <= mostTries && !journal.has(nameOf(planned)); time++) {
    try {
      const begun = beginning.then(() => GuardCall.begin(lab, patient, planned.phase));
      beginning = begun.catch(() => {});
      const seen = await oneFailure(lab, await begun, planned);
      journal.add(time < mostTries && isUnfit(seen) ? { planned, unfit: seen } : { planned, seen });
    } catch (error) {
      journal.add({ planned, trouble: error instanceof Error ? error.message : String(error) });
      await lab.telephone(patient.phoneNumber).line?.hangUp();
    }
  }
}

async function inParallel<Item>(
  items: readonly Item[],
  most: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  const workers = Array.from({ length: most }, async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  });
  await Promise.all(workers);
}
