import type { voice } from "@livekit/agents";
import type { CallRecorder } from "../call/call-recorder.ts";

/** What a tool answers that did nothing: why, and what the model is to tell. */
export interface ToolRefusal {
  readonly ok: false;
  readonly reason: string;
  readonly tell: string;
}

const tells: Readonly<Record<string, string>> = {
  SlotTaken: "That time has just been taken. Offer another one from findOpenSlots.",
  SlotNotOffered: "Only a time that findOpenSlots gave in this call can be taken. Call it first.",
  NotProposed: "First use proposeSlot, read its time back to the patient, and wait for their answer.",
  NotAnswered:
    "It is not booked yet. Read the proposed time back to the patient, and book it only after they said yes to it.",
  NoAppointment:
    "There is no appointment to change. It was not saved. Tell the patient so, and offer the operator.",
};

/** How a failure is put to the model, so that it tells the patient the truth. */
export function refusal(reason: string, tell?: string): ToolRefusal {
  const other = "It was not saved. Tell the patient so, and offer the operator.";
  return { ok: false, reason, tell: tell ?? tells[reason] ?? other };
}

/** Runs a tool: never interrupted, since an interrupted tool call leaves the model deaf; never throwing, for the same reason. */
export async function runTool<Result extends object>(
  recorder: CallRecorder,
  ctx: voice.RunContext,
  name: string,
  work: () => Promise<Result>,
): Promise<Result | ToolRefusal> {
  try {
    ctx.disallowInterruptions();
  } catch {
    // The framework refuses it once the speech was interrupted. The patient may have taken back what they asked for.
    recorder.add({ type: "tool", name, result: "interrupted" });
    return refusal("Interrupted", "The patient spoke meanwhile, and nothing was done. Listen to them first.");
  }
  try {
    const result = await work();
    recorder.add({
      type: "tool",
      name,
      result: "ok" in result && result.ok === false ? "refused" : "done",
    });
    // As it is: the framework turns it into JSON, and a text would become JSON inside JSON.
    return result;
  } catch {
    recorder.add({ type: "tool", name, result: "failed" });
    return refusal("StoreUnavailable", "It can't be looked up now. Offer the operator.");
  }
}
