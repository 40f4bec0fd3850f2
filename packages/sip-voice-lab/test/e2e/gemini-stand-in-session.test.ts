import { initializeLogger, llm, voice } from "@livekit/agents";
import * as google from "@livekit/agents-plugin-google";
import { AudioFrame } from "@livekit/rtc-node";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  defaultClinicScript,
  type GeminiStandIn,
  type GeminiStandInOptions,
  startGeminiStandIn,
} from "../../src/gemini-stand-in/index.ts";

// What AgentSession makes of the stand-in, and of its failures; the agent's watchdog is built on what is shown here.

/** An output that plays everything in no time. */
class InstantOutput extends voice.AudioOutput {
  #seconds = 0;

  constructor() {
    super(24_000, undefined, { pause: false });
  }

  override async captureFrame(frame: AudioFrame): Promise<void> {
    await super.captureFrame(frame);
    if (this.#seconds === 0) this.onPlaybackStarted(Date.now());
    this.#seconds += frame.samplesPerChannel / frame.sampleRate;
  }

  override flush(): void {
    super.flush();
    this.#finish(false);
  }

  override clearBuffer(): void {
    this.#finish(true);
  }

  #finish(interrupted: boolean): void {
    if (this.#seconds === 0) return;
    const playbackPosition = this.#seconds;
    this.#seconds = 0;
    this.onPlaybackFinished({ playbackPosition, interrupted });
  }
}

type Session = ReturnType<google.realtime.RealtimeModel["session"]>;

/** Hears of its sessions' errors before AgentSession does, and takes the sting out of them. */
class GuardedModel extends google.realtime.RealtimeModel {
  readonly errors: string[] = [];
  current: Session | undefined;

