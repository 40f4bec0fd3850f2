import {
  type Appointment,
  type AppointmentStore,
  type CallLog,
  type CallResult,
  type CallState,
  type Clock,
  type MakeCallOptions,
  pause,
  type Retry,
} from "@clinic/sip-voice";
import type { CallListRow } from "./call-list-row.ts";
import { watchCallState } from "./live-state.ts";
import { type RowReport, reportOfResult } from "./row-report.ts";

/** What happens while a list is worked off. */
export type CallerProgress =
  | { readonly type: "state"; readonly number: number; readonly row: CallListRow; readonly state: CallState }
  | { readonly type: "done"; readonly number: number; readonly report: RowReport };

/** What {@link callRows} needs. */
export interface CallerOptions {
  readonly rows: readonly CallListRow[];
  /** The clinic's appointments. */
  readonly appointments: Pick<AppointmentStore, "get">;
  /** Where the agent writes; read for the live state. */
  readonly callLog: Pick<CallLog, "read">;
  /** `makeCall`, or what a test puts in its place. */
  readonly call: (
    phoneNumber: string,
    appointment: Appointment,
    options: MakeCallOptions,
  ) => Promise<CallResult>;
  readonly clock: Clock;
  /** From the end of a call to the next one. */
  readonly pauseMs: number;
  /** Finish the call in flight, begin no other. */
  readonly stop: AbortSignal;
  /** End the call in flight too. */
  readonly hangUp: AbortSignal;
  readonly onProgress: (progress: CallerProgress) => void;
}

/** What became of a list. */
export interface CallerReport {
  /** What became of each row, in order, as far as the run got. */
  readonly reports: readonly RowReport[];
  /** The rows that the run did not get to, the one at which it broke included. */
  readonly notCalled: readonly CallListRow[];
  /** What broke, when something did: a database or a LiveKit server that does not answer. */
  readonly failure?: unknown;
}

/** Calls the rows one after the other. A busy line or a refusal goes on to the next row; what is broken ends the run. */
export async function callRows(options: CallerOptions): Promise<CallerReport> {
  const { rows, clock, pauseMs, stop, onProgress } = options;
  const reports: RowReport[] = [];
  const notCalled = () => rows.slice(reports.length);
  for (const [index, row] of rows.entries()) {
    if (reports.at(-1)?.rang) await pause(clock, pauseMs, stop);
    if (stop.aborted) break;
    const number = index + 1;
    try {
      const report = await callRow(options, row, (state) =>
        onProgress({ type: "state", number, row, state }),
      );
      reports.push(report);
      onProgress({ type: "done", number, report });
    } catch (failure) {
      return { reports, notCalled: notCalled(), failure };
    }
  }
  return { reports, notCalled: notCalled() };
}

/** Why a row is not called. `after-review`: list and database do not fit, and a person has to look why. */
function reasonToSkip(
  row: CallListRow,
  appointment: Appointment | undefined,
  now: number,
): { readonly reason: string; readonly retry: Retry } | undefined {
  const expected = (reason: string) => ({ reason, retry: "never" as const });
  const misfit = (reason: string) => ({ reason, retry: "after-review" as const });
  if (!appointment) return misfit("The database has no such appointment.");
  // A list that is out of date must not tell a stranger of somebody's appointment.
  if (appointment.patient.phoneNumber !== row.phoneNumber)
    return misfit("The database has another number for the patient.");
  if (appointment.status === "cancelled") return expected("The appointment is cancelled.");
  if (!(Date.parse(appointment.start) > now)) return expected("The appointment has begun or is over.");
  return undefined;
}

async function callRow(
  options: CallerOptions,
  row: CallListRow,
  onState: (state: CallState) => void,
): Promise<RowReport> {
  const { appointments, call, clock, hangUp } = options;
  const appointment = await appointments.get(row.appointmentId);
  const skip = reasonToSkip(row, appointment, clock.now());
  if (skip || !appointment) {
    return {
      row,
      outcome: "skipped",
      retry: skip?.retry ?? "after-review",
      rang: false,
      reasons: skip ? [skip.reason] : [],
    };
  }
  const callId = crypto.randomUUID();
  const over = new AbortController();
  const watched = watchCallState(options, callId, over.signal, onState);
  try {
    const { attemptId, consent } = row;
    const result = await call(row.phoneNumber, appointment, { attemptId, callId, consent, signal: hangUp });
    // The attempt's call is another one when the ledger knew the attempt: nobody was rung now.
    const earlier = result.callId !== callId;
    if (result.outcome !== "answered") return reportOfResult(row, result, earlier);
    const onHangUp = (): void => void result.hangUp().catch(() => {});
    if (hangUp.aborted) onHangUp();
    hangUp.addEventListener("abort", onHangUp, { once: true });
    const { disposition } = await result.ended;
    hangUp.removeEventListener("abort", onHangUp);
    return { ...reportOfResult(row, result, earlier), disposition };
  } finally {
    over.abort();
    await watched;
  }
}
