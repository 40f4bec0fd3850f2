import type { voice } from "@livekit/agents";
import { describe, expect, it, vi } from "vitest";
import { memoryCallLog } from "../../call/call-log.ts";
import type { PromptTexts } from "../../call/prompt.ts";
import { type Logger, silentLogger } from "../../log/logger.ts";
import { type AudioClip, memoryPromptAudio, type PromptAudio } from "../../prompts/prompt-audio.ts";
import { simulatedClock } from "../../testing/index.ts";
import { CallRecorder } from "../call/call-recorder.ts";
import { verbatimInstructions } from "../model/instructions.ts";
import type { PromptPlayer } from "./prompt-player.ts";
import { Speech } from "./speech.ts";

const texts = new Proxy({} as PromptTexts, { get: (_, name) => `The sentence ${String(name)}.` });
const clip: AudioClip = { samples: new Int16Array(480), sampleRate: 24_000 };

/** A speech over stand-ins for the player and the model's session, whose native parts need a LiveKit room. */
function speechWith(options: { readonly audio?: PromptAudio; readonly spoken?: PromptAudio } = {}) {
  const steps: string[] = [];
  const clock = simulatedClock();
  const callLog = memoryCallLog();
  const error = vi.fn<Logger["error"]>();
  const logger: Logger = { ...silentLogger, error };
  const recorder = new CallRecorder(callLog, "call-1", clock, logger);
  const prepared = memoryPromptAudio();
  const player = {
    idle: Promise.resolve(),
    play: vi.fn<PromptPlayer["play"]>(async (played) => {
      steps.push(played === clip ? "play the clip" : "play something else");
      return true;
    }),
    stop: () => void steps.push("stop the player"),
  };
  const session = {
    agentState: "listening",
    generateReply: vi.fn(({ instructions }: { instructions: string }) => {
      steps.push(`model: ${instructions}`);
      return { waitForPlayout: async () => {} };
    }),
    output: { setAudioEnabled: (on: boolean) => void steps.push(on ? "unmute" : "mute") },
    interrupt: vi.fn((how: unknown) => void steps.push(`interrupt the model ${JSON.stringify(how)}`)),
  };
  const speech = new Speech({
    session: session as unknown as voice.AgentSession,
    player: player as unknown as PromptPlayer,
    audio: options.audio ?? prepared,
    spoken: options.spoken,
    texts: { "en-US": texts, "ar-XA": texts },
    language: "en-US",
    recorder,
    clock,
    logger,
  });
  return {
    clock,
    error,
    player,
    prepare: (prompt: keyof PromptTexts) => prepared.add(texts[prompt], "en-US", clip),
    session,
    speech,
    steps,
    sources: async () => {
      await recorder.written;
      const entries = (await callLog.read("call-1"))?.entries ?? [];
      return entries.map(({ event }) =>
        event.type === "prompt" ? `${event.prompt} ${event.source}` : event.type,
      );
    },
  };
}

describe("a fixed sentence", () => {
  it("plays from what was prepared, without the model", async () => {
    const { speech, steps, prepare, sources } = speechWith();
    prepare("opener");
    await speech.say("opener");
    expect(steps).toEqual(["play the clip"]);
    expect(await sources()).toEqual(["opener prepared"]);
  });

  it("is spoken by the model, word for word, when it was not prepared", async () => {
    const { speech, steps, sources } = speechWith();
    await speech.say("goodbye");
    expect(steps).toEqual([`model: ${verbatimInstructions("The sentence goodbye.")}`]);
    expect(await sources()).toEqual(["goodbye model"]);
  });

  it("is not said when it was not prepared and the model is lost; the log tells which", async () => {
    const { speech, steps, sources, error } = speechWith();
    speech.loseModel();
    await speech.say("apology");
    expect(steps).toEqual([]);
    expect(await sources()).toEqual(["apology none"]);
    expect(error.mock.calls[0]?.[0]).toEqual({ prompt: "apology" });
  });

  it("plays from what was prepared also when the model is lost", async () => {
    const { speech, steps, prepare } = speechWith();
    prepare("apology");
    speech.loseModel();
    await speech.say("apology");
    expect(steps).toEqual(["play the clip"]);
  });

  it("is spoken by the model when what was prepared can't be read", async () => {
    const { speech, steps, sources } = speechWith({
      audio: { find: () => Promise.reject(new Error("disk failed")) },
    });
    await speech.say("goodbye");
    expect(steps).toHaveLength(1);
    expect(await sources()).toEqual(["goodbye model"]);
  });

  it("that can't be played is told to the log, and to nobody else", async () => {
    const { speech, player, prepare, error } = speechWith();
    prepare("confirmed");
    player.play.mockRejectedValueOnce(new RangeError("Prompt audio must have 24000 samples a second."));
    await expect(speech.say("confirmed")).resolves.toBeUndefined();
    expect(error).toHaveBeenCalledOnce();
  });

  it("has its wording from the clinic", () => {
    expect(speechWith().speech.textOf("operator")).toBe("The sentence operator.");
  });
});