  override session(): Session {
    const session = super.session();
    this.current = session;
    session.on("error", (event: llm.RealtimeModelError) => {
      this.errors.push(event.error.message);
      event.type = "realtime_model_error";
      event.recoverable = true;
    });
    return session;
  }
}

const lookUp = llm.tool({
  name: "findOpenSlots",
  description: "Finds open slots",
  parameters: { type: "object", properties: { from: { type: "string" } } },
  execute: async () => "{}",
});

class Agent extends voice.Agent {
  constructor(model: llm.RealtimeModel, chatCtx = llm.ChatContext.empty()) {
    super({ instructions: "The patient is Maria Example.", llm: model, tools: [lookUp], chatCtx });
  }
}

let standIn: GeminiStandIn;
let session: voice.AgentSession;
let agent: Agent;
let seen: string[];

beforeAll(() => initializeLogger({ pretty: false, level: "silent" }));
afterEach(async () => {
  await session.close();
  await standIn.stop();
});

function options() {
  return { apiKey: standIn.apiKey, httpOptions: { baseUrl: standIn.baseUrl } };
}

async function begin<Model extends google.realtime.RealtimeModel>(
  Model: new (options: { apiKey: string; httpOptions: { baseUrl: string } }) => Model,
  standInOptions: Partial<GeminiStandInOptions> = {},
): Promise<Model> {
  standIn = await startGeminiStandIn({
    script: defaultClinicScript,
    pace: 50,
    turnCompletes: "at-once",
    ...standInOptions,
  });
  const model = new Model(options());
  agent = new Agent(model);
  session = new voice.AgentSession();
  seen = [];
  session.on(voice.AgentSessionEventTypes.Error, () => seen.push("error"));
  session.on(voice.AgentSessionEventTypes.Close, ({ reason }) => seen.push(`close ${reason}`));
  session.output.audio = new InstantOutput();
  await session.start({ agent });
  await ready(1);
  return model;
}

/** So many sockets with the agent's tools have been set up. */
async function ready(count: number): Promise<void> {
  const setUp = () => standIn.sessions.filter(({ setup }) => setup?.tools !== undefined).length;
  await expect.poll(setUp, { timeout: 5_000 }).toBeGreaterThanOrEqual(count);
}

async function greet(): Promise<string> {
  await session.generateReply({ instructions: "Greet the caller." }).waitForPlayout();
  return (
    session.history.items
      .flatMap((item) => (item.type === "message" ? (item.textContent ?? []) : []))
      .at(-1) ?? ""
  );
}

describe("AgentSession with the Gemini stand-in", () => {
  it("speaks, and keeps prepared sentences from the model", async () => {
    await begin(google.realtime.RealtimeModel);
    expect(await greet()).toContain("Hello Maria");
    const audio = new ReadableStream<AudioFrame>({
      start: (controller) => {
        controller.enqueue(new AudioFrame(new Int16Array(480), 24_000, 1, 480));
        controller.close();
      },
    });
    const say = session.say("A prepared sentence.", {
      audio: audio as Parameters<typeof session.say>[1] extends { audio?: infer A } ? A : never,
    });
    await say.waitForPlayout();
    await session
      .generateReply({
        userInput: "When is my appointment?",
        instructions: "The appointment is on Tuesday at ten.",
      })
      .waitForPlayout();
    const transcript = standIn.sessions.at(-1)?.memory.transcript.map(({ text }) => text);
    expect(transcript?.slice(1)).toEqual([
      "When is my appointment?",
      "Your appointment is on Tuesday at ten.",
    ]);
  });

  it.each([1005, 1011])("closes without an error event when the socket closes with %i", async (code) => {
    await begin(google.realtime.RealtimeModel);
    standIn.closeSessions(code);
    await expect.poll(() => seen).toEqual(["close error"]);
    expect(() => session.generateReply()).toThrow("not running");
  });

  it.each([1000, 1005, 1011])(
    "lives on after a close with %i when guarded, and speaks again after an option changed",
    async (code) => {
      const model = await begin(GuardedModel);
      await greet();
      standIn.closeSessions(code, "gone");
      await expect.poll(() => model.errors.length).toBe(code === 1000 ? 0 : 1);
      model.current?.updateOptions({ temperature: 0.81 });
      await ready(2);
      expect(await greet()).toContain("Hello Maria");
      expect(standIn.sessions.at(-1)?.memory.transcript.length).toBeGreaterThan(1);
      expect(seen).toEqual(code === 1000 ? [] : ["error"]);
    },
  );

  it("lives on with another agent that has a model of its own, history included", async () => {
    await begin(google.realtime.RealtimeModel);
    await greet();
    standIn.closeSessions(1000);
    session.updateAgent(new Agent(new google.realtime.RealtimeModel(options()), agent.chatCtx));
    await ready(2);
    expect(await greet()).toContain("Hello Maria");
    expect(standIn.sessions.at(-1)?.memory.transcript[0]?.text).toContain("Hello Maria");
    expect(seen).toEqual([]);
  });

  it("gets an error after its close from a server that answers a close frame without a code", async () => {
    const model = await begin(GuardedModel, { closeAnswer: 1005 });
    const before = model.errors.length;
    await session.close();
    // AgentSession has taken its listener off by now: without the guard's the process would end.
    await expect.poll(() => model.errors.slice(before)).toEqual(["WebSocket closed with code 1005"]);
  });

  it("is told of a refused connection once, and the plugin never tries again", async () => {
    standIn = await startGeminiStandIn({ script: defaultClinicScript });
    standIn.failNext({ at: "connect", status: 503 }, 9);
    const model = new GuardedModel(options());
    session = new voice.AgentSession();
    // A typed error reaches AgentSession's own error event, which ends the process when nobody listens.
    session.on(voice.AgentSessionEventTypes.Error, () => seen.push("error"));
    session.output.audio = new InstantOutput();
    await session.start({ agent: new Agent(model) });
    await expect.poll(() => model.errors).toEqual(["WebSocket closed with code 1006"]);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(model.errors).toHaveLength(1);
  });
});
