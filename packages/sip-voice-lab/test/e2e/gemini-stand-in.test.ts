import { initializeLogger, llm } from "@livekit/agents";
import * as google from "@livekit/agents-plugin-google";
import { AudioFrame } from "@livekit/rtc-node";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { defaultClinicScript } from "../../src/gemini-stand-in/default-clinic-script.ts";
import {
  type GeminiStandIn,
  type GeminiStandInEvent,
  startGeminiStandIn,
} from "../../src/gemini-stand-in/index.ts";
import { callerUtterance, type UtteranceKey } from "../../src/voice/index.ts";

type Session = ReturnType<google.realtime.RealtimeModel["session"]>;

interface Spoken {
  text: string;
  soundMs: number;
  calls: llm.FunctionCall[];
}

let standIn: GeminiStandIn;
let session: Session;
let errors: { error: Error & { statusCode?: number }; recoverable: boolean; type?: string }[];
const generations: llm.GenerationCreatedEvent[] = [];

beforeAll(() => initializeLogger({ pretty: false, level: "silent" }));

beforeEach(async () => {
  standIn = await startGeminiStandIn({ script: defaultClinicScript, pace: 20, turnCompletes: "at-once" });
  generations.length = 0;
  errors = [];
});

afterEach(async () => {
  await session?.close();
  await standIn.stop();
});

function open(apiKey = standIn.apiKey): Session {
  const model = new google.realtime.RealtimeModel({
    apiKey,
    voice: "Kore",
    language: "en-US",
    httpOptions: { baseUrl: standIn.baseUrl },
  });
  session = model.session();
  // A session goes on for a moment after its close: its late errors are not the next test's.
  const own = errors;
  session.on("error", (event) => own.push(event));
  session.on("generation_created", (event) => generations.push(event));
  return session;
}

const text = { type: "string" } as const;
const tools = new llm.ToolContext([
  llm.tool({
    name: "findOpenSlots",
    description: "Finds open slots",
    parameters: { type: "object", properties: { from: text, to: text } },
    execute: async () => "",
  }),
  llm.tool({
    name: "reschedule",
    description: "Moves the appointment",
    parameters: { type: "object", properties: { slotId: text }, required: ["slotId"] },
    execute: async () => "",
  }),
]);

async function openAsAgentDoes(): Promise<Session> {
  const opened = open();
  await opened._updateSession(
    "The patient is Maria Example. Today is 2026-11-22.",
    llm.ChatContext.empty(),
    tools,
  );
  await ready();
  return opened;
}

/** The second session, the one with the tools, is set up. */
function ready(): Promise<GeminiStandInEvent> {
  return standIn.waitFor((event) => event.type === "setup" && event.setup.tools !== undefined);
}

async function read(event: llm.GenerationCreatedEvent): Promise<Spoken> {
  const spoken: Spoken = { text: "", soundMs: 0, calls: [] };
  const messages = (async () => {
    for await (const message of event.messageStream) {
      const reading = (async () => {
        for await (const piece of message.textStream) spoken.text += piece;
      })();
      for await (const frame of message.audioStream)
        spoken.soundMs += (frame.samplesPerChannel * 1000) / frame.sampleRate;
      await reading;
    }
  })();
  for await (const call of event.functionStream) spoken.calls.push(call);
  await messages;
  return spoken;
}

async function generation(index: number): Promise<Spoken> {
  await expect.poll(() => generations.length, { timeout: 5_000 }).toBeGreaterThan(index);
  return read(generations[index]!);
}

async function say(key: UtteranceKey, sampleRate: number): Promise<void> {
  const { samples } = await callerUtterance(key, { sampleRate });
  const padded = new Int16Array(samples.length + sampleRate * 0.7);
  padded.set(samples);
  const chunk = sampleRate / 50;
  for (let at = 0; at + chunk <= padded.length; at += chunk) {
    session.pushAudio(new AudioFrame(padded.slice(at, at + chunk), sampleRate, 1, chunk));
  }
}

async function answerTool(call: llm.FunctionCall, output: unknown): Promise<void> {
  const chatCtx = session.chatCtx.copy();
  chatCtx.items.push(
    llm.FunctionCallOutput.create({
      callId: call.callId,
      name: call.name,
      output: JSON.stringify(output),
      isError: false,
    }),
  );
  await session.updateChatCtx(chatCtx);
}

