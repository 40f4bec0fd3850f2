import type { Appointment } from "@clinic/sip-voice";
import { clinicNumbers } from "../lab/clinic-data.ts";
import type { Lab } from "../lab/lab.ts";
import type { CallEvidence } from "./call-evidence.ts";
import { type CallReport, reportOf } from "./call-report.ts";
import { CallWatch } from "./call-watch.ts";
import type { DemoCall } from "./demo-call.ts";
import type { LiveView } from "./live-view.ts";
import type { ModelTalk } from "./model-talk.ts";
import { callBefore, callIn, callOut, type PlacedCall } from "./placed-call.ts";

const recordWithinMs = 10_000;
const roomGoneWithinMs = 10_000;

/** What a call of the demo needs. */
export interface CallRunOptions {
  readonly lab: Lab;
  readonly view: LiveView;
  readonly talk: ModelTalk;
  readonly signal: AbortSignal;
  /** Keeps the call's audio; returns the file. */
  readonly keepAudio?: ((call: DemoCall, evidence: CallEvidence) => Promise<string | undefined>) | undefined;
}

/** Runs one call and judges it. Never rejects: what goes wrong is part of the report. */
export async function runCall(call: DemoCall, options: CallRunOptions): Promise<CallReport> {
  const { lab, view, talk, signal } = options;
  const startedAt = performance.now();
  const watch = new CallWatch(call, lab, view, talk);
  const appointment = (): Promise<Appointment | undefined> =>
    lab.database.appointments.get(call.patient.appointmentId);
  const others = async (): Promise<string> =>
    JSON.stringify(await Promise.all((call.others ?? []).map((id) => lab.database.appointments.get(id))));
  const [before, othersBefore] = [await appointment(), await others()];
  lab.telephone(clinicNumbers.operator).behaviour = call.operator ?? { kind: "answers", afterMs: 500 };
  let placed: PlacedCall = { outcome: "not-answered" };
  let trouble: string | undefined;
  try {
    if (call.direction === "inbound" && call.calledBefore && before)
      await callBefore(call.patient.phoneNumber, call.calledBefore, lab, before);
    if (call.direction === "inbound") placed = await callIn(call, lab, watch);
    else if (before) placed = await callOut(call, lab, watch, before, signal);
  } catch (error) {
    trouble = (error as Error).message;
  }
  await watch.close(placed.outcome === "answered" ? recordWithinMs : 0);
  const evidence: CallEvidence = {
    outcome: placed.outcome,
    refusedBy: placed.refusedBy ?? [],
    conversation: placed.conversation,
    line: placed.line,
    record: watch.record,
    modelSaid: watch.modelSaid.map(({ text }) => text),
    rings: lab.sip
      .rings()
      .filter(({ room, number }) =>
        call.direction === "inbound" ? room === placed.room : number === call.patient.phoneNumber,
      ),
    before,
    after: await appointment(),
    othersChanged: (await others()) !== othersBefore,
    oldSlotFree: before !== undefined && (await isFree(lab, before)),
    roomGone: await isGone(lab, placed.room),
    trouble,
  };
  const audio = await options.keepAudio?.(call, evidence);
  const report = reportOf(call, evidence, {
    scripted: lab.gemini !== undefined,
    seconds: Math.round((performance.now() - startedAt) / 100) / 10,
    ...(audio === undefined ? {} : { audio }),
  });
  if (!signal.aborted)
    view.show(call.name, report.ok ? "good" : "bad", report.ok ? "as it should be" : failures(report));
  return report;
}

function failures({ checks }: CallReport): string {
  return `NOT as it should be: ${checks
    .filter(({ ok }) => ok === false)
    .map(({ what, seen }) => `${what} (${seen})`)
    .join(", ")}`;
}

async function isFree({ database }: Lab, { clinicId, start, slotId }: Appointment): Promise<boolean> {
  const to = new Date(Date.parse(start) + 60_000).toISOString();
  const slots = await database.appointments.openSlots({ clinicId, from: start, to, limit: 100 });
  return slots.some(({ id }) => id === slotId);
}

async function isGone({ rooms }: Lab, room: string | undefined): Promise<boolean> {
  if (room === undefined) return true;
  const deadline = performance.now() + roomGoneWithinMs;
  for (;;) {
    const found = await rooms.listRooms([room]).catch(() => undefined);
    if (found?.length === 0) return true;
    if (performance.now() >= deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
