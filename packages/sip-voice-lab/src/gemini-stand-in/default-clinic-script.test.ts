import { describe, expect, it } from "vitest";
import { utterances } from "../voice/utterances.ts";
import { appointmentWords, firstName, quotedSentence, todayIn } from "./clinic-instruction.ts";
import { clinicScript, defaultClinicScript } from "./default-clinic-script.ts";
import { type GeminiScript, replyTo, type ScriptCue } from "./script.ts";
import { ScriptMemory } from "./script-memory.ts";

function memory(systemInstruction = ""): ScriptMemory {
  const made = new ScriptMemory();
  made.begin({ systemInstruction: { parts: [{ text: systemInstruction }] } });
  return made;
}

function follow(cue: ScriptCue, context: ScriptMemory, script: GeminiScript = defaultClinicScript) {
  if (cue.kind === "utterance") context.utterance = cue.utterance;
  if (cue.kind === "instruction") context.instruction = cue.text;
  const reply = replyTo(script, cue, context);
  const say = typeof reply?.say === "function" ? reply.say(context) : reply?.say;
  return { say, tool: reply?.call?.tool, args: reply?.call?.args?.(context) };
}

function said(key: string): ScriptCue {
  return { kind: "utterance", utterance: utterances.find((entry) => entry.key === key)! };
}

function answers(context: ScriptMemory, tool: string, result: unknown): ScriptCue {
  context.answered({
    id: "1",
    name: tool,
    response: { output: typeof result === "string" ? result : JSON.stringify(result) },
  });
  return { kind: "tool-result", tool };
}

const slots = [
  { slotId: "slot-1", start: "2026-11-26T09:00:00Z", spoken: "Thursday at nine" },
  { slotId: "slot-2", start: "2026-11-27T15:00:00Z", spoken: "Friday at three" },
];

describe("script", () => {
  it("follows the first rule that fits, and otherwise the default", () => {
    const script: GeminiScript = {
      rules: [
        { when: { instruction: /one/g, if: (context) => context.toolResults.has("x") }, say: "with result" },
        { when: { instruction: /one/g }, say: "without" },
      ],
      otherwise: { say: "default" },
    };
    const context = memory();
    for (let round = 0; round < 2; round += 1)
      expect(follow({ kind: "instruction", text: "one" }, context, script).say).toBe("without");
    answers(context, "x", "plain words");
    expect(context.toolResults.get("x")).toBe("plain words");
    expect(follow({ kind: "instruction", text: "one" }, context, script).say).toBe("with result");
    expect(follow({ kind: "instruction", text: "two" }, context, script).say).toBe("default");
    expect(replyTo(script, { kind: "unrecognised-speech" }, context)).toBeUndefined();
  });
});

