import { describe, expect, it } from "vitest";
import { simulatedClock } from "../../testing/simulated-clock.ts";
import { type ModelSign, signsOfClient, signsOfModel } from "./model-sign.ts";
import { Watchdog } from "./watchdog.ts";
import { watchdogTimes } from "./watchdog-times.ts";

const piece = (amplitude: number): string => {
  const bytes = Buffer.alloc(1600);
  for (let at = 0; at < 800; at++)
    bytes.writeInt16LE(Math.round(amplitude * Math.sin((Math.PI * at) / 20)), at * 2);
  return bytes.toString("base64");
};
const [loud, silent] = [piece(9_000), piece(0)];

/** A watchdog whose connection is set up. */
function watched(options: { readonly expectsWords?: () => boolean; canAsk?: boolean } = {}) {
  const clock = simulatedClock();
  const told: string[] = [];
  const dog: Watchdog = new Watchdog({
    clock,
    onLost: (failure) => told.push(failure),
    onLate: () => told.push("late"),
    onUnheard: () => {
      told.push("unheard");
      if (options.canAsk === false) return false;
      dog.see({ type: "asked" });
      return true;
    },
    expectsWords: options.expectsWords ?? (() => true),
    onCallerVoice: (speaking) => told.push(speaking ? "speaking" : "silent"),
  });
  dog.connected();
  dog.see({ type: "set-up" });
  const see = (
    ...types: ("asked" | "heard" | "generated" | "interrupted" | "turn-over" | "going-away")[]
  ) => {
    for (const type of types) dog.see({ type } as ModelSign);
  };
  const play = async (ms: number, data: string): Promise<void> => {
    for (let at = 0; at < ms; at += 50) {
      dog.see({ type: "caller-sound", data });
      await clock.advance(50);
    }
  };
  /** The caller says something; resolves half a second after the last word. */
  const callerSays = async (ms = 1_000, understood = false): Promise<void> => {
    await play(ms, loud);
    if (understood) see("heard");
    await play(500, silent);
    const heard = told.splice(0).filter((word) => word !== "speaking" && word !== "silent");
    told.push(...heard);
  };
  const speaks = (ms: number): void => dog.see({ type: "spoke", ms });
  return { clock, told, dog, see, speaks, play, callerSays };
}

