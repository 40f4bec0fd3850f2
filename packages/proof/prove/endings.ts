/** After calls that end in every way, at different moments, no process, room or participant is left of them. */
import type { Lab } from "@clinic/sip-voice-lab";
import { type Claim, ClaimTally } from "../src/claim.ts";
import { median } from "../src/median.ts";
import { addProofPatients, type ProofPatient } from "../src/proof-patients.ts";
import { type RunContext, startRunLab } from "../src/run-context.ts";
import { agentHangsUp, agentHangsUpOnOptOut, agentHangsUpOutbound } from "./endings/agent-hangs-up.ts";
import { calleeHangsUp, callerHangsUp } from "./endings/caller-hangs-up.ts";
import type { Ending, EndingClaims } from "./endings/ending.ts";
import { modelGone } from "./endings/model-gone.ts";
import {
  callGivenUpWhileRinging,
  roomDeleted,
  roomDeletedWhileRinging,
  telephoneBusy,
} from "./endings/room-deleted.ts";
import { Stage } from "./endings/stage.ts";
import { goneWithinMs, type Left, waitUntilGone } from "./endings/what-is-left.ts";
import { workerDrains, workerStopped } from "./endings/worker-stopped.ts";

const quickEndings: readonly Ending[] = [
  callerHangsUp("opener"),
  agentHangsUp("greeting"),
  roomDeletedWhileRinging(300),
  modelGone(1005, "opener"),
  workerDrains("opener"),
];

/** Mixed, so that each kind follows on others. */
const allEndings: readonly Ending[] = [
  callerHangsUp("ringing"),
  modelGone(1000, "listening"),
  roomDeletedWhileRinging(200),
  agentHangsUp("listening"),
  workerStopped("greeting"),
  modelGone(1005, "opener"),
  callerHangsUp("opener"),
  roomDeleted("greeting"),
  modelGone(1011, "greeting"),
  callGivenUpWhileRinging(1_000),
  callerHangsUp("tool-call"),
  workerDrains("opener"),
  agentHangsUpOutbound,
  modelGone(1005, "tool-call"),
  callerHangsUp("acknowledgement"),
  roomDeletedWhileRinging(3_000),
  modelGone(1006, "listening"),
  agentHangsUpOnOptOut,
  calleeHangsUp("greeting"),
  telephoneBusy,
  workerStopped("opener"),
];

/** Makes the calls and looks at what is left. */
export async function prove(context: RunContext): Promise<readonly Claim[]> {
  const { quick, signal, progress } = context;
  const endings = quick ? quickEndings : allEndings;
  const within = `within ${goneWithinMs / 1000} s of its end`;
  const tallies = {
    processes: new ClaimTally(`No process of a call is left ${within}.`),
    rooms: new ClaimTally(`No room of a call is left ${within}.`),
    participants: new ClaimTally(`No participant of a call is left ${within}.`),
    lines: new ClaimTally(`No telephone is off the hook ${within}.`),
  };
  const asPlanned = new ClaimTally("Each call can be made and ends as it is meant to.");
  const recorded = new ClaimTally(
    "The record of each call that an agent took has a final state that says how it ended.",
  );
  const special: EndingClaims = {
    sentenceHeard: new ClaimTally("A caller whose model is gone hears a sentence within 3 s."),
    keyWorked: new ClaimTally("After that a key still confirms the appointment, and the caller hears so."),
    finishedWhileDraining: new ClaimTally(
      "A call that goes on when the worker is told to stop can be finished, and then the worker ends.",
    ),
    stoppedWhenDrained: new ClaimTally("When the time for calls is over, the call and the worker end."),
  };

  const lab = await startRunLab(context, { withoutWorker: true });
  const patients = await addProofPatients(lab, endings.length);
  const waits: Record<keyof Left, number[]> = { processes: [], rooms: [], participants: [], lines: [] };
  const groups: number[] = [];
  for (const [index, ending] of endings.entries()) {
    signal.throwIfAborted();
    const worker = await workerFor(lab, ending, endings[index - 1]);
    if (groups.at(-1) !== worker.pid) groups.push(worker.pid);
    progress(`call ${index + 1} of ${endings.length}: ${ending.name}`);
    const stage = await Stage.set(lab, patients[index] as ProofPatient);
    await play(stage, ending, special, asPlanned);
    const workerEnded = await hasEnded(worker);
    const { left, took } = await waitUntilGone(lab, worker.pid, workerEnded);
    for (const name of ["processes", "rooms", "participants", "lines"] as const) {
      tallies[name].try(took[name].came, `${ending.name}: ${left[name]} left`);
      waits[name].push(took[name].ms);
    }
    await checkRecord(stage, ending, recorded);
  }
  for (const name of ["processes", "rooms", "participants", "lines"] as const)
    tallies[name].note(
      `gone after ${Math.round(median(waits[name]))} ms (median), ${Math.round(Math.max(...waits[name]))} ms at most`,
    );

  progress("looking once more at everything");
  await lab.stopWorker();
  for (const group of groups) {
    const { left, took } = await waitUntilGone(lab, group, true);
    for (const name of ["processes", "rooms", "participants", "lines"] as const)
      tallies[name].try(took[name].came, `after all calls: ${left[name]} left`);
  }
  const planned = Object.values(special).map((tally) => tally.result());
  const tried = quick ? planned.filter((claim) => claim.tried > 0) : planned;
  const always = [...Object.values(tallies), recorded, asPlanned].map((tally) => tally.result());
  return [...always, ...tried];
}

async function play(
  stage: Stage,
  ending: Ending,
  claims: EndingClaims,
  asPlanned: ClaimTally,
): Promise<void> {
  try {
    await ending.run(stage, claims);
    asPlanned.try(true, "");
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    asPlanned.try(false, `${ending.name}: ${what} (${await stage.story()})`);
    // What the call did not do by itself must not be in the way of the next one.
    await stage.telephone.line?.hangUp();
  }
}

type Worker = NonNullable<Lab["worker"]>;

/** The worker of the call before, unless that one was told to stop or this one needs another. */
async function workerFor(lab: Lab, ending: Ending, before: Ending | undefined): Promise<Worker> {
  if (lab.worker && !ending.worker && !before?.worker) return lab.worker;
  return await lab.startWorker(ending.worker);
}

async function hasEnded(worker: Worker): Promise<boolean> {
  return await Promise.race([
    worker.exited.then(() => true),
    new Promise<false>((no) => setImmediate(no, false)),
  ]);
}

async function checkRecord(stage: Stage, { name, endedBy }: Ending, recorded: ClaimTally): Promise<void> {
  const callId = await stage.callId();
  if (callId === undefined) {
    recorded.note(`${name}: ended before an agent took it`);
    return;
  }
  const record = await stage.lab.database.callLog.read(callId);
  const by = record?.finalState?.endedBy;
  recorded.try(
    by !== undefined && endedBy.includes(by),
    `${name}: ${by === undefined ? "no final state" : `ended by ${by}`}`,
  );
}
