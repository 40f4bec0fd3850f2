import { type CallResult, makeCall } from "@clinic/sip-voice";
import type { Lab, TelephoneBehaviour } from "@clinic/sip-voice-lab";
import type { ProofPatient } from "../../src/proof-patients.ts";
import { none, type Trouble } from "./trouble.ts";

/** One call of the loop, and what came of it. */
export interface GateCall {
  readonly trouble: Trouble;
  readonly patient: ProofPatient;
  readonly attemptId: string;
  /** The room of the call, as `makeCall` names it. */
  readonly room: string;
  readonly outcome: CallResult["outcome"];
  /** `performance.now()` when `makeCall` had come back. */
  readonly cameBackAt: number;
}

const consent = { basis: "given-at-booking", recordedAt: "2026-01-05T09:00:00Z" } as const;

/** How the telephones behave, in turn: it is the ringing that counts. */
const behaviours: readonly TelephoneBehaviour[] = [
  { kind: "answers", afterMs: 200 },
  { kind: "busy" },
  { kind: "declines", afterMs: 300 },
];

/** How long a dispatch of a call in trouble is waited for. */
export function patienceOf(quick: boolean): number {
  return quick ? 1_500 : 3_000;
}

/** Makes one call with the worker in some trouble, and hangs up if it was answered. */
export async function gateCall(
  lab: Lab,
  trouble: Trouble,
  patient: ProofPatient,
  turn: number,
  patienceMs: number,
): Promise<GateCall> {
  const telephone = lab.telephone(patient.phoneNumber);
  telephone.behaviour = behaviours[turn % behaviours.length] ?? { kind: "busy" };
  const [attemptId, callId] = [crypto.randomUUID(), crypto.randomUUID()];
  await trouble.before(lab);
  const disturbing = trouble.during?.(lab);
  try {
    const result = await makeCall(patient.phoneNumber, patient.appointment, {
      ...lab.callOptions,
      consent,
      attemptId,
      callId,
      // A worker that was busy a moment ago tells LiveKit only later that it is free: ask often then, rather than long.
      agentPatienceMs: trouble === none ? 5_000 : patienceMs,
      agentDispatches: trouble === none ? 5 : 2,
    });
    const cameBackAt = performance.now();
    if (result.outcome === "answered") {
      await telephone.line?.hangUp();
      await result.ended;
    }
    return { trouble, patient, attemptId, room: `call-${callId}`, outcome: result.outcome, cameBackAt };
  } finally {
    await disturbing;
    await trouble.after?.(lab);
  }
}
