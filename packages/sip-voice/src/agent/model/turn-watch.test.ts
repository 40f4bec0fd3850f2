import { EventEmitter } from "node:events";
import { llm, voice } from "@livekit/agents";
import { describe, expect, it } from "vitest";
import { watchTurns } from "./turn-watch.ts";

/** A realtime model by its kind alone: nothing of it is called. */
const realtime = Object.create(llm.RealtimeModel.prototype) as object;
const { AgentStateChanged, ConversationItemAdded, UserInputTranscribed, UserStateChanged } =
  voice.AgentSessionEventTypes;

function turnsOf(model: unknown) {
  const emitter = new EventEmitter();
  const turns: string[] = [];
  watchTurns(
    { llm: model, on: (event, listener) => emitter.on(event, listener as (event: unknown) => void) },
    { agentSpoke: () => void turns.push("agent"), callerSpoke: () => void turns.push("caller") },
  );
  return { emitter, turns };
}

const heard = (transcript: string, isFinal: boolean) => ({
  type: "user_input_transcribed",
  transcript,
  isFinal,
});
const item = (role: "assistant" | "user") => ({ item: { type: "message", role } });

describe("turns with a realtime model", () => {
  it("are the agent's when it begins to speak, and the caller's while words are heard", () => {
    const { emitter, turns } = turnsOf(realtime);
    emitter.emit(AgentStateChanged, { newState: "thinking" });
    emitter.emit(AgentStateChanged, { newState: "speaking" });
    emitter.emit(UserInputTranscribed, heard("Yes", false));
    expect(turns).toEqual(["agent", "caller"]);
  });

  it("are nobody's by what comes late or by itself: final texts, user states, silence", () => {
    const { emitter, turns } = turnsOf(realtime);
    emitter.emit(UserInputTranscribed, heard("I want Friday", true));
    emitter.emit(UserInputTranscribed, heard("  ", false));
    emitter.emit(UserStateChanged, { newState: "speaking" });
    emitter.emit(ConversationItemAdded, item("user"));
    emitter.emit(ConversationItemAdded, { item: { type: "function_call" } });
    expect(turns).toEqual([]);
  });
});

it("turns of a text conversation are its messages", () => {
  const { emitter, turns } = turnsOf(undefined);
  emitter.emit(ConversationItemAdded, item("assistant"));
  emitter.emit(ConversationItemAdded, item("user"));
  expect(turns).toEqual(["agent", "caller"]);
});
