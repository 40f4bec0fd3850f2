import { makeCall } from "@clinic/sip-voice";
import type { Lab, TelephoneLine } from "@clinic/sip-voice-lab";
import { AgentDispatchClient } from "livekit-server-sdk";
import { mustCome } from "../../src/eventually.ts";
import type { ProofPatient } from "../../src/proof-patients.ts";
import { dialAndStartAgentName } from "./agent-name.ts";
import type { BenchWorker } from "./bench-worker.ts";

/** How a call to be measured is placed. */
export interface OutboundOptions {
  readonly lab: Lab;
  readonly worker: BenchWorker;
  readonly patient: ProofPatient;
}

/** Places the call; resolves when it was placed, or later. */
type Place = (options: OutboundOptions, room: string) => Promise<unknown>;

const longestMs = 30_000;
/** Long enough for a session that is started while the telephone rings to be ready. */
const ringsForMs = 1_500;
const consent = { basis: "given-at-booking", recordedAt: "2026-01-05T09:00:00Z" } as const;

/** As a clinic places a call. */
export const placeWithMakeCall: Place = async ({ lab, patient }) => {
  const result = await makeCall(patient.phoneNumber, patient.appointment, { ...lab.callOptions, consent });
  if (result.outcome !== "answered") throw new Error(`The patient was not reached: ${result.outcome}`);
};

/** As LiveKit's outbound example is used: the agent is dispatched, and dials by itself. */
export const placeByDispatch: Place = async ({ lab, patient }, room) => {
  const { httpUrl, apiKey, apiSecret } = lab.sip;
  const metadata = JSON.stringify({ phoneNumber: patient.phoneNumber, trunkId: lab.outboundTrunkId });
  await lab.rooms.createRoom({ name: room });
  await new AgentDispatchClient(httpUrl, apiKey, apiSecret).createDispatch(room, dialAndStartAgentName, {
    metadata,
  });
};

/** Places a call; gives the milliseconds from the answer to the first sound at the telephone. */
export async function outboundCall(options: OutboundOptions, place: Place): Promise<number> {
  const { lab, worker, patient } = options;
  const telephone = lab.telephone(patient.phoneNumber);
  telephone.behaviour = { kind: "answers", afterMs: ringsForMs };
  await worker.nextProcess();
  let line: TelephoneLine | undefined;
  let answeredAt: number | undefined;
  telephone.once("line", (ringing) => {
    line = ringing;
    ringing.once("answered", () => {
      answeredAt = performance.now();
    });
  });
  try {
    await place(options, `bench-${crypto.randomUUID()}`);
    await mustCome("the telephone is answered", () => answeredAt !== undefined, longestMs);
    const since = answeredAt ?? 0;
    const heard = await line?.waitForSpeechStart({ since: line.joinedAt, timeoutMs: longestMs });
    return (heard?.at ?? Number.NaN) - since;
  } finally {
    await line?.hangUp();
    if (line) await lab.rooms.deleteRoom(line.room).catch(() => {});
  }
}
