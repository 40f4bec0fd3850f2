import type { CallRecord } from "../call/call-log.ts";
import { pause } from "../clock.ts";
import type { Attempt, AttemptOutcome } from "./attempt.ts";
import type { AnsweredCall, EndedCall } from "./call-result.ts";
import type { CallPorts } from "./planned-call.ts";

const lookEveryMs = 500;
/** How long the agent has to write its last entry after the telephone left. */
const recordGraceMs = 5_000;
/** How long after the call limit a telephone that still seems to be there is believed. */
const limitGraceMs = 60_000;

/** The handle of a call that was answered. */
export function answeredCall(
  ports: CallPorts,
  attempt: Attempt,
  answer: AttemptOutcome & { outcome: "answered" },
  callLimitSeconds: number,
): AnsweredCall {
  const { rooms } = ports;
  const { attemptId, callId, roomName } = attempt;
  const { participantIdentity, sipCallId } = answer;
  return {
    outcome: "answered",
    retry: "never",
    attemptId,
    callId,
    roomName,
    participantIdentity,
    sipCallId,
    hangUp: () => rooms.removeRoom(roomName),
    transfer: (to) => rooms.transfer(roomName, participantIdentity, to),
    ended: waitForEnd(ports, attempt, participantIdentity, callLimitSeconds),
  };
}

async function waitForEnd(
  { ledger, rooms, callLog, clock }: CallPorts,
  { attemptId, callId, roomName, finishedAt }: Attempt,
  identity: string,
  callLimitSeconds: number,
): Promise<EndedCall> {
  const until = (finishedAt ?? clock.now()) + callLimitSeconds * 1000 + limitGraceMs;
  while (clock.now() < until) {
    // A server that does not answer says nothing about the telephone; the record may.
    const present = await rooms.participants(roomName).catch(() => undefined);
    if (present && !present.some((one) => one.identity === identity)) break;
    if (!present && (await callLog.read(callId).catch(() => undefined))?.finalState) break;
    await pause(clock, lookEveryMs);
  }
  // A ledger that can't be reached keeps the line until reconciliation sees that the telephone is gone.
  await ledger.freeLine(attemptId).catch(() => {});
  const recordUntil = clock.now() + recordGraceMs;
  let record: CallRecord | undefined;
  for (;;) {
    record = await callLog.read(callId).catch(() => undefined);
    if (record?.finalState || clock.now() >= recordUntil) break;
    await pause(clock, lookEveryMs / 5);
  }
  const state = record?.finalState ?? lastState(record);
  return {
    disposition: state?.disposition ?? "none",
    // A record of an earlier version says nothing of it.
    reached: state?.party ?? "unknown",
    messageLeft: record?.entries.some(({ event }) => event.type === "message" && event.left) ?? false,
    state: record?.finalState,
    record,
  };
}

/** What an agent that died had last written: a decision that was stored counts. */
function lastState(record: CallRecord | undefined) {
  const event = record?.entries.findLast((entry) => entry.event.type === "transition")?.event;
  return event?.type === "transition" ? event.state : undefined;
}