describe("LiveKit's Gemini plugin with the stand-in", () => {
  it("opens two sockets, closes the first with 1000, and sets up instructions, tools, voice and language", async () => {
    await openAsAgentDoes();
    await standIn.waitFor((event) => event.type === "closed" && event.sessionId === "gemini-1");
    expect(standIn.sessions.map((each) => each.open)).toEqual([false, true]);
    expect(standIn.sessions[1]?.memory).toMatchObject({
      language: "en-US",
      tools: ["findOpenSlots", "reschedule"],
    });
    expect(
      standIn.sessions[1]?.setup?.generationConfig?.speechConfig?.voiceConfig?.prebuiltVoiceConfig?.voiceName,
    ).toBe("Kore");
    expect(errors).toEqual([]);
  });

  it("speaks as the instructions of generateReply say, with what the system instruction knows", async () => {
    await openAsAgentDoes();
    const spoken = await read(
      await session.generateReply("Greet the caller. The appointment is on Tuesday at ten."),
    );
    expect(spoken.text).toBe(
      "Hello Maria, this is the clinic. Your appointment is on Tuesday at ten. How can I help you?",
    );
    expect(spoken.soundMs).toBeGreaterThan(3_000);
    await session.updateInstructions("The patient is now called Omar.");
    await standIn.waitFor((event) => event.type === "content" && event.text.includes("Omar"));
    expect(standIn.sessions[1]?.memory.systemInstruction).toContain("Omar");
  });

  it.each([16_000, 24_000, 48_000])(
    "moves an appointment by voice: audio at %i Hz, tools, the tool's own words",
    async (sampleRate) => {
      await openAsAgentDoes();
      const transcripts: string[] = [];
      session.on("input_audio_transcription_completed", (event) => transcripts.push(event.transcript));
      await say("want-friday", sampleRate);
      const first = await generation(0);
      expect(first.calls[0]).toMatchObject({ name: "findOpenSlots", args: '{"from":"2026-11-22"}' });
      expect(transcripts).toContain("I'd like to come on Friday instead, please.");
      const slots = [
        { slotId: "a", start: "2026-11-26T09:00Z", spoken: "Thursday" },
        { slotId: "b", start: "2026-11-27T09:00Z", spoken: "Friday at nine" },
      ];
      await answerTool(first.calls[0]!, { slots });
      const second = await generation(1);
      expect(second.calls[0]).toMatchObject({ name: "reschedule", args: '{"slotId":"b"}' });
      await answerTool(second.calls[0]!, { ok: true, spoken: "Friday, November 27, at nine" });
      expect((await generation(2)).text).toContain("Friday, November 27, at nine");
    },
  );

  it("loses what the caller says while a tool has no answer, and hears again after it", async () => {
    await openAsAgentDoes();
    await say("want-friday", 16_000);
    const { calls } = await generation(0);
    await say("hello", 16_000);
    await answerTool(calls[0]!, { slots: [] });
    expect((await generation(1)).text).toContain("nothing open on Friday");
    await say("hello", 16_000);
    expect((await generation(2)).text).toContain("Hello Maria");
    expect(standIn.events.filter((event) => event.type === "utterance")).toHaveLength(2);
  });

  it("connects anew on goAway and resumes", async () => {
    await openAsAgentDoes();
    await read(await session.generateReply("Greet the caller."));
    await standIn.waitFor((event) => event.type === "turn-complete");
    standIn.goAway();
    await standIn.waitFor((event) => event.type === "setup" && event.resumed);
    expect((await read(await session.generateReply("Greet the caller."))).text).toContain("Hello Maria");
    expect(errors).toEqual([]);
  });
});

describe("what the plugin makes of failures", () => {
  it("reports a wrong key as an error that can't be recovered from", async () => {
    open("wrong-key");
    await expect.poll(() => errors.length).toBe(1);
    expect(errors[0]?.recoverable).toBe(false);
    expect(errors[0]?.error).toMatchObject({
      statusCode: 1007,
      message: "API key not valid. Please pass a valid API key.",
    });
  });

  it.each([1005, 1006, 1008, 1011])("reports a close with %i at once, without a type", async (code) => {
    await openAsAgentDoes();
    standIn.closeSessions(code, "Internal error");
    await expect.poll(() => errors.length).toBe(1);
    expect(errors[0]).toMatchObject({ recoverable: false, error: { statusCode: code } });
    // Without `type: "realtime_model_error"` AgentSession emits no error, and closes all the same.
    expect(errors[0]?.type).toBeUndefined();
  });

  it("stays silent on a close with 1000: a zombie whose replies never come", async () => {
    await openAsAgentDoes();
    standIn.closeSessions(1000);
    await standIn.waitFor((event) => event.type === "closed" && event.by === "stand-in");
    await expect(session.generateReply("Greet the caller.")).rejects.toThrow("timed out");
    expect(errors).toEqual([]);
    expect(standIn.sessions).toHaveLength(2);
  });

  it("can be brought back after any close by changing an option, history and all", async () => {
    await openAsAgentDoes();
    await read(await session.generateReply("Greet the caller."));
    for (const [index, code] of [1000, 1011].entries()) {
      standIn.closeSessions(code);
      session.updateOptions({ temperature: 0.7 + index / 100 });
      await expect
        .poll(() => standIn.sessions.filter((each) => each.open && each.setup).length, { timeout: 5_000 })
        .toBe(1);
      expect((await read(await session.generateReply("Greet the caller."))).text).toContain("Hello Maria");
    }
  });

  it("gives an empty generation for an empty turn", async () => {
    await openAsAgentDoes();
    standIn.failNext({ at: "reply", kind: "empty" });
    expect(await read(await session.generateReply("Greet the caller."))).toEqual({
      text: "",
      soundMs: 0,
      calls: [],
    });
  });
});