describe("default clinic script", () => {
  it("greets with the name and the appointment that it was told", () => {
    const system = memory(
      "The patient is Maria Example. Her appointment is on Tuesday, November 24 at 10:30 a.m. with Dr. Lee.",
    );
    expect(follow({ kind: "instruction", text: "Greet the caller." }, system).say).toBe(
      "Hello Maria, this is the clinic. Your appointment is on Tuesday, November 24 at 10:30 a.m. with Dr. Lee. How can I help you?",
    );
    expect(follow({ kind: "instruction", text: "Greet Omar by name." }, memory()).say).toBe(
      "Hello Omar, this is the clinic. How can I help you?",
    );
    expect(follow({ kind: "instruction", text: 'Say exactly: "One moment, please."' }, memory()).say).toBe(
      "One moment, please.",
    );
  });

  it("moves the appointment to the Friday that the tool offered, in the tool's own words", () => {
    const context = memory("Today is 2026-11-22.");
    expect(follow(said("want-friday"), context)).toMatchObject({
      tool: "findOpenSlots",
      args: { from: "2026-11-22" },
    });
    expect(follow(answers(context, "findOpenSlots", { slots }), context)).toMatchObject({
      tool: "reschedule",
      args: { slotId: "slot-2" },
    });
    const done = answers(context, "reschedule", { ok: true, spoken: "Friday the 27th at three" });
    expect(follow(done, context).say).toContain("Friday the 27th at three");
  });

  it("reads a proposed time back, and books it after a yes", () => {
    const context = memory();
    context.tools = ["findOpenSlots", "proposeSlot", "reschedule"];
    follow(said("want-friday"), context);
    expect(follow(answers(context, "findOpenSlots", { slots }), context)).toMatchObject({
      tool: "proposeSlot",
      args: { slotId: "slot-2" },
    });
    const proposed = answers(context, "proposeSlot", { ok: true, proposal: 3, spoken: "Friday at three" });
    expect(follow(proposed, context).say).toBe("I can move it to Friday at three. Shall I do that?");
    expect(follow(said("yes"), context)).toMatchObject({ tool: "reschedule", args: { proposal: 3 } });
    const done = answers(context, "reschedule", { ok: true, spoken: "Friday at three" });
    expect(follow(done, context).say).toContain("Friday at three");
    expect(follow(said("confirm"), context).tool).toBe("confirmAppointment");
    expect(follow(answers(context, "proposeSlot", { ok: false }), context).say).toContain("taken");
  });

  it("finds Friday by the date when the tool has no words, and says so when there is none or it is gone", () => {
    const context = memory();
    expect(follow(said("want-friday"), context).args).toEqual({});
    const wordless = slots.map(({ slotId, start }) => ({ slotId, start }));
    expect(follow(answers(context, "findOpenSlots", { slots: wordless }), context).args).toEqual({
      slotId: "slot-2",
    });
    expect(follow(answers(context, "reschedule", { ok: false }), context).say).toContain("taken");
    expect(follow(answers(context, "findOpenSlots", { slots: slots.slice(0, 1) }), context).say).toContain(
      "nothing open on Friday",
    );
    expect(follow(answers(context, "findOpenSlots", "the calendar can't be reached"), context).say).toContain(
      "nothing open",
    );
  });

  it.each([
    ["confirm", "confirmAppointment"],
    ["cancel", "cancelAppointment"],
    ["operator", "transferToOperator"],
    ["goodbye", "endCall"],
    ["open-slots", "findOpenSlots"],
  ])("answers %s with %s", (key, tool) => {
    expect(follow(said(key), memory()).tool).toBe(tool);
  });

  it("takes other tool names, and offers the slots when no day was asked for", () => {
    const script = clinicScript({ findOpenSlots: "listSlots" });
    const context = memory();
    expect(follow(said("open-slots"), context, script).tool).toBe("listSlots");
    expect(follow(answers(context, "listSlots", { slots }), context, script).say).toBe(
      "I can offer you Thursday at nine, or Friday at three.",
    );
  });
});

describe("reading an instruction", () => {
  it.each([
    ["The patient's first name is Amina.", "Amina"],
    ["Patient: Amina Example", "Amina"],
    ["Patient name: Amina", "Amina"],
    ["You are speaking with Jürgen about", "Jürgen"],
    ["You are calling O'Neil.", "O'Neil"],
    ["Say hello.", undefined],
  ])("finds the first name in %j", (text, name) => {
    expect(firstName(text)).toBe(name);
  });

  it("finds appointment, quotation and today", () => {
    expect(appointmentWords("Their appointment: Friday 3 pm with Dr Lee; be kind")).toBe(
      "on Friday 3 pm with Dr Lee",
    );
    expect(appointmentWords("Talk about the appointment.")).toBeUndefined();
    expect(quotedSentence("Say “Hello there.” now")).toBe("Hello there.");
    expect(todayIn("Today's date is Sunday, 2026-11-22.")).toBe("2026-11-22");
    expect(todayIn("The appointment is on 2026-11-22.")).toBeUndefined();
  });
});