describe("a watchdog on a healthy model", () => {
  it("says nothing of a conversation", async () => {
    const { clock, told, dog, see, speaks, callerSays } = watched();
    see("asked");
    await clock.advance(1_200);
    speaks(900);
    await clock.advance(300);
    speaks(1_500);
    see("generated");
    await clock.advance(20_000);
    see("turn-over");
    await callerSays(1_000, true);
    await clock.advance(900);
    dog.see({ type: "tool-called", id: "1", name: "findOpenSlots" });
    dog.toolBegan();
    await clock.advance(6_000);
    dog.toolEnded();
    dog.see({ type: "tool-answered", id: "1", name: "findOpenSlots" });
    await clock.advance(2_500);
    speaks(4_000);
    see("generated", "turn-over");
    await clock.advance(600_000);
    expect(told).toEqual([]);
    dog.stop();
    expect(clock.pendingTimers).toBe(0);
  });

  it("takes one that answers late for late, and not for lost", async () => {
    const { clock, told, see, speaks } = watched();
    see("asked");
    await clock.advance(watchdogTimes.lateMs + watchdogTimes.lostMs - 10);
    speaks(500);
    see("generated", "turn-over");
    await clock.advance(60_000);
    expect(told).toEqual(["late"]);
  });

  it("lets the caller interrupt it", async () => {
    const { clock, told, see, speaks, callerSays, play } = watched();
    see("asked");
    speaks(6_000);
    await play(500, loud);
    see("interrupted", "turn-over");
    await callerSays(1_500, true);
    await clock.advance(1_000);
    speaks(1_000);
    see("generated", "turn-over");
    await clock.advance(60_000);
    expect(told.filter((word) => word !== "speaking" && word !== "silent")).toEqual([]);
  });

  it("lets it be asked for something else in the middle of a reply", async () => {
    const { clock, told, see, speaks } = watched();
    see("asked");
    speaks(2_000);
    see("asked", "interrupted", "turn-over");
    await clock.advance(1_000);
    speaks(1_000);
    see("generated", "turn-over");
    see("asked", "asked", "interrupted", "turn-over");
    await clock.advance(1_000);
    speaks(1_000);
    see("generated", "turn-over");
    await clock.advance(60_000);
    expect(told).toEqual([]);
  });

  it("is not misled by a transcript that comes after the answer", async () => {
    const { clock, told, see, speaks, callerSays } = watched();
    await callerSays(1_000);
    speaks(1_000);
    see("heard", "generated", "heard", "turn-over", "heard");
    await clock.advance(60_000);
    expect(told).toEqual([]);
  });

  it("takes several pieces of a transcript for one utterance", async () => {
    const { clock, told, see, play } = watched();
    await play(1_000, loud);
    see("heard", "heard", "heard");
    await play(500, silent);
    see("turn-over");
    await clock.advance(0);
    expect(told).toEqual(["speaking", "silent", "empty-reply"]);
  });

  it.each([
    ["a cough", 300],
    ["nothing", 0],
  ])("is not asked about %s", async (_, ms) => {
    const { clock, told, callerSays } = watched();
    await callerSays(ms);
    await clock.advance(60_000);
    expect(told).toEqual([]);
  });

  it("is asked about noise once, and then trusted for a while", async () => {
    const { clock, told, speaks, see, callerSays } = watched();
    await callerSays();
    await clock.advance(watchdogTimes.unheardMs);
    expect(told).toEqual(["unheard"]);
    await clock.advance(1_000);
    speaks(1_000);
    see("generated", "turn-over");
    await callerSays();
    await clock.advance(15_000);
    expect(told).toEqual(["unheard"]);
    await clock.advance(watchdogTimes.trustMs);
    await callerSays();
    await clock.advance(watchdogTimes.lateMs);
    expect(told).toEqual(["unheard", "unheard"]);
  });

  it("owes nothing while the call is handed over or ends", async () => {
    const { clock, told, dog, see, callerSays } = watched({ expectsWords: () => false });
    see("asked");
    await clock.advance(60_000);
    dog.see({ type: "tool-called", id: "1", name: "endCall" });
    dog.see({ type: "tool-answered", id: "1", name: "endCall" });
    see("turn-over");
    await callerSays();
    await clock.advance(60_000);
    expect(told).toEqual([]);
  });

  it("is asked later when it can't be asked now, and not given up before", async () => {
    const options = { canAsk: false };
    const { clock, told, callerSays } = watched(options);
    await callerSays();
    await clock.advance(watchdogTimes.unheardMs + 2 * watchdogTimes.askAgainMs);
    expect(told).toEqual(["unheard", "unheard", "unheard"]);
    options.canAsk = true;
    await clock.advance(watchdogTimes.askAgainMs + watchdogTimes.deafMs);
    expect(told.slice(3)).toEqual(["unheard", "deaf"]);
  });

  it("may be disconnected by the library, and connected again", async () => {
    const { clock, told, dog, see, speaks } = watched();
    see("asked");
    dog.disconnected();
    await clock.advance(60_000);
    dog.connected();
    see("asked");
    dog.see({ type: "set-up" });
    await clock.advance(1_000);
    speaks(100);
    see("generated", "turn-over");
    await clock.advance(60_000);
    expect(told).toEqual([]);
  });
});

