import { expect } from "vitest";
import type { CallLog, CallRecordEntry, CallRecordEvent } from "../call/call-log.ts";
import { initialCallState } from "../call/state.ts";
import {
  type ConformanceCases,
  type ConformanceFactory,
  type ConformanceOptions,
  registerCases,
} from "./conformance.ts";

const now = Date.parse("2026-11-23T10:00:00-08:00");
const finalState = {
  ...initialCallState,
  phase: "ended",
  disposition: "confirmed",
  appointmentId: "appointment-1",
  reminder: { channel: "sms", hoursBefore: 24 },
  endedBy: "patient",
} as const;

const started: CallRecordEvent = {
  type: "started",
  clinicId: "main",
  direction: "outbound",
  channel: "phone",
  attemptId: "attempt-1",
};
const between: readonly CallRecordEvent[] = [
  { type: "opener-said" },
  { type: "prompt", prompt: "opener", source: "prepared" },
  { type: "digit", choice: "confirm" },
  { type: "transition", event: "stored", state: { ...initialCallState, phase: "active" } },
  { type: "store", change: "confirm", result: "ok", via: "digit" },
  { type: "tool", name: "confirmAppointment", result: "ok" },
  { type: "model-lost", cause: "socket closed with 1000" },
];
const ended: CallRecordEvent = { type: "ended", state: finalState };

/** Entries a millisecond apart. */
const entriesOf = (events: readonly CallRecordEvent[]): CallRecordEntry[] =>
  events.map((event, index) => ({ at: now + index, event }));

const cases: ConformanceCases<CallLog> = {
  "keeps every kind of entry, in order": async (callLog) => {
    const entries = entriesOf([started, ...between, ended]);
    await callLog.append("call-1", entries);
    expect(await callLog.read("call-1")).toEqual({ callId: "call-1", entries, finalState });
  },
  "adds to what is there": async (callLog) => {
    const entries = entriesOf([started, ...between, ended]);
    for (const entry of entries) await callLog.append("call-1", [entry]);
    expect((await callLog.read("call-1"))?.entries).toEqual(entries);
  },
  "keeps the order of entries of one instant, and of appends that nobody waited for": async (callLog) => {
    const entries = between.map((event) => ({ at: now, event }));
    await Promise.all(entries.map((entry) => callLog.append("call-1", [entry])));
    expect((await callLog.read("call-1"))?.entries).toEqual(entries);
  },
  "has no final state before the call has ended": async (callLog) => {
    await callLog.append("call-1", entriesOf([started, ...between]));
    expect(await callLog.read("call-1")).toMatchObject({ finalState: undefined });
  },
  "gives undefined for a call that is not there": async (callLog) => {
    expect(await callLog.read("call-1")).toBeUndefined();
  },
  "keeps calls apart": async (callLog) => {
    await callLog.append("call-1", entriesOf([started]));
    await callLog.append("call-2", entriesOf([ended]));
    await callLog.append("call-1", entriesOf([ended]));
    expect((await callLog.read("call-1"))?.entries).toEqual([...entriesOf([started]), ...entriesOf([ended])]);
    expect((await callLog.read("call-2"))?.entries).toEqual(entriesOf([ended]));
  },
  "gives a record that later entries do not change": async (callLog) => {
    await callLog.append("call-1", entriesOf([started]));
    const record = await callLog.read("call-1");
    await callLog.append("call-1", entriesOf([ended]));
    expect(record?.entries).toEqual(entriesOf([started]));
  },
  "names the calls that began last, the newest first": async (callLog) => {
    for (const callId of ["call-1", "call-2", "call-3"]) await callLog.append(callId, entriesOf([started]));
    await callLog.append("call-1", entriesOf([ended]));
    expect(await callLog.recent(10)).toEqual(["call-3", "call-2", "call-1"]);
    expect(await callLog.recent(2)).toEqual(["call-3", "call-2"]);
  },
  "names no calls when there are none": async (callLog) => {
    expect(await callLog.recent(10)).toEqual([]);
  },
  "shows others what it kept": async (callLog, other) => {
    await callLog.append("call-1", entriesOf([started]));
    await other.append("call-1", entriesOf([ended]));
    expect(await callLog.read("call-1")).toEqual(await other.read("call-1"));
    expect(await other.recent(1)).toEqual(["call-1"]);
  },
};

/**
 * Registers the rules of the `CallLog` port as vitest cases.
 *
 * @param name - the adapter, as the test report shows it
 * @param make - makes an empty call log
 * @param options - cases to skip, with the reason
 * @example
 * ```ts
 * import { memoryCallLog } from "@clinic/sip-voice";
 * import { testCallLog } from "@clinic/sip-voice/testing";
 *
 * testCallLog("my call log", async () => ({ port: memoryCallLog() }));
 * ```
 */
export function testCallLog(
  name: string,
  make: ConformanceFactory<CallLog>,
  options: ConformanceOptions = {},
): void {
  registerCases(`CallLog: ${name}`, () => make(undefined), cases, options);
}
