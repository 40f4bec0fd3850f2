import { describe, expect, it } from "vitest";
import { memoryCallLog } from "../../call/call-log.ts";
import type { PromptName } from "../../call/prompt.ts";
import { type CallParty, type CallState, initialCallState } from "../../call/state.ts";
import { transition } from "../../call/transition.ts";
import { silentLogger } from "../../log/logger.ts";
import { simulatedClock } from "../../testing/index.ts";
import { CallRecorder } from "../call/call-recorder.ts";
import { OutboundCallee } from "./outbound-callee.ts";
import type { OutboundManners } from "./outbound-manners.ts";
import { join, rest, talk, tone } from "./synthetic-sound.ts";

const beep = tone(1_000, 400, 0.25);
const greeting = join(rest(300), talk(5_500));
/** How long the sentences of this clinic are. */
const sentenceMs = 4_000;

/**
 * A call that was answered, on simulated time: sound comes in as on a line, sentences take their time, and what the real
 * state machine asks for is done in line, as the driver of a call does it.
 */
function answeredCall(manners: OutboundManners = {}) {
  const clock = simulatedClock();
  const steps: string[] = [];
  const log = memoryCallLog();
  const over = new AbortController();
  const recorder = new CallRecorder(log, "c-1", clock, silentLogger);
  let state: CallState = { ...initialCallState, phase: "active", appointmentId: "a-1" };
  let line: Promise<void> = Promise.resolve();
  let stopSentence = (): void => {};
  let muted = false;
  const speech = {
    async say(prompt: PromptName) {
      steps.push(`say ${prompt}`);
      stopSentence();
      let cut = true;
      await new Promise<void>((resolve) => {
        const timer = clock.setTimer(() => {
          cut = false;
          resolve();
        }, sentenceMs);
        stopSentence = () => {
          timer.cancel();
          resolve();
        };
      });
      steps.push(cut ? `cut ${prompt}` : `said ${prompt}`);
    },
    interrupt: () => stopSentence(),
    muteModel(mute: boolean) {
      muted = mute;
    },
    finished: async () => {},
  };
  const call = {
    get state() {
      return state;
    },
    partyDetected(party: Exclude<CallParty, "unknown">) {
      steps.push(party);
      const { state: next, effects } = transition(state, { type: "party-detected", party });
      state = next;
      for (const { type } of effects) {
        if (type === "interrupt") speech.interrupt();
        else if (type === "introduce") line = line.then(() => speech.say("screening"));
        else if (type === "greet") line = line.then(() => callee.welcome());
        else if (type === "leave-message") {
          line = line.then(async () => {
            await callee.leaveMessage();
            if (state.party === "machine") await call.end("agent");
          });
        }
      }
    },
    settled: () => line,
    async end(by: "agent") {
      steps.push("hang up");
      state = { ...state, phase: "ended", endedBy: by };
      over.abort();
    },
  };
  let hears = true;
  const callee: OutboundCallee = new OutboundCallee({
    manners,
    call,
    speech,
    recorder,
    clock,
    logger: silentLogger,
    over: over.signal,
    onHears: (hear) => {
      hears = hear;
    },
    greet: async () => {
      if (!muted) steps.push("model greets");
    },
  });
  const opened = callee.sayOpener().then(async (said) => {
    if (said) steps.push("opened");
    await call.settled();
    if (await callee.isThere()) steps.push("model greets");
  });
  return {
    callee,
    steps,
    opened,
    modelIs: () => `${hears ? "hears" : "deaf"}, ${muted ? "mute" : "speaks"}`,
    /** Lets sound come in, in real time. */
    async hear(...sounds: readonly Int16Array[]) {
      const samples = join(...sounds);
      for (let at = 0; at < samples.length && !over.signal.aborted; at += 160) {
        callee.push(samples.subarray(at, at + 160));
        await clock.advance(20);
      }
    },
    async left(): Promise<boolean | undefined> {
      await recorder.written;
      const record = await log.read("c-1");
      const event = record?.entries.find((entry) => entry.event.type === "message")?.event;
      return event?.type === "message" ? event.left : undefined;
    },
  };
}

