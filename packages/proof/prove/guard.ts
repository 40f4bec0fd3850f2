/** Whatever way the model fails, at whatever moment of a call, the caller hears a sentence, keys work, and the model comes back. */
import { clinicNumbers, type Lab } from "@clinic/sip-voice-lab";
import { type Claim, ClaimTally } from "../src/claim.ts";
import { addProofPatients, type ProofPatient } from "../src/proof-patients.ts";
import { type RunContext, startRunLab } from "../src/run-context.ts";
import { waitUntilGone } from "./endings/what-is-left.ts";
import { GuardCall } from "./guard/guard-call.ts";
import { type GuardClaims, oneFailure } from "./guard/one-failure.ts";
import { failureModes, guardPlan, type PlannedFailure, quickPlan } from "./guard/plan.ts";

const timesEach = 20;
const callsAtATime = 3;
const patientCount = 80;

/** Makes the calls and has the model fail in them. */
export async function prove(context: RunContext): Promise<readonly Claim[]> {
  const { quick, signal, progress } = context;
  const plan = quick ? quickPlan : guardPlan(timesEach);
  const claims: GuardClaims = {
    sentence: new ClaimTally("The caller hears a sentence within 3 s of the failure."),
    noticed: new ClaimTally("The failure is noticed within 2 s."),
    keys: new ClaimTally("After that a key is stored, and the caller hears so."),
    record: new ClaimTally("The call's record says how the model failed."),
    restored: new ClaimTally("The model is rebuilt, and the record says so."),
  };
  const made = new ClaimTally("Each call can be made, and its model be made to fail as planned.");
  const left = new ClaimTally("No process, room, participant or line is left of these calls.");

  const lab = await startRunLab(context, { worker: { SIP_VOICE_MOST_CALLS: "8" } });
  lab.telephone(clinicNumbers.operator).behaviour = { kind: "busy" };
  const patients = await addProofPatients(lab, quick ? plan.length : patientCount);
  let count = 0;
  for (const mode of failureModes) {
    const calls = plan.filter((one) => one.mode === mode);
    // A connection that is refused must be that of the call whose model was lost.
    await inParallel(calls, mode === "refused" ? 1 : callsAtATime, async (planned) => {
      signal.throwIfAborted();
      count += 1;
      progress(`call ${count} of ${plan.length}: ${planned.mode}, ${planned.phase}`);
      await tryOne(lab, patients[count % patients.length] as ProofPatient, planned, claims, made);
    });
    if (calls.length === 0 || !lab.worker) continue;
    const { left: still, took } = await waitUntilGone(lab, lab.worker.pid, false);
    left.try(
      Object.values(took).every(({ came }) => came),
      `after ${mode}: ${JSON.stringify(still)}`,
    );
  }
  return [...Object.values(claims), made, left].map((tally) => tally.result());
}

/** One call begins at a time, so that each knows its own session of the model. */
let beginning: Promise<unknown> = Promise.resolve();

async function tryOne(
  lab: Lab,
  patient: ProofPatient,
  planned: PlannedFailure,
  claims: GuardClaims,
  made: ClaimTally,
): Promise<void> {
  const name = `${planned.mode}, ${planned.phase}`;
  try {
    const begun = beginning.then(() => GuardCall.begin(lab, patient, planned.phase));
    beginning = begun.catch(() => {});
    await oneFailure(lab, await begun, planned, claims);
    made.try(true, "");
  } catch (error) {
    made.try(false, `${name}: ${error instanceof Error ? error.message : String(error)}`);
    await lab.telephone(patient.phoneNumber).line?.hangUp();
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
