import { EventEmitter } from "node:events";
import {
  type Appointment,
  type CallResult,
  dialFailure,
  initialCallState,
  type MakeCallOptions,
  memoryAppointmentStore,
  memoryCallLog,
  parsePhoneNumber,
  SipVoiceError,
} from "@clinic/sip-voice";
import { type SimulatedClock, sampleAppointment, simulatedClock } from "@clinic/sip-voice/testing";
import { beforeEach, describe, expect, it } from "vitest";
import type { CallListRow } from "./call-list-row.ts";
import { type CallerOptions, type CallerProgress, callRows } from "./caller.ts";
import { onInterrupts } from "./interrupts.ts";
import { exitCodeOf, progressLine, reportForMachines, summaryLines } from "./report.ts";

type Call = CallerOptions["call"];

const phoneNumber = parsePhoneNumber("+15105550111");
const rowOf = (appointmentId: string, more: Partial<CallListRow> = {}): CallListRow => ({
  place: `line of ${appointmentId}`,
  phoneNumber,
  appointmentId,
  consent: { basis: "written", recordedAt: "2026-10-01T09:00:00Z" },
  attemptId: `list/${appointmentId}/1`,
  ...more,
});
const [one, two, three] = ["a-1", "a-2", "a-3"].map((id) => rowOf(id)) as [
  CallListRow,
  CallListRow,
  CallListRow,
];

let clock: SimulatedClock;
let callLog: ReturnType<typeof memoryCallLog>;
let stop: AbortController;
let hangUp: AbortController;
let progress: CallerProgress[];

beforeEach(() => {
  clock = simulatedClock();
  callLog = memoryCallLog();
  stop = new AbortController();
  hangUp = new AbortController();
  progress = [];
});

const identityOf = (options: MakeCallOptions) => ({
  attemptId: options.attemptId ?? "",
  callId: options.callId ?? "",
});
const busy: Call = async (_number, _appointment, options) => ({
  ...dialFailure("busy", 486),
  ...identityOf(options),
});

function answered(
  options: MakeCallOptions,
  ended: Promise<void>,
  onHangUp: () => void = () => {},
): CallResult {
  return {
    outcome: "answered",
    retry: "never",
    ...identityOf(options),
    roomName: "room",
    participantIdentity: "phone",
    sipCallId: "SCL_1",
    hangUp: async () => onHangUp(),
    transfer: async () => ({ transferred: true }),
    ended: ended.then(() => ({
      disposition: "confirmed",
      reached: "person",
      messageLeft: false,
      state: undefined,
      record: undefined,
    })),
  };
}

function run(
  rows: readonly CallListRow[],
  call: Call,
  appointments: Partial<Appointment>[] = rows.map(() => ({})),
) {
  const store = memoryAppointmentStore({
    appointments: rows.map(({ appointmentId: id }, index) =>
      sampleAppointment({ id, ...appointments[index] }),
    ),
  });
  return callRows({
    rows,
    appointments: store,
    callLog,
    call,
    clock,
    pauseMs: 30_000,
    stop: stop.signal,
    hangUp: hangUp.signal,
    onProgress: (each) => progress.push(each),
  });
}