describe("the opener", () => {
  it("is said at once, and the model greets once the person was heard", async () => {
    const { hear, steps, modelIs } = answeredCall();
    expect(modelIs()).toBe("deaf, speaks");
    await hear(rest(300), talk(500), rest(6_000));
    expect(steps).toEqual(["say opener", "person", "said opener", "opened", "model greets"]);
    expect(modelIs()).toBe("hears, speaks");
  });

  it("is said after the hello, in the manner after-greeting", async () => {
    const { hear, steps } = answeredCall({ opener: "after-greeting" });
    await hear(rest(500), talk(700));
    expect(steps).toEqual([]);
    await hear(rest(300));
    expect(steps).toEqual([]);
    await hear(rest(300));
    expect(steps).toEqual(["say opener"]);
    await hear(rest(6_000));
    expect(steps).toEqual(["say opener", "person", "said opener", "opened", "model greets"]);
  });

  it("is said after two seconds to somebody who says nothing, also when no sound comes at all", async () => {
    const silent = answeredCall({ opener: "after-greeting" });
    await silent.hear(rest(1_900));
    expect(silent.steps).toEqual([]);
    await silent.hear(rest(7_000));
    expect(silent.steps).toEqual(["say opener", "said opener", "opened", "model greets"]);
  });

  it("waits for the end of a long hello, and the model for what the person says into the opener", async () => {
    const { hear, steps } = answeredCall({ opener: "after-greeting" });
    await hear(rest(300), talk(3_300), rest(1_000));
    expect(steps).toEqual([]);
    await hear(rest(6_000));
    expect(steps).toEqual(["person", "say opener", "said opener", "opened", "model greets"]);
  });

  it("is all there is where nothing is to be detected", async () => {
    const { hear, steps } = answeredCall({ detection: "off" });
    await hear(greeting, rest(500), beep, rest(1_000));
    expect(steps).toEqual(["say opener", "said opener", "opened", "model greets"]);
  });
});

describe("a machine", () => {
  it("is left the message after its beep; the model is neither heard nor asked", async () => {
    const { hear, steps, left, modelIs } = answeredCall({
      opener: "after-greeting",
      voicemail: "leave-message",
    });
    await hear(greeting);
    expect(steps).toEqual(["machine"]);
    expect(modelIs()).toBe("hears, mute");
    await hear(rest(1_000), beep);
    expect(steps).toEqual(["machine"]);
    await hear(rest(6_000));
    expect(steps).toEqual(["machine", "say voicemail", "said voicemail", "hang up"]);
    expect(await left()).toBe(true);
    expect(modelIs()).toBe("hears, mute");
  });

  it("has the opener cut short", async () => {
    const { hear, steps } = answeredCall({ voicemail: "leave-message" });
    await hear(join(rest(300), talk(2_800)), rest(400), beep, rest(6_000));
    expect(steps).toEqual([
      "say opener",
      "machine",
      "cut opener",
      "say voicemail",
      "said voicemail",
      "hang up",
    ]);
  });

  it("without a beep is left the message when it has been silent", async () => {
    const { hear, steps } = answeredCall({ opener: "after-greeting", voicemail: "leave-message" });
    await hear(greeting, rest(1_500));
    expect(steps).toEqual(["machine"]);
    await hear(rest(6_500));
    expect(steps).toEqual(["machine", "say voicemail", "said voicemail", "hang up"]);
  });

  it("that beeps late is left the message again, whole", async () => {
    const { hear, steps, left } = answeredCall({ opener: "after-greeting", voicemail: "leave-message" });
    await hear(greeting, rest(2_500), beep, rest(7_000));
    expect(steps).toEqual([
      "machine",
      "say voicemail",
      "cut voicemail",
      "say voicemail",
      "said voicemail",
      "hang up",
    ]);
    expect(await left()).toBe(true);
  });

  it("that goes on after a pause is waited for again", async () => {
    const { hear, steps } = answeredCall({ opener: "after-greeting", voicemail: "leave-message" });
    await hear(greeting, rest(2_500), talk(4_000), rest(500), beep, rest(7_000));
    expect(steps).toEqual([
      "machine",
      "say voicemail",
      "cut voicemail",
      "say voicemail",
      "said voicemail",
      "hang up",
    ]);
  });

  it("is hung up on after its greeting, where the clinic has it so", async () => {
    const { hear, steps, left } = answeredCall({ opener: "after-greeting" });
    await hear(greeting, rest(500), beep, rest(2_000));
    expect(steps).toEqual(["machine", "hang up"]);
    expect(await left()).toBeUndefined();
  });

  it("that is a fax machine, or a number out of service, is hung up on at once", async () => {
    const { hear, steps } = answeredCall({ opener: "after-greeting", voicemail: "leave-message" });
    await hear(rest(500), tone(2_100, 1_500, 0.1), rest(100));
    expect(steps).toEqual(["machine", "hang up"]);
  });

  it("that never stops talking is left alone", async () => {
    const { hear, steps, left } = answeredCall({ opener: "after-greeting", voicemail: "leave-message" });
    await hear(rest(300), talk(85_000));
    expect(steps).toEqual(["machine", "hang up"]);
    expect(await left()).toBe(false);
  });
});

