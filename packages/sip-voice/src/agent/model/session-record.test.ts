import { llm, voice } from "@livekit/agents";
import { EventEmitter } from "eventemitter3";
import { describe, expect, it } from "vitest";
import { memoryCallLog } from "../../call/call-log.ts";
import { silentLogger } from "../../log/logger.ts";
import { simulatedClock } from "../../testing/index.ts";
import { CallRecorder } from "../call/call-recorder.ts";
import { recordSession } from "./session-record.ts";

const { MetricsCollected, ConversationItemAdded } = voice.AgentSessionEventTypes;

async function recordedOf(keepText: boolean) {
  const callLog = memoryCallLog();
  const recorder = new CallRecorder(callLog, "call-1", simulatedClock(), silentLogger);
  const session = new EventEmitter();
  recordSession(session as unknown as voice.AgentSession, recorder, keepText);
  session.emit(MetricsCollected, {
    metrics: { type: "realtime_model_metrics", inputTokens: 120, outputTokens: 45, totalTokens: 165 },
  });
  session.emit(MetricsCollected, { metrics: { type: "tts_metrics" } });
  const said = (role: llm.ChatRole, content: string) =>
    session.emit(ConversationItemAdded, { item: llm.ChatMessage.create({ role, content: [content] }) });
  said("user", "Is Thursday still fine?");
  said("assistant", "Yes, it is.");
  said("assistant", " ");
  said("system", "You are the automated assistant.");
  await recorder.written;
  return ((await callLog.read("call-1"))?.entries ?? []).map(({ event }) => event);
}

describe("the record of what passes between caller and model", () => {
  const usage = { type: "model-usage", inputTokens: 120, outputTokens: 45 };

  it("has what the model used, and no word", async () => {
    expect(await recordedOf(false)).toEqual([usage]);
  });

  it("has what both said where the clinic turned it on, and nothing of the instructions", async () => {
    expect(await recordedOf(true)).toEqual([
      usage,
      { type: "said", by: "caller", text: "Is Thursday still fine?" },
      { type: "said", by: "agent", text: "Yes, it is." },
    ]);
  });
});
