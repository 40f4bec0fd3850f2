import { llm } from "@livekit/agents";
import * as z from "zod";
import type { CallTools } from "./call-tools.ts";
import { refusal } from "./tool-run.ts";

/** The tools that see and change the call's own appointment. */
export function appointmentTools(tools: CallTools) {
  const { call, offer } = tools.options;

  const change = (name: "confirm" | "cancel") =>
    tools.own(`${name}Appointment`, async () => {
      const result = await call.change(name, "voice");
      return result.ok ? { ok: true, spoken: tools.spoken(result.appointment) } : refusal(result.reason);
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
    chooseAppointment: llm.tool({
      description:
        "Goes on with another appointment of the same patient. Without a number it lists them, the earliest first.",
      parameters: z.object({
        appointment: z.number().int().optional().describe("The number that the list gave"),
      }),
      execute: tools.own(
        "chooseAppointment",
        async ({ appointment }: { appointment?: number | undefined }) => {
          const own = call.desk.appointmentsOfPatient;
          if (appointment === undefined) {
            return {
              appointments: own.map((one, index) => ({ appointment: index + 1, ...tools.told(one) })),
            };
          }
          const wanted = own[appointment - 1];
          const id = wanted && call.desk.choose(wanted.patient.id, wanted.id);
          if (!id) return refusal("NoAppointment", "There is no such number. List the appointments first.");
          call.appointmentFound(id);
          return { ok: true, ...tools.told(wanted) };
        },
      ),
    }),
    findOpenSlots: llm.tool({
      description: "Finds free times with the same provider. Offer the patient two of them.",
      parameters: z.object({
        from: z.string().optional().describe("Earliest day, as in 2026-11-27; today when left out"),
        to: z.string().optional().describe("Last day; three weeks ahead when left out"),
        partOfDay: z.enum(["morning", "afternoon", "evening"]).optional(),
        anyProvider: z.boolean().optional().describe("true when the patient would see anybody"),
        later: z.boolean().optional().describe("true for the next times after those that were found last"),
      }),
      execute: tools.own("findOpenSlots", async (asked: Parameters<typeof offer.find>[0]) => {
        const found = await offer.find(asked);
        return {
          slots: found.map((slot) => ({
            slotId: slot.id,
            start: slot.start,
            ...(asked.anyProvider ? { provider: slot.provider } : {}),
            spoken: tools.spoken(slot),
          })),
        };
      }),
    }),
    proposeSlot: llm.tool({
      description:
        "Keeps a time that the patient chose from findOpenSlots for two minutes. Read it back and ask for a yes. Nothing is moved yet.",
      parameters: z.object({ slotId: z.string().describe("The slotId of the chosen time") }),
      execute: tools.own("proposeSlot", async ({ slotId }: { slotId: string }) => {
        const held = await offer.propose(slotId);
        if (!held.ok) return refusal(held.reason);
        return {
          ok: true,
          proposal: held.number,
          ...tools.told(held.slot),
          tell: "Read this time back to the patient and ask whether to move the appointment to it. Then wait for their answer.",
        };
      }),
    }),
    reschedule: llm.tool({
      description:
        "Moves this patient's appointment to the time of a proposal, after it was read back and the patient said yes.",
      parameters: z.object({ proposal: z.number().int().describe("The number that proposeSlot gave") }),
      execute: tools.own("reschedule", async ({ proposal }: { proposal: number }) => {
        const answered = offer.answered(proposal);
        if ("reason" in answered) return refusal(answered.reason);
        const result = await call.change("reschedule", "voice", answered.slotId);
        return result.ok ? { ok: true, spoken: tools.spoken(result.appointment) } : refusal(result.reason);
      }),
    }),
    preferWalkIn: llm.tool({
      description: "Notes whether the patient would come at short notice when a time falls free.",
      parameters: z.object({ walkIn: z.boolean() }),
      execute: tools.own("preferWalkIn", async ({ walkIn }: { walkIn: boolean }) => {
        const result = await call.desk.setPreferences({ walkIn });
        if (!result.ok) return refusal(result.reason);
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
      execute: tools.own(
        "preferReminder",
        async (asked: { channel: "call" | "sms" | "none"; hoursBefore?: number | undefined }) => {
          const { channel, hoursBefore } = asked;
          const reminder = { channel, ...(hoursBefore === undefined ? {} : { hoursBefore }) };
          const result = await call.desk.setPreferences({ reminder });
          if (!result.ok) return refusal(result.reason);
          call.preferReminder(reminder);
          return { ok: true };
        },
      ),
    }),
  };
}