describe("a list", () => {
  it("is called one after the other, with the pause between, and none after the last", async () => {
    const at: number[] = [];
    const begin = clock.now();
    const running = run([one, two, three], async (...call) => {
      at.push(clock.now() - begin);
      return await busy(...call);
    });
    await clock.advance(29_999);
    expect(at).toEqual([0]);
    await clock.advance(1);
    expect(at).toEqual([0, 30_000]);
    await clock.advance(30_000);
    const report = await running;
    expect(at).toEqual([0, 30_000, 60_000]);
    expect(report.reports.map(({ outcome }) => outcome)).toEqual(["busy", "busy", "busy"]);
    expect(exitCodeOf({ rows: [], rejected: [] }, report)).toBe(0);
    expect(clock.pendingTimers).toBe(0);
  });

  it("hands makeCall the row's number, appointment, consent and key", async () => {
    const seen: unknown[] = [];
    await run([one], async (number, appointment, options) => {
      seen.push(number, appointment.id, options.consent, options.attemptId);
      return await busy(number, appointment, options);
    });
    expect(seen).toEqual([phoneNumber, "a-1", one.consent, "list/a-1/1"]);
  });

  it("waits until an answered call has ended, and shows the agent's states meanwhile", async () => {
    let end = (): void => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const running = run([one], async (_number, _appointment, options) => {
      const state = { ...initialCallState, phase: "active" } as const;
      await callLog.append(options.callId ?? "", [
        { at: 0, event: { type: "transition", event: "connected", state } },
      ]);
      return answered(options, ended);
    });
    await clock.advance(60_000);
    expect(progress.map((each) => progressLine(each, 1))).toEqual(["1 of 1  +*******0111  ... active"]);
    end();
    expect(await running).toMatchObject({ reports: [{ outcome: "answered", disposition: "confirmed" }] });
    expect(progressLine(progress.at(-1) as CallerProgress, 1)).toBe(
      "1 of 1  +*******0111  answered, confirmed",
    );
    expect(clock.pendingTimers).toBe(0);
  });

  it("does not pause after a row for which nobody was rung", async () => {
    const rows = [one, two, three];
    const report = await run(
      rows,
      async (_number, { id }, options) =>
        id === "a-2"
          ? {
              outcome: "refused-by-policy",
              retry: "later",
              reasons: [
                { rule: "window", explanation: "It is outside the calling hours at the callee's place." },
              ],
              earliest: Date.parse("2026-11-24T16:00:00Z"),
              ...identityOf(options),
            }
          : { ...dialFailure("busy"), ...identityOf(options), callId: "an earlier run's" },
      [{ status: "cancelled" }],
    );
    expect(report.reports).toMatchObject([
      { outcome: "skipped", reasons: ["The appointment is cancelled."] },
      { outcome: "refused-by-policy", earliest: "2026-11-24T16:00:00.000Z" },
      { outcome: "busy", earlier: true },
    ]);
  });

  it.each<[string, 0 | 1, Partial<Appointment>]>([
    ["cancelled", 0, { status: "cancelled" }],
    ["begun", 0, { start: "2026-11-23T10:00:00-08:00" }],
    [
      "another number",
      1,
      { patient: { id: "p", name: "Omar", phoneNumber: parsePhoneNumber("+15105550112") } },
    ],
    ["no such", 1, { id: "another" }],
  ])("skips an appointment: %s", async (why, exitCode, appointment) => {
    const call: Call = async () => {
      throw new Error("it was called");
    };
    const report = await run([one], call, [appointment]);
    expect(exitCodeOf({ rows: [one], rejected: [] }, report)).toBe(exitCode);
    expect(report.reports).toMatchObject([{ outcome: "skipped", reasons: [expect.stringContaining(why)] }]);
  });

  it("ends when something is broken, and says what was not worked off", async () => {
    const failure = new SipVoiceError("livekit-unavailable", "LiveKit did not do what it was asked.");
    const report = await run([one, two], async () => {
      throw failure;
    });
    expect(report).toEqual({ reports: [], notCalled: [one, two], failure });
    expect(exitCodeOf({ rows: [], rejected: [] }, report)).toBe(1);
  });

  it("is reported without numbers in clear", async () => {
    const report = await run([one], async (_number, _appointment, options) => ({
      ...dialFailure("declined", 603),
      ...identityOf(options),
    }));
    const list = { rows: [one], rejected: [{ place: "line 9", field: "phoneNumber", reason: "Write it." }] };
    expect(summaryLines(list, report)).toEqual([
      "",
      "Outcomes: 1 declined",
      "For a person to look at:",
      "  line of a-1: declined",
      "Rejected:",
      "  line 9, phoneNumber: Write it.",
    ]);
    expect(JSON.stringify(reportForMachines(list, report))).not.toContain("15105550111");
    expect(exitCodeOf(list, report)).toBe(1);
  });
});

describe("Ctrl-C", () => {
  const terminal = new EventEmitter();
  let quits = 0;
  const listen = () =>
    onInterrupts(terminal, clock, {
      stop: () => stop.abort(),
      hangUp: () => hangUp.abort(),
      quit: () => void quits++,
    });

  it("ends the pause and calls nobody more", async () => {
    const end = listen();
    const running = run([one, two], busy);
    await clock.advance(10_000);
    terminal.emit("SIGINT");
    expect(await running).toMatchObject({ reports: [{ outcome: "busy" }], notCalled: [two] });
    expect(clock.pendingTimers).toBe(0);
    end();
    expect(terminal.listenerCount("SIGINT") + terminal.listenerCount("SIGTERM")).toBe(0);
  });

  it("finishes the call in flight; twice ends it; one key press that comes twice is one", async () => {
    const end = listen();
    let onEnded = (): void => {};
    const ended = new Promise<void>((resolve) => {
      onEnded = resolve;
    });
    const signals: (AbortSignal | undefined)[] = [];
    const running = run([one, two], async (_number, _appointment, options) => {
      signals.push(options.signal);
      return answered(options, ended, onEnded);
    });
    await clock.advance(5_000);
    terminal.emit("SIGINT");
    terminal.emit("SIGINT");
    await clock.advance(5_000);
    expect(stop.signal.aborted).toBe(true);
    expect(signals[0]?.aborted).toBe(false);
    terminal.emit("SIGINT");
    expect(signals[0]?.aborted).toBe(true);
    expect(await running).toMatchObject({ reports: [{ outcome: "answered" }], notCalled: [two] });
    terminal.emit("SIGTERM");
    expect(quits).toBe(0);
    await clock.advance(5_000);
    terminal.emit("SIGINT");
    expect(quits).toBe(1);
    end();
  });
});