describe("a fixed sentence that was not prepared", () => {
  const spoken = (): PromptAudio => ({ find: async () => clip });

  it("is spoken by the text-to-speech, before the model is asked", async () => {
    const { speech, steps, sources } = speechWith({ spoken: spoken() });
    await speech.say("hold");
    expect(steps).toEqual(["play the clip"]);
    expect(await sources()).toEqual(["hold tts"]);
  });

  it("is spoken by the text-to-speech also when the model is lost", async () => {
    const { speech, steps, sources } = speechWith({ spoken: spoken() });
    speech.loseModel();
    await speech.say("apology");
    expect(steps).toEqual(["play the clip"]);
    expect(await sources()).toEqual(["apology tts"]);
  });

  it.each([
    { name: "has none", find: async () => undefined },
    { name: "fails", find: () => Promise.reject(new Error("503")) },
  ])("is the model's to say when the text-to-speech $name", async ({ find }) => {
    const { speech, sources } = speechWith({ spoken: { find } });
    await speech.say("hold");
    expect(await sources()).toEqual(["hold model"]);
  });

  it("is not looked for longer than a second where it should be", async () => {
    const { speech, clock, sources } = speechWith({
      audio: { find: () => new Promise(() => {}) },
      spoken: spoken(),
    });
    const said = speech.say("hold");
    await clock.advance(1_000);
    await said;
    expect(await sources()).toEqual(["hold tts"]);
    expect(clock.pendingTimers).toBe(0);
  });

  it("is not waited for when the model never gets to its end", async () => {
    const { speech, session, clock } = speechWith();
    session.generateReply.mockReturnValueOnce({ waitForPlayout: () => new Promise(() => {}) });
    const said = speech.say("hold");
    await clock.advance(20_000);
    await said;
    expect(clock.pendingTimers).toBe(0);
  });

  it("is heard from a model that holds its tongue otherwise", async () => {
    const { speech, steps } = speechWith();
    speech.muteModel(true);
    await speech.say("emergency");
    expect(steps).toEqual(["mute", "unmute", expect.stringContaining("emergency"), "mute"]);
  });

  it("is not said any more when the caller interrupted before its sound was there", async () => {
    let arrive: (found: AudioClip) => void = () => {};
    const { clock, speech, steps, sources } = speechWith({
      spoken: { find: () => new Promise((resolve) => (arrive = resolve)) },
    });
    const said = speech.say("hold");
    await clock.advance(0);
    speech.interrupt();
    arrive(clip);
    await said;
    expect(steps).toEqual(["stop the player", expect.stringContaining("interrupt the model")]);
    expect(await sources()).toEqual([]);
  });
});

describe("what the model is told of fixed sentences", () => {
  it("is everything that was said since it last had the floor, once, with its next instructions", async () => {
    const { speech, steps, prepare } = speechWith();
    for (const prompt of ["opener", "confirmed"] as const) {
      prepare(prompt);
      await speech.say(prompt);
    }
    await speech.reply("Greet.");
    await speech.reply("Go on.");
    expect(steps.slice(2)).toEqual([
      "model: You have already said the following, do not say it again: The sentence opener. / The sentence confirmed.\nGreet.",
      "model: Go on.",
    ]);
  });

  it("tells which the caller cut short", async () => {
    const { speech, steps, prepare, player } = speechWith();
    prepare("opener");
    player.play.mockResolvedValueOnce(false);
    await speech.say("opener");
    await speech.reply("Greet.");
    expect(steps.at(-1)).toContain("The sentence opener. (cut short by the patient)\nGreet.");
  });

  it("is kept for a model that is lost until it is back", async () => {
    const { speech, steps, prepare } = speechWith();
    prepare("apology");
    speech.loseModel();
    await speech.say("apology");
    await speech.reply("Greet.");
    speech.restoreModel();
    await speech.reply("Go on.");
    expect(steps.slice(1)).toEqual([expect.stringMatching(/The sentence apology\.\nGo on\.$/)]);
  });

  it("does not get into a sentence that it is to say word for word", async () => {
    const { speech, steps, prepare } = speechWith();
    prepare("opener");
    await speech.say("opener");
    await speech.say("goodbye");
    expect(steps.at(-1)).toBe(`model: ${verbatimInstructions("The sentence goodbye.")}`);
  });
});