describe("a watchdog notices", () => {
  it("a set-up that is not taken", async () => {
    const { clock, told, dog } = watched();
    dog.connected();
    await clock.advance(watchdogTimes.setUpMs);
    expect(told).toEqual(["no-set-up"]);
  });

  it("a model that will go away, before it does", () => {
    const { told, see } = watched();
    see("going-away");
    expect(told).toEqual(["going-away"]);
  });

  it("a reply that does not come: late first, lost 2 s later, once", async () => {
    const { clock, told, see } = watched();
    see("asked");
    await clock.advance(watchdogTimes.lateMs);
    expect(told).toEqual(["late"]);
    await clock.advance(watchdogTimes.lostMs);
    expect(told).toEqual(["late", "no-reply"]);
    see("asked", "going-away", "turn-over");
    await clock.advance(60_000);
    expect(told).toEqual(["late", "no-reply"]);
    expect(clock.pendingTimers).toBe(0);
  });

  it("a reply to the caller that does not come, counted from their last word", async () => {
    const { clock, told, play, see } = watched();
    await play(2_000, loud);
    see("heard");
    await play(6_000, loud);
    await play(500, silent);
    expect(told).toEqual(["speaking", "silent"]);
    await clock.advance(watchdogTimes.lateMs + watchdogTimes.lostMs);
    expect(told.slice(2)).toEqual(["late", "no-reply"]);
  });

  it("an empty reply, at once", async () => {
    const { told, see, speaks } = watched();
    see("asked");
    speaks(300);
    see("generated", "turn-over", "asked", "turn-over");
    expect(told).toEqual(["empty-reply"]);
  });

  it("an empty reply after a tool's answer", () => {
    const { told, dog, see, speaks } = watched();
    speaks(300);
    dog.see({ type: "tool-called", id: "1", name: "confirmAppointment" });
    dog.toolBegan();
    dog.toolEnded();
    // Vertex AI takes no ids.
    dog.see({ type: "tool-answered", id: undefined, name: "confirmAppointment" });
    see("turn-over");
    expect(told).toEqual(["empty-reply"]);
  });

  it("silence after a tool's answer", async () => {
    const { clock, told, dog } = watched();
    dog.see({ type: "tool-called", id: "1", name: "confirmAppointment" });
    dog.see({ type: "tool-answered", id: "1", name: "confirmAppointment" });
    await clock.advance(watchdogTimes.lateMs + watchdogTimes.lostMs);
    expect(told).toEqual(["late", "no-reply"]);
  });

  it("a stall, as soon as the caller has heard nothing for a while, not when sending pauses", async () => {
    const { clock, told, see, speaks } = watched();
    see("asked");
    for (let at = 0; at < 10; at++) speaks(400);
    await clock.advance(4_000 + watchdogTimes.stallMs - 10);
    expect(told).toEqual([]);
    await clock.advance(10);
    expect(told).toEqual(["stalled"]);
  });

  it("does not take the sound of an older turn for that of this one", async () => {
    const { clock, told, see, speaks } = watched();
    see("asked");
    speaks(20_000);
    see("interrupted", "turn-over", "asked");
    speaks(100);
    await clock.advance(100 + watchdogTimes.stallMs);
    expect(told).toEqual(["stalled"]);
  });

  it("a tool call for which no tool runs", async () => {
    const { clock, told, dog } = watched();
    dog.see({ type: "tool-called", id: "1", name: "" });
    await clock.advance(watchdogTimes.callMs);
    expect(told).toEqual(["unanswered-tool-call"]);
  });

  it("a tool that ran and was not answered for", async () => {
    const { clock, told, dog } = watched();
    dog.see({ type: "tool-called", id: "1", name: "a" });
    dog.see({ type: "tool-called", id: "2", name: "b" });
    dog.toolBegan();
    dog.toolBegan();
    await clock.advance(5_000);
    dog.toolEnded();
    dog.see({ type: "tool-answered", id: "2", name: "b" });
    await clock.advance(5_000);
    expect(dog.toolRuns).toBe(true);
    dog.toolEnded();
    await clock.advance(watchdogTimes.callMs - 10);
    expect(told).toEqual([]);
    await clock.advance(10);
    expect(told).toEqual(["unanswered-tool-call"]);
  });

  it("a tool that was not answered for, counted from the end of what the model said before its call", async () => {
    const { clock, told, dog, speaks } = watched();
    speaks(3_000);
    dog.see({ type: "tool-called", id: "1", name: "a" });
    dog.toolBegan();
    dog.toolEnded();
    await clock.advance(3_000 + watchdogTimes.callMs - 10);
    expect(told).toEqual([]);
    await clock.advance(10);
    expect(told).toEqual(["unanswered-tool-call"]);
  });

  it("a tool that never ends", async () => {
    const { clock, told, dog } = watched();
    dog.see({ type: "tool-called", id: "1", name: "a" });
    dog.toolBegan();
    await clock.advance(watchdogTimes.toolMs);
    expect(told).toEqual(["unanswered-tool-call"]);
  });

  it("nothing about a tool call that was taken back", async () => {
    const { clock, told, dog } = watched();
    dog.see({ type: "tool-called", id: "1", name: "a" });
    dog.see({ type: "tool-cancelled", id: "1" });
    await clock.advance(60_000);
    expect(told).toEqual([]);
  });

  it("that it is deaf: it shows no sign of having heard, nor of having been asked", async () => {
    const { clock, told, callerSays } = watched();
    await callerSays();
    await clock.advance(watchdogTimes.unheardMs);
    expect(told).toEqual(["unheard"]);
    await clock.advance(watchdogTimes.deafMs);
    expect(told).toEqual(["unheard", "deaf"]);
  });

  it("deafness also of a model that has generated its words and was still being heard", async () => {
    const { clock, told, see, speaks, callerSays } = watched();
    see("asked");
    speaks(8_000);
    see("generated");
    await callerSays();
    await clock.advance(watchdogTimes.unheardMs);
    // The end of that turn is no sign of hearing.
    see("turn-over");
    await clock.advance(watchdogTimes.deafMs);
    expect(told).toEqual(["unheard", "deaf"]);
  });
});

