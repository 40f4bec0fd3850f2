import { afterEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { scaleSamples, silence } from "../voice/pcm.ts";
import { callerUtterance, type UtteranceKey } from "../voice/utterances.ts";
import { type GeminiStandIn, type GeminiStandInOptions, startGeminiStandIn } from "./gemini-stand-in.ts";
import type { GeminiScript } from "./script.ts";

const script: GeminiScript = {
  rules: [
    { when: { utterance: "hello" }, say: "Hello to you." },
    {
      when: { utterance: "want-friday" },
      call: { tool: "lookUp", args: () => ({ day: "friday", keep_me: 1 }) },
    },
    {
      when: { toolResult: "lookUp" },
      say: (context) => `It is ${(context.toolResults.get("lookUp") as { time: string }).time}.`,
    },
    { when: { utterance: "cancel" }, call: { tool: "notDeclared" } },
    {
      when: { instruction: /say long/i },
      say: "This is a long sentence that can well be interrupted, because it takes its time.",
    },
  ],
  otherwise: { say: "Pardon?" },
};

const setup = {
  model: "models/gemini-live",
  generationConfig: { responseModalities: ["AUDIO"], speechConfig: { languageCode: "en-US" } },
  systemInstruction: { parts: [{ text: "You are the clinic's agent." }] },
  tools: [{ functionDeclarations: [{ name: "lookUp" }] }],
  inputAudioTranscription: {},
  outputAudioTranscription: {},
  sessionResumption: {},
};

interface ServerMessage {
  setupComplete?: object;
  serverContent?: {
    modelTurn?: { parts: { inlineData: { mimeType: string; data: string } }[] };
    inputTranscription?: { text: string };
    outputTranscription?: { text: string };
    interrupted?: boolean;
    generationComplete?: boolean;
    turnComplete?: boolean;
  };
  usageMetadata?: { responseTokenCount: number };
  toolCall?: { functionCalls: { id: string; name: string; args: object }[] };
  toolCallCancellation?: { ids: string[] };
  goAway?: { timeLeft: string };
  sessionResumptionUpdate?: { newHandle: string };
}

class RawClient {
  readonly messages: ServerMessage[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly socket: WebSocket;

  constructor(
    standIn: GeminiStandIn,
    {
      key = standIn.apiKey,
      path = "//ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent",
    } = {},
  ) {
    this.socket = new WebSocket(`${standIn.baseUrl.replace("http", "ws")}${path}?key=${key}`);
    this.socket.on("message", (data) => this.messages.push(JSON.parse(data.toString()) as ServerMessage));
    this.socket.on("error", () => {});
    this.closed = new Promise((resolve) => {
      this.socket.on("close", (code, reason) => resolve({ code, reason: reason.toString() }));
    });
  }

  async open(first: object = { setup }): Promise<this> {
    await new Promise((resolve) => this.socket.once("open", resolve));
    this.send(first);
    await this.until((message) => message.setupComplete !== undefined);
    return this;
  }

  send(message: object): void {
    this.socket.send(JSON.stringify(message));
  }

  async say(key: UtteranceKey, level = 1): Promise<void> {
    const { samples } = await callerUtterance(key, { sampleRate: 16_000 });
    this.hear(scaleSamples(samples, level));
    this.hear(silence(600, 16_000));
  }

  hear(samples: Int16Array): void {
    for (let at = 0; at < samples.length; at += 800) {
      const data = Buffer.from(Int16Array.from(samples.subarray(at, at + 800)).buffer).toString("base64");
      this.send({ realtimeInput: { audio: { mimeType: "audio/pcm", data } } });
    }
  }

  async until(fits: (message: ServerMessage) => boolean): Promise<ServerMessage> {
    const deadline = Date.now() + 8_000;
    for (;;) {
      const found = this.messages.find(fits);
      if (found !== undefined) return found;
      if (Date.now() > deadline)
        throw new Error(`no such message among ${JSON.stringify(this.messages).slice(0, 2_000)}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  get spoken(): string {
    return this.messages.map((message) => message.serverContent?.outputTranscription?.text ?? "").join("");
  }

  get soundMs(): number {
    const parts = this.messages.flatMap((message) => message.serverContent?.modelTurn?.parts ?? []);
    return parts.reduce((sum, part) => sum + Buffer.from(part.inlineData.data, "base64").length / 48, 0);
  }
}

const turnComplete = (message: ServerMessage) => message.serverContent?.turnComplete === true;
const generateReply = (instructions: string) => ({
  clientContent: {
    turns: [
      { role: "model", parts: [{ text: instructions }] },
      { role: "user", parts: [{ text: "." }] },
    ],
    turnComplete: true,
  },
});

let standIn: GeminiStandIn;
async function start(options: Partial<GeminiStandInOptions> = {}): Promise<GeminiStandIn> {
  standIn = await startGeminiStandIn({ script, pace: 20, turnCompletes: "at-once", ...options });
  return standIn;
}
afterEach(() => standIn.stop());

describe("connection", () => {
  it("answers setup, and a close frame with code 1000", async () => {
    const client = await new RawClient(await start()).open();
    expect(standIn.baseUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    client.socket.close();
    expect((await client.closed).code).toBe(1000);
    await standIn.waitFor((event) => event.type === "closed" && event.by === "client");
    expect(standIn.sessions.map((session) => session.open)).toEqual([false]);
  });

  it("refuses a wrong key as Gemini does", async () => {
    const client = new RawClient(await start(), { key: "wrong" });
    expect(await client.closed).toEqual({
      code: 1007,
      reason: "API key not valid. Please pass a valid API key.",
    });
  });

  it("refuses other paths, a first message without setup, broken JSON and an unknown handle", async () => {
    await start();
    expect((await new RawClient(standIn, { path: "/elsewhere" }).closed).code).toBe(1006);
    for (const [message, code] of [
      [generateReply("x"), 1007],
      [{ setup: { ...setup, sessionResumption: { handle: "gone" } } }, 1008],
    ] as const) {
      const client = new RawClient(standIn);
      client.socket.once("open", () => client.send(message));
      expect((await client.closed).code).toBe(code);
    }
    const client = await new RawClient(standIn).open();
    client.socket.send("{");
    expect((await client.closed).code).toBe(1007);
    expect((await fetch(`${standIn.baseUrl}/v1beta/models`)).status).toBe(404);
  });

  it("takes snake_case as Python's client sends it, and leaves a tool's own names alone", async () => {
    const client = await new RawClient(await start()).open({
      setup: {
        generation_config: { speech_config: { language_code: "ar-XA" } },
        system_instruction: { parts: [{ text: "Hi" }] },
        tools: [{ function_declarations: [{ name: "lookUp" }] }],
        output_audio_transcription: {},
      },
    });
    expect(standIn.sessions[0]?.memory).toMatchObject({
      language: "ar-XA",
      systemInstruction: "Hi",
      tools: ["lookUp"],
    });
    const { samples } = await callerUtterance("want-friday", { sampleRate: 16_000 });
    const data = Buffer.from(samples.buffer).toString("base64");
    client.send({
      realtime_input: { media_chunks: [{ mime_type: "audio/pcm;rate=16000", data }], audio_stream_end: true },
    });
    const { toolCall } = await client.until((message) => message.toolCall !== undefined);
    const call = toolCall?.functionCalls[0];
    expect(call?.args).toEqual({ day: "friday", keep_me: 1 });
    client.send({
      tool_response: {
        function_responses: [{ id: call?.id, name: "lookUp", response: { output: '{"time":"ten_thirty"}' } }],
      },
    });
    await client.until(turnComplete);
    expect(client.spoken).toBe("It is ten_thirty.");
  });
});

describe("conversation", () => {
  it("answers what it hears: transcript, speech, generationComplete, turnComplete with usage", async () => {
    const client = await new RawClient(await start({ thinkTimeMs: 50 })).open();
    await client.say("hello", 0.2);
    const last = await client.until(turnComplete);
    const kinds = client.messages.map((message) => Object.keys(message.serverContent ?? message)[0]);
    expect(kinds.slice(0, 3)).toEqual(["setupComplete", "inputTranscription", "modelTurn"]);
    expect(kinds.indexOf("generationComplete")).toBe(kinds.indexOf("turnComplete") - 1);
    expect(client.spoken).toBe("Hello to you.");
    expect(client.soundMs).toBeGreaterThan(600);
    expect(last.usageMetadata?.responseTokenCount).toBeGreaterThan(15);
    expect(
      client.messages.find((message) => message.serverContent?.inputTranscription)?.serverContent
        ?.inputTranscription?.text,
    ).toBe("Hello, is anybody there?");
    await client.until((message) => message.sessionResumptionUpdate !== undefined);
  });

  it("does nothing without the tag: silence and plain speech get no answer, unless the script has one", async () => {
    const client = await new RawClient(await start()).open();
    const { samples } = await callerUtterance("hello", { sampleRate: 16_000 });
    client.hear(silence(2_000, 16_000));
    client.hear(samples.subarray(10_000));
    client.hear(silence(600, 16_000));
    await standIn.waitFor((event) => event.type === "unrecognised-speech");
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(client.messages).toHaveLength(1);
    standIn.setScript({ ...script, unrecognised: { say: "I can't hear you well." } });
    client.hear(samples.subarray(10_000));
    client.hear(silence(600, 16_000));
    await client.until(turnComplete);
    expect(client.spoken).toBe("I can't hear you well.");
  });

  it("is interrupted by the caller and by new content", async () => {
    const client = await new RawClient(await start({ pace: 4, turnCompletes: "after-playback" })).open();
    client.send(generateReply("Say long"));
    await client.until((message) => message.serverContent?.modelTurn !== undefined);
    await client.say("hello");
    await client.until((message) => message.serverContent?.interrupted === true);
    await standIn.waitFor((event) => event.type === "speech" && event.text === "Hello to you.");
    const before = client.messages.length;
    // All is sent, but not yet played: still interruptible.
    client.send(generateReply("Something else"));
    await client.until(
      (message) => client.messages.indexOf(message) >= before && message.serverContent?.interrupted === true,
    );
    await standIn.waitFor((event) => event.type === "speech" && event.text === "Pardon?");
    expect(standIn.events.filter((event) => event.type === "interrupted")).toHaveLength(2);
  });

  it("completes a turn when its speech would have been played", async () => {
    const client = await new RawClient(await start({ pace: 4, turnCompletes: "after-playback" })).open();
    const start_ = performance.now();
    client.send(generateReply("anything"));
    await client.until((message) => message.serverContent?.generationComplete === true);
    const generated = performance.now() - start_;
    await client.until(turnComplete);
    const played = performance.now() - start_;
    expect(played).toBeGreaterThan(client.soundMs - 50);
    expect(played).toBeGreaterThan(generated * 1.5);
  });

  it("keeps the think-time it is told", async () => {
    const client = await new RawClient(await start()).open();
    standIn.setThinkTime(300);
    const asked = performance.now();
    client.send(generateReply("anything"));
    await client.until((message) => message.serverContent?.modelTurn !== undefined);
    expect(performance.now() - asked).toBeGreaterThan(290);
  });

  it("goes on where a resumed session stopped", async () => {
    const client = await new RawClient(await start()).open();
    await client.say("hello");
    const update = await client.until((message) => message.sessionResumptionUpdate !== undefined);
    client.socket.close();
    const handle = update.sessionResumptionUpdate?.newHandle;
    await new RawClient(standIn).open({ setup: { ...setup, sessionResumption: { handle } } });
    expect(standIn.sessions[1]?.memory.transcript.map((entry) => entry.text)).toEqual([
      "Hello, is anybody there?",
      "Hello to you.",
    ]);
  });
});

describe("tools", () => {
  it("waits for the answer, hears nothing meanwhile, then goes on", async () => {
    const client = await new RawClient(await start()).open();
    await client.say("want-friday");
    const { toolCall } = await client.until((message) => message.toolCall !== undefined);
    await client.say("hello");
    client.send(generateReply("Say long"));
    await standIn.waitFor((event) => event.type === "content" && event.ignored);
    expect(client.spoken).toBe("");
    client.send({
      toolResponse: {
        functionResponses: [
          { id: toolCall?.functionCalls[0]?.id, name: "lookUp", response: { output: '{"time":"ten"}' } },
        ],
      },
    });
    await client.until(turnComplete);
    expect(client.spoken).toBe("It is ten.");
    await client.say("hello");
    await standIn.waitFor((event) => event.type === "speech" && event.text === "Hello to you.");
  });

  it("takes calls back on command, and ignores their late answers", async () => {
    const client = await new RawClient(await start()).open();
    await client.say("want-friday");
    const id = (await client.until((message) => message.toolCall !== undefined)).toolCall?.functionCalls[0]
      ?.id;
    standIn.cancelToolCalls();
    expect(
      (await client.until((message) => message.toolCallCancellation !== undefined)).toolCallCancellation,
    ).toEqual({ ids: [id] });
    client.send({
      toolResponse: { functionResponses: [{ id, name: "lookUp", response: { output: "{}" } }] },
    });
    await client.say("hello");
    await client.until(turnComplete);
    expect(client.spoken).toBe("Hello to you.");
  });

  it("never calls a tool that the session didn't declare", async () => {
    const client = await new RawClient(await start()).open();
    await client.say("cancel");
    await client.until(turnComplete);
    expect(client.spoken).toContain("can't do that");
    expect(standIn.events).toContainEqual(
      expect.objectContaining({ type: "undeclared-tool", tool: "notDeclared" }),
    );
  });
});

describe("failures", () => {
  it.each([1000, 1005, 1006, 1011])("closes on command with %i", async (code) => {
    const client = await new RawClient(await start()).open();
    standIn.closeSessions(code, "as told");
    expect((await client.closed).code).toBe(code);
    await standIn.waitFor(
      (event) => event.type === "closed" && event.by === "stand-in" && event.code === code,
    );
  });

  it("refuses a connection, closes instead of setting up, and leaves setup unanswered", async () => {
    await start();
    standIn.failNext({ at: "connect", status: 503 });
    standIn.failNext({ at: "setup", close: 1011, reason: "Internal error" });
    expect((await new RawClient(standIn).closed).code).toBe(1006);
    const closed = new RawClient(standIn);
    closed.socket.once("open", () => closed.send({ setup }));
    expect(await closed.closed).toEqual({ code: 1011, reason: "Internal error" });
    standIn.failNext({ at: "setup", silent: true });
    const silent = new RawClient(standIn);
    silent.socket.once("open", () => silent.send({ setup }));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(silent.messages).toEqual([]);
    await new RawClient(standIn).open();
  });

  it("replies with an empty turn, with nothing, with a close, and then well again", async () => {
    const client = await new RawClient(await start()).open();
    standIn.failNext({ at: "reply", kind: "empty" });
    standIn.failNext({ at: "reply", kind: "silent" });
    client.send(generateReply("one"));
    await client.until(turnComplete);
    expect(client.soundMs).toBe(0);
    client.send(generateReply("two"));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(client.soundMs).toBe(0);
    client.send(generateReply("three"));
    await standIn.waitFor((event) => event.type === "speech");
    standIn.failNext({ at: "reply", kind: "close", code: 1008, reason: "quota" });
    client.send(generateReply("four"));
    expect(await client.closed).toEqual({ code: 1008, reason: "quota" });
  });

  it("stalls in the middle of a reply: some sound, and then nothing, not even the end of the turn", async () => {
    const client = await new RawClient(await start({ pace: 40 })).open();
    standIn.failNext({ at: "reply", kind: "stall", afterMs: 400 });
    client.send(generateReply("Say long"));
    await client.until((message) => message.serverContent?.modelTurn !== undefined);
    await expect.poll(() => client.soundMs, { timeout: 5_000 }).toBe(400);
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(client.soundMs).toBe(400);
    expect(client.messages.some(turnComplete)).toBe(false);
    client.send(generateReply("anything"));
    await client.until(turnComplete);
  });

  it("stalls on command in whatever it says, and hears nothing any more", async () => {
    const client = await new RawClient(await start({ pace: 2 })).open();
    client.send(generateReply("Say long"));
    await client.until((message) => message.serverContent?.modelTurn !== undefined);
    standIn.sessions[0]?.stall();
    const sound = client.soundMs;
    client.send(generateReply("anything"));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(client.soundMs).toBe(sound);
    expect(client.messages.some(turnComplete)).toBe(false);
  });

  it("makes a tool call that has no name, and hears nothing until it is answered", async () => {
    const client = await new RawClient(await start()).open();
    standIn.failNext({ at: "reply", kind: "unanswered-call" });
    client.send(generateReply("one"));
    const { toolCall } = await client.until((message) => message.toolCall !== undefined);
    expect(toolCall?.functionCalls[0]).not.toHaveProperty("name");
    client.send(generateReply("two"));
    await standIn.waitFor((event) => event.type === "content" && event.ignored);
    expect(client.soundMs).toBe(0);
    expect(standIn.sessions[0]?.unansweredCalls).toHaveLength(1);
  });

  it("fails in the session that it was told of, before what any session was told", async () => {
    await start();
    const [one, other] = [await new RawClient(standIn).open(), await new RawClient(standIn).open()];
    standIn.sessions[1]?.failNext({ at: "reply", kind: "close", code: 1011 });
    standIn.failNext({ at: "reply", kind: "empty" });
    other.send(generateReply("one"));
    expect((await other.closed).code).toBe(1011);
    one.send(generateReply("one"));
    await one.until(turnComplete);
    expect(one.soundMs).toBe(0);
    standIn.failNext({ at: "reply", kind: "empty" });
    standIn.failNoMore();
    one.send(generateReply("two"));
    await expect.poll(() => one.soundMs, { timeout: 5_000 }).toBeGreaterThan(0);
  });

  it.each([1000, 1011])("goes away: says so, and closes with %i when the time is over", async (code) => {
    const client = await new RawClient(await start()).open();
    const before = performance.now();
    standIn.sessions[0]?.goAway(200, code);
    expect((await client.until((message) => message.goAway !== undefined)).goAway).toEqual({
      timeLeft: "0.2s",
    });
    expect((await client.closed).code).toBe(code);
    expect(performance.now() - before).toBeGreaterThan(190);
  });

  it("goes deaf and hears again, and says that it will go away", async () => {
    const client = await new RawClient(await start()).open();
    standIn.setDeaf(true);
    await client.say("hello");
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(client.messages).toHaveLength(1);
    standIn.setDeaf(false);
    standIn.goAway(3_000);
    expect((await client.until((message) => message.goAway !== undefined)).goAway).toEqual({
      timeLeft: "3s",
    });
    await client.say("hello");
    await client.until(turnComplete);
  });
});