describe("the model's reply", () => {
  it("is over when it was heard", async () => {
    const { speech, session } = speechWith();
    let heard: () => void = () => {};
    const playout = new Promise<void>((resolve) => {
      heard = resolve;
    });
    session.generateReply.mockReturnValueOnce({ waitForPlayout: () => playout });
    const over = vi.fn();
    const replied = speech.reply("Greet.").then(over);
    await Promise.resolve();
    expect(over).not.toHaveBeenCalled();
    heard();
    await replied;
    expect(session.generateReply).toHaveBeenCalledExactlyOnceWith({ instructions: "Greet." });
  });

  it.each([
    {
      name: "throws",
      reply: () => {
        throw new Error("session closed");
      },
    },
    { name: "fails", reply: () => ({ waitForPlayout: () => Promise.reject(new Error("gone")) }) },
  ])("that $name is over", async ({ reply }) => {
    const { speech, session } = speechWith();
    session.generateReply.mockImplementationOnce(reply);
    await expect(speech.reply("Greet.")).resolves.toBeUndefined();
  });

  it("is not asked of a model that is lost", async () => {
    const { speech, steps } = speechWith();
    speech.loseModel();
    await speech.reply("Greet.");
    expect(steps).toEqual([]);
  });
});

describe("an interruption", () => {
  it("silences both voices, also a sentence that allows no interruption", () => {
    const { speech, steps } = speechWith();
    speech.interrupt();
    expect(steps).toEqual(["stop the player", 'interrupt the model {"force":true}']);
  });

  it("leaves a model alone that is lost", () => {
    const { speech, steps } = speechWith();
    speech.loseModel();
    speech.interrupt();
    expect(steps).toEqual(["stop the player"]);
  });

  it("does not mind a session that has nothing to interrupt", () => {
    const { speech, session } = speechWith();
    session.interrupt.mockImplementationOnce(() => {
      throw new Error("AgentSession is not running");
    });
    expect(() => speech.interrupt()).not.toThrow();
  });
});

describe("finished()", () => {
  async function watch(set: (made: ReturnType<typeof speechWith>) => void) {
    const made = speechWith();
    set(made);
    const over = vi.fn();
    void made.speech.finished().then(over);
    await made.clock.advance(0);
    return { ...made, over };
  }

  it("comes 400 ms after the model's last word", async () => {
    const { clock, over, session } = await watch((made) => {
      made.session.agentState = "speaking";
    });
    await clock.advance(3_000);
    expect(over).not.toHaveBeenCalled();
    session.agentState = "listening";
    await clock.advance(300);
    expect(over).not.toHaveBeenCalled();
    await clock.advance(200);
    expect(over).toHaveBeenCalledOnce();
    expect(clock.pendingTimers).toBe(0);
  });

  it("waits over a pause in which the model thinks", async () => {
    const { clock, over, session } = await watch((made) => {
      made.session.agentState = "thinking";
    });
    await clock.advance(1_000);
    session.agentState = "listening";
    await clock.advance(200);
    session.agentState = "speaking";
    await clock.advance(1_000);
    expect(over).not.toHaveBeenCalled();
  });

  it("comes after 8 seconds, whoever is still speaking", async () => {
    const { clock, over } = await watch((made) => {
      made.session.agentState = "speaking";
    });
    await clock.advance(7_900);
    expect(over).not.toHaveBeenCalled();
    await clock.advance(150);
    expect(over).toHaveBeenCalledOnce();
    expect(clock.pendingTimers).toBe(0);
  });

  it("comes after 8 seconds when a clip never ends", async () => {
    const { clock, over } = await watch((made) => {
      made.player.idle = new Promise(() => {});
    });
    await clock.advance(8_000);
    expect(over).toHaveBeenCalledOnce();
    expect(clock.pendingTimers).toBe(0);
  });

  it("comes with the clip's end when the model is lost, and leaves no timer", async () => {
    let end: () => void = () => {};
    const { clock, over } = await watch((made) => {
      made.session.agentState = "speaking";
      made.speech.loseModel();
      made.player.idle = new Promise((resolve) => {
        end = resolve;
      });
    });
    await clock.advance(2_000);
    expect(over).not.toHaveBeenCalled();
    end();
    await clock.advance(0);
    expect(over).toHaveBeenCalledOnce();
    expect(clock.pendingTimers).toBe(0);
  });

  it("comes when the model is lost meanwhile", async () => {
    const { clock, over, speech } = await watch((made) => {
      made.session.agentState = "speaking";
    });
    await clock.advance(1_000);
    speech.loseModel();
    await clock.advance(50);
    expect(over).toHaveBeenCalledOnce();
  });
});
