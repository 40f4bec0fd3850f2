import { llm, type voice } from "@livekit/agents";
import * as z from "zod";
import type { Slot } from "../appointments/appointment.ts";
import type { Language } from "../call/prompt.ts";
import type { Clock } from "../clock.ts";
import type { DeskResult } from "./appointment-desk.ts";
import type { CallRecorder } from "./call-recorder.ts";
import type { ClinicCall } from "./clinic-call.ts";
import { slotSpan } from "./slot-span.ts";
import { spokenTime } from "./spoken-time.ts";

/** What the tools of a call need. */
export interface ToolOptions {
  readonly call: ClinicCall;
  readonly recorder: CallRecorder;
  readonly clock: Clock;
  readonly language: Language;
}

/** How a failure is put to the model, so that it tells the patient the truth. */
function refusal(result: DeskResult & { ok: false }): { ok: false; reason: string; tell: string } {
  const tell =
    result.reason === "SlotTaken"
      ? "That time has just been taken. Offer another one from findOpenSlots."
      : result.reason === "SlotNotOffered"
        ? "Only a time that findOpenSlots gave in this call can be taken. Call it first."
        : "It was not saved. Tell the patient so, and offer the operator.";
  return { ok: false, reason: result.reason, tell };
}

/**
 * The tools of one call. All are bound to the call's own appointment: none takes a telephone number, a name or an
 * appointment's id, and a slot only counts if this call was offered it.
 */
export function clinicTools({ call, recorder, clock, language }: ToolOptions) {
  const spoken = ({ start, timeZone }: { start: string; timeZone: string }): string =>
    spokenTime(start, timeZone, language);

  /** Runs a tool: never interrupted, since an interrupted tool call leaves the model deaf; never throwing, for the same reason. */
  async function run<Result extends object>(
    ctx: voice.RunContext,
    name: string,
    work: () => Promise<Result>,
  ) {
    try {
      ctx.disallowInterruptions();
    } catch {
      // The framework refuses it once the speech was interrupted. The patient may have taken back what they asked for.
      recorder.add({ type: "tool", name, result: "interrupted" });
      return {
        ok: false,
        reason: "Interrupted",
        tell: "The patient spoke meanwhile, and nothing was done. Listen to them first.",
      };
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
      return {
        ok: false,
        reason: "StoreUnavailable",
        tell: "It can't be looked up now. Offer the operator.",
      };
    }
  }

  const change =
    (name: "confirm" | "cancel") =>
    async (_: unknown, { ctx }: { ctx: voice.RunContext }) =>
      await run(ctx, `${name}Appointment`, async () => {
        const result = await call.change(name, "voice");
        return result.ok ? { ok: true, spoken: spoken(result.appointment) } : refusal(result);
      });

  return {
    confirmAppointment: llm.tool({
      description: "Confirms this patient's appointment, when the patient says that they will come.",
      execute: change("confirm"),
    }),
    cancelAppointment: llm.tool({
      description:
        "Cancels this patient's appointment. Ask the patient whether they are sure before you use it.",
      execute: change("cancel"),
    }),
    findOpenSlots: llm.tool({
      description: "Finds free times with the same provider. Offer the patient two of them.",
      parameters: z.object({
        from: z.string().optional().describe("Earliest day, as in 2026-11-27; today when left out"),
        to: z.string().optional().describe("Last day; three weeks ahead when left out"),
      }),
      execute: async ({ from, to }, { ctx }) =>
        await run(ctx, "findOpenSlots", async () => {
          const { desk } = call;
          const span = slotSpan({ from, to }, desk.appointment?.timeZone ?? "UTC", clock.now());
          const found = await desk.openSlots(span.from, span.to);
          const slots = found.map((slot: Slot) => ({
            slotId: slot.id,
            start: slot.start,
            spoken: spoken(slot),
          }));
          return { slots };
        }),
    }),
    reschedule: llm.tool({
      description:
        "Moves this patient's appointment to a time that findOpenSlots gave and that the patient chose.",
      parameters: z.object({ slotId: z.string().describe("The slotId of the chosen time") }),
      execute: async ({ slotId }, { ctx }) =>
        await run(ctx, "reschedule", async () => {
          const result = await call.change("reschedule", "voice", slotId);
          return result.ok ? { ok: true, spoken: spoken(result.appointment) } : refusal(result);
        }),
    }),
    preferWalkIn: llm.tool({
      description: "Notes whether the patient would come at short notice when a time falls free.",
      parameters: z.object({ walkIn: z.boolean() }),
      execute: async ({ walkIn }, { ctx }) =>
        await run(ctx, "preferWalkIn", async () => {
          call.preferWalkIn(walkIn);
          return { ok: true };
        }),
    }),
    preferReminder: llm.tool({
      description: "Notes how the patient wants to be reminded.",
      parameters: z.object({
        channel: z.enum(["call", "sms", "none"]),
        hoursBefore: z.number().int().min(1).max(168).optional(),
      }),
      execute: async ({ channel, hoursBefore }, { ctx }) =>
        await run(ctx, "preferReminder", async () => {
          call.preferReminder({ channel, ...(hoursBefore === undefined ? {} : { hoursBefore }) });
          return { ok: true };
        }),
    }),
    transferToOperator: llm.tool({
      description:
        "Connects the patient with a person at the clinic, when they ask for one or you can't help.",
      execute: async (_, { ctx }) =>
        await run(ctx, "transferToOperator", async () => {
          call.askForOperator();
          return {
            ok: true,
            tell: "Tell the patient in one short sentence that you are connecting them now.",
          };
        }),
    }),
    endCall: llm.tool({
      description: "Ends the call, when the patient has said goodbye or needs nothing more.",
      execute: async (_, { ctx }) =>
        await run(ctx, "endCall", async () => {
          // Not awaited: a tool that waits for speech would wait for its own reply.
          void call.endWhenQuiet();
          return { ok: true, tell: "Say goodbye in one short sentence." };
        }),
    }),
  };
}