describe("the signs on the wire", () => {
  it.each<[object, ModelSign[]]>([
    [{ setup: {} }, []],
    [{ clientContent: { turns: [], turnComplete: false } }, []],
    [{ clientContent: { turns: [], turnComplete: true } }, [{ type: "asked" }]],
    [{ realtimeInput: { audio: { data: "AAAA" } } }, [{ type: "caller-sound", data: "AAAA" }]],
    [{ realtimeInput: { mediaChunks: [{ data: "AAAA" }] } }, [{ type: "caller-sound", data: "AAAA" }]],
    [
      { toolResponse: { functionResponses: [{ id: "1", name: "a" }, { name: "b" }] } },
      [
        { type: "tool-answered", id: "1", name: "a" },
        { type: "tool-answered", id: undefined, name: "b" },
      ],
    ],
    [{ toolResponse: { functionResponses: [{ id: "1", name: "a", willContinue: true }] } }, []],
  ])("of the client in %j", (message, signs) => {
    expect(signsOfClient(JSON.stringify(message))).toEqual(signs);
  });

  it.each<[object, ModelSign[]]>([
    [{ setupComplete: {} }, [{ type: "set-up" }]],
    [{ serverContent: { inputTranscription: { text: "hello" } } }, [{ type: "heard" }]],
    [{ serverContent: { outputTranscription: { text: "hello" } } }, []],
    [
      {
        serverContent: { modelTurn: { parts: [{ inlineData: { data: "A".repeat(2560) } }, { text: "x" }] } },
      },
      [{ type: "spoke", ms: 40 }],
    ],
    [{ serverContent: { modelTurn: { parts: [{ thought: true, inlineData: { data: "AAAA" } }] } } }, []],
    [
      { serverContent: { generationComplete: true, turnComplete: true } },
      [{ type: "generated" }, { type: "turn-over" }],
    ],
    [
      { serverContent: { interrupted: true, turnComplete: true } },
      [{ type: "interrupted" }, { type: "turn-over" }],
    ],
    [
      { toolCall: { functionCalls: [{ id: "1", name: "a" }] } },
      [{ type: "tool-called", id: "1", name: "a" }],
    ],
    [{ toolCall: { functionCalls: [{ id: "1" }] } }, [{ type: "tool-called", id: "1", name: "" }]],
    [{ toolCallCancellation: { ids: ["1"] } }, [{ type: "tool-cancelled", id: "1" }]],
    [{ goAway: { timeLeft: "5s" } }, [{ type: "going-away" }]],
    [{ sessionResumptionUpdate: {} }, []],
  ])("of the model in %j", (message, signs) => {
    expect(signsOfModel(JSON.stringify(message))).toEqual(signs);
  });

  it.each(["", "{", "null", "1", '"text"'])("in %j are none", (text) => {
    expect([...signsOfClient(text), ...signsOfModel(text)]).toEqual([]);
  });
});
