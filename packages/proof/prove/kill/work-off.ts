import { type Attempt, type MakeCallOptions, makeCall } from "@clinic/sip-voice";
import { type Callee, calleeOf } from "./callees.ts";
import type { RunnerOrder } from "./runner-order.ts";

const consent = { basis: "given-at-booking", recordedAt: "2026-01-05T09:00:00Z" } as const;
const mostTries = 9;

type WorkPorts = Required<Pick<MakeCallOptions, "ledger" | "preferences" | "callLog" | "rooms" | "dialer">>;

/** Whether a try that ended so leaves the callee to be called again. */
function isToBeRepeated({ state, outcome }: Attempt): boolean {
  return state === "released" || outcome?.outcome === "trunk-capacity";
}

/** Calls everybody on the list, several at a time, each until there is nothing more to be tried. */
export async function workOff(ports: WorkPorts, order: RunnerOrder): Promise<void> {
  const { part, callees, from, lines, prefix, policy, agentName, agentPatienceMs } = order;
  async function callOne({ id, phoneNumber, appointment }: Callee): Promise<void> {
    for (let number = 1; number <= mostTries; number++) {
      const attemptId = `${prefix}:${id}:${number}`;
      const known = await ports.ledger.get(attemptId);
      if (known?.outcome && isToBeRepeated(known)) continue;
      if (known?.outcome) return;
      const options = { ...ports, policy, consent, agentName, agentPatienceMs, attemptId };
      const limits = { ringingTimeoutSeconds: 15, callLimitSeconds: 10, agentDispatches: 2 };
      const result = await makeCall(phoneNumber, { ...appointment, version: "1" }, { ...options, ...limits });
      if (result.outcome === "answered") await result.ended;
    }
  }
  let next = 0;
  const line = async (): Promise<void> => {
    while (next < callees) await callOne(calleeOf(part, (from + next++) % callees));
  };
  await Promise.all(Array.from({ length: lines }, line));
}
