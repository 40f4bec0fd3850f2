/** Nobody's telephone rings without exactly one ready agent: calls with the worker overloaded, absent or late half of the time. */
import { setTimeout as sleep } from "node:timers/promises";
import type { WorkerLine } from "@clinic/sip-voice-lab";
import type { Claim } from "../src/claim.ts";
import { addProofPatients, type ProofPatient } from "../src/proof-patients.ts";
import { type RunContext, startRunLab } from "../src/run-context.ts";
import { type GateCall, gateCall, patienceOf } from "./gate/gate-call.ts";
import { gateClaims } from "./gate/gate-claims.ts";
import { RoomWatch } from "./gate/room-watch.ts";
import { absent, frozen, none, overloaded, startedLate, type Trouble } from "./gate/trouble.ts";

/** A patient of the lab who keeps the worker busy. */
const occupier = "+15105550118";
const watchedSeconds = 30;

/** The troubles of a run, each followed by a call without. */
function troubles(quick: boolean): readonly Trouble[] {
  const patience = patienceOf(quick);
  const longer = 2 * patience + 1_000;
  if (quick) return [frozen(250, longer), absent, overloaded(occupier), startedLate];
  const freezes = [
    frozen(0, patience - 500),
    frozen(0, patience + 300),
    frozen(0, 2 * patience - 800),
    frozen(0, 2 * patience + 200),
    ...[100, 200, 250, 300, 350, 400, 500, 700].map((stopAfterMs) => frozen(stopAfterMs, longer)),
  ];
  const others = [absent, overloaded(occupier), startedLate];
  return freezes.flatMap((one, index) => [one, others[index % others.length] ?? absent]).concat(absent);
}

/** Makes the calls, watches rooms and rings, and holds them against the claims. */
export async function prove(context: RunContext): Promise<readonly Claim[]> {
  const { quick, signal, progress, onEnd } = context;
  const broughtBack = new Set<string>();
  const lab = await startRunLab(context, {
    withoutWorker: true,
    onWorkerLine: (line) => noteComeBack(line, broughtBack),
  });
  const planned = troubles(quick);
  // In the quick run the troubles come first: their rooms are watched while the other calls are made.
  const calls = quick
    ? [...planned, ...planned.map(() => none)]
    : planned.flatMap((trouble) => [trouble, none]);
  const fresh = await addProofPatients(lab, calls.length);
  // One attempt a day: who was rung is not called again, whose call was refused for want of an agent may be.
  const refused: ProofPatient[] = [];
  const watch = new RoomWatch(lab);
  watch.start();
  onEnd(() => watch.stop());

  const made: GateCall[] = [];
  for (const [index, trouble] of calls.entries()) {
    signal.throwIfAborted();
    const patient = refused.shift() ?? (fresh.shift() as ProofPatient);
    const call = await gateCall(lab, trouble, patient, index, patienceOf(quick));
    progress(`call ${index + 1} of ${calls.length}, ${trouble.name}: ${call.outcome}`);
    if (call.outcome === "agent-unavailable") refused.push(patient);
    made.push(call);
  }
  const lastGivenUp = Math.max(0, ...made.filter(isGivenUp).map(({ cameBackAt }) => cameBackAt));
  const rest = lastGivenUp + watchedSeconds * 1000 - performance.now();
  progress(`watching the rooms for ${Math.max(0, Math.round(rest / 1000))} s more`);
  if (rest > 0) await sleep(rest, undefined, { signal });
  await watch.stop();
  const rings = lab.sip.rings().filter(({ cause }) => cause === "dial");
  return await gateClaims({ lab, calls: made, rings, watch, watchedSeconds, broughtBack });
}

function isGivenUp({ outcome }: GateCall): boolean {
  return outcome === "agent-unavailable";
}

/** The agent itself notices when it joined a room that had been given up, and tells: between two looks nobody else would. */
function noteComeBack({ message, text }: WorkerLine, broughtBack: Set<string>): void {
  if (!message.includes("given up meanwhile")) return;
  const { attemptId } = JSON.parse(text) as { attemptId?: string };
  broughtBack.add(attemptId ?? "");
}
