import { appointmentWords, firstName, quotedSentence, todayIn } from "./clinic-instruction.ts";
import { identityRules, wishRules } from "./clinic-script-rules.ts";
import { type ClinicToolNames, clinicToolNames } from "./clinic-tool-names.ts";
import type { GeminiScript, ScriptContext } from "./script.ts";

interface OfferedSlot {
  slotId: string;
  start?: string;
  spoken?: string;
}

/**
 * The conversation of the clinic's agent with the lab's callers. What it says of patient and appointment comes from
 * the instructions it got, slots and confirmations from the tools' answers.
 */
export function clinicScript(names: Partial<ClinicToolNames> = {}): GeminiScript {
  const tools = { ...clinicToolNames, ...names };
  const said = (tool: string, otherwise: string) => (context: ScriptContext) =>
    spokenOf(context, tool) ?? otherwise;
  const friday = (context: ScriptContext) => fridaySlot(slotsOf(context, tools.findOpenSlots));
  return {
    rules: [
      { when: { utterance: "hello" }, say: greeting },
      {
        when: { utterance: ["want-friday", "want-friday-ar"] },
        say: "Of course. Let me look at Friday.",
        call: { tool: tools.findOpenSlots, args: searchFromToday },
      },
      {
        when: {
          toolResult: tools.findOpenSlots,
          if: (context) =>
            wantsFriday(context) &&
            friday(context) !== undefined &&
            context.tools.includes(tools.proposeSlot),
        },
        call: { tool: tools.proposeSlot, args: (context) => ({ slotId: friday(context)?.slotId }) },
      },
      {
        when: { toolResult: tools.proposeSlot, if: (context) => succeeded(context, tools.proposeSlot) },
        say: (context) => `I can move it to ${spokenOf(context, tools.proposeSlot)}. Shall I do that?`,
      },
      { when: { toolResult: tools.proposeSlot }, say: "I am sorry, that time has just been taken." },
      {
        when: {
          utterance: ["yes", "confirm", "confirm-ar"],
          if: (context) => proposalOf(context, tools) !== undefined,
        },
        call: { tool: tools.reschedule, args: (context) => ({ proposal: proposalOf(context, tools) }) },
      },
      {
        when: {
          toolResult: tools.findOpenSlots,
          if: (context) => wantsFriday(context) && friday(context) !== undefined,
        },
        call: { tool: tools.reschedule, args: (context) => ({ slotId: friday(context)?.slotId }) },
      },
      {
        when: { toolResult: tools.findOpenSlots, if: wantsFriday },
        say: "I am sorry, there is nothing open on Friday.",
      },
      {
        when: { toolResult: tools.findOpenSlots },
        say: (context) => offer(slotsOf(context, tools.findOpenSlots)),
      },
      {
        when: { toolResult: tools.reschedule, if: (context) => succeeded(context, tools.reschedule) },
        say: (context) => {
          const spoken = spokenOf(context, tools.reschedule) ?? friday(context)?.spoken ?? "the new time";
          return isSentence(spoken) ? spoken : `Done. Your appointment is now on ${spoken}. Anything else?`;
        },
      },
      {
        when: { toolResult: tools.reschedule },
        say: said(tools.reschedule, "I am sorry, that time has just been taken."),
      },
      { when: { utterance: "open-slots" }, call: { tool: tools.findOpenSlots, args: searchFromToday } },
      { when: { utterance: ["confirm", "confirm-ar"] }, call: { tool: tools.confirmAppointment } },
      {
        when: { toolResult: tools.confirmAppointment },
        say: said(tools.confirmAppointment, "Thank you. You are confirmed."),
      },
      { when: { utterance: "cancel" }, call: { tool: tools.cancelAppointment } },
      {
        when: { toolResult: tools.cancelAppointment },
        say: said(tools.cancelAppointment, "Your appointment is cancelled. Goodbye."),
      },
      {
        when: { utterance: "operator" },
        say: "One moment, please.",
        call: { tool: tools.transferToOperator },
      },
      { when: { toolResult: tools.transferToOperator }, say: said(tools.transferToOperator, "") },
      { when: { utterance: ["goodbye", "no"] }, call: { tool: tools.endCall } },
      { when: { toolResult: tools.endCall }, say: "Thank you for calling. Goodbye!" },
      ...wishRules(tools),
      ...identityRules(tools),
      {
        when: { utterance: "when" },
        say: (context) => `Your appointment is ${appointmentOf(context) ?? "not in my list"}.`,
      },
      { when: { utterance: "repeat" }, say: lastWords },
      {
        when: { instruction: /["“][^"“”]+["”]/ },
        say: (context) => quotedSentence(context.instruction) ?? greeting(context),
      },
      { when: { instruction: /another time with a key/i }, say: "Which day would suit you?" },
      { when: { instruction: /conversation stopped/i }, say: "Where were we? What can I do for you?" },
      { when: { instruction: /ask them to say it again/i }, say: "I am sorry, could you say that again?" },
      {
        when: { instruction: /nothing was found/i },
        say: "I could not find an appointment. How can I help you?",
      },
      { when: { instruction: /goodbye|say good-?bye|end the call/i }, say: "Thank you. Goodbye!" },
      { when: { instruction: /greet|welcome|introduce|appointment|hello/i }, say: greeting },
    ],
    otherwise: { say: "I am sorry, I did not understand. Press zero to speak to a person." },
  };
}

/** {@link clinicScript} with the clinic agent's own tool names. */
export const defaultClinicScript: GeminiScript = clinicScript();

function greeting(context: ScriptContext): string {
  const name = firstName(context.instruction) ?? firstName(context.systemInstruction);
  const appointment = appointmentOf(context);
  const about = appointment === undefined ? "" : ` Your appointment is ${appointment}.`;
  return `Hello${name === undefined ? "" : ` ${name}`}, this is the clinic.${about} How can I help you?`;
}

function appointmentOf(context: ScriptContext): string | undefined {
  return appointmentWords(context.instruction) ?? appointmentWords(context.systemInstruction);
}

function lastWords(context: ScriptContext): string {
  return context.transcript.findLast((entry) => entry.role === "model")?.text ?? greeting(context);
}

/** Only a date that the model was told is passed on; an agent that tells none searches from its own today. */
function searchFromToday(context: ScriptContext): Record<string, unknown> {
  const from = todayIn(context.instruction) ?? todayIn(context.systemInstruction);
  return from === undefined ? {} : { from };
}

function wantsFriday(context: ScriptContext): boolean {
  return context.utterance?.key.startsWith("want-friday") ?? false;
}

function slotsOf(context: ScriptContext, tool: string): OfferedSlot[] {
  const result = context.toolResults.get(tool) as { slots?: OfferedSlot[] } | OfferedSlot[] | undefined;
  return (Array.isArray(result) ? result : result?.slots) ?? [];
}

/** The proposal that was read back and is not booked yet. */
function proposalOf(context: ScriptContext, tools: ClinicToolNames): number | undefined {
  if (context.toolResults.has(tools.reschedule) && succeeded(context, tools.reschedule)) return undefined;
  return (context.toolResults.get(tools.proposeSlot) as { proposal?: number } | undefined)?.proposal;
}

/** The clinic's own words tell the day best: a start in UTC can fall on another day than in the clinic. */
function fridaySlot(slots: readonly OfferedSlot[]): OfferedSlot | undefined {
  return slots.find(({ spoken, start }) =>
    spoken !== undefined && /day\b|الجمعة/i.test(spoken)
      ? /\bfriday\b|الجمعة/i.test(spoken)
      : start !== undefined && new Date(`${start.slice(0, 10)}T00:00:00Z`).getUTCDay() === 5,
  );
}

function offer(slots: readonly OfferedSlot[]): string {
  const times = slots.slice(0, 3).map(({ spoken, start }) => spoken ?? start ?? "");
  return times.length === 0
    ? "I am sorry, there is nothing open."
    : `I can offer you ${times.join(", or ")}.`;
}

function spokenOf(context: ScriptContext, tool: string): string | undefined {
  const result = context.toolResults.get(tool);
  if (typeof result === "string" && result !== "") return result;
  return (result as { spoken?: string } | undefined)?.spoken;
}

function succeeded(context: ScriptContext, tool: string): boolean {
  return (context.toolResults.get(tool) as { ok?: boolean } | undefined)?.ok !== false;
}

function isSentence(text: string): boolean {
  return /[.!?؟]$/.test(text.trim());
}