describe("a person who was taken for a machine", () => {
  it("gets the conversation by answering the message", async () => {
    const { hear, steps, left, modelIs } = answeredCall({
      opener: "after-greeting",
      voicemail: "leave-message",
    });
    await hear(greeting, rest(2_500), talk(900), rest(8_000));
    expect(steps).toEqual([
      "machine",
      "say voicemail",
      "cut voicemail",
      "person",
      "say opener",
      "said opener",
      "model greets",
    ]);
    expect(await left()).toBe(false);
    expect(modelIs()).toBe("hears, speaks");
    // Once they talk with each other, neither long talk nor a beep changes that.
    await hear(talk(6_000), beep, rest(2_000));
    expect(steps.at(-1)).toBe("model greets");
  });

  it("gets it by a key", async () => {
    const { callee, hear, steps } = answeredCall({ opener: "after-greeting", voicemail: "leave-message" });
    await hear(greeting, rest(2_500));
    callee.press();
    await hear(rest(6_000));
    expect(steps).toEqual([
      "machine",
      "say voicemail",
      "person",
      "cut voicemail",
      "say opener",
      "said opener",
      "model greets",
    ]);
  });
});

describe("a screener", () => {
  const asking = "service. Please say your name and why you are calling.";

  it("is told who is calling; who comes then is greeted", async () => {
    const { callee, hear, steps, modelIs, left } = answeredCall({
      opener: "after-greeting",
      voicemail: "leave-message",
    });
    await hear(greeting, rest(800));
    callee.hearWords(asking);
    await hear(rest(6_000));
    expect(steps).toEqual(["machine", "screener", "say screening", "said screening"]);
    expect(modelIs()).toBe("hears, mute");
    await hear(talk(600), rest(7_000));
    expect(steps.slice(4)).toEqual(["person", "say opener", "said opener", "model greets"]);
    expect(await left()).toBeUndefined();
  });

  it("may ask to wait, which nobody takes for the person", async () => {
    const { callee, hear, steps } = answeredCall({ opener: "after-greeting" });
    await hear(greeting, rest(800));
    callee.hearWords(asking);
    await hear(rest(6_000), talk(1_200), rest(600));
    callee.hearWords("Thanks, please hold.");
    await hear(rest(5_000));
    expect(steps).toEqual(["machine", "screener", "say screening", "said screening"]);
    await hear(talk(600), rest(1_500));
    expect(steps.slice(4)).toEqual(["person", "say opener"]);
  });

  it("may put the call through to a machine", async () => {
    const { callee, hear, steps } = answeredCall({ opener: "after-greeting", voicemail: "leave-message" });
    await hear(greeting, rest(800));
    callee.hearWords(asking);
    await hear(rest(6_000), talk(5_000), rest(500), beep, rest(6_000));
    expect(steps.slice(4)).toEqual(["machine", "say voicemail", "said voicemail", "hang up"]);
  });

  it("is not waited for without an end", async () => {
    const { callee, hear, steps } = answeredCall({ opener: "after-greeting" });
    await hear(greeting, rest(800));
    callee.hearWords(asking);
    await hear(rest(70_000));
    expect(steps.at(-1)).toBe("hang up");
  });

  it("is not what a person's words make of them", async () => {
    const { callee, hear, steps } = answeredCall();
    await hear(rest(300), talk(500), rest(6_000));
    callee.hearWords("Please say your name.");
    expect(steps).not.toContain("screener");
    expect(callee.isPerson).toBe(true);
  });
});
