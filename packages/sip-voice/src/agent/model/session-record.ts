import { voice } from "@livekit/agents";
import type { CallRecorder } from "../call/call-recorder.ts";

/** The part of the framework's session that is read here. */
type RecordedSession = Pick<voice.AgentSession, "on">;

/** Writes into the call's record what the model used, and what was said where the clinic wants it kept. */
export function recordSession(session: RecordedSession, recorder: CallRecorder, keepText: boolean): void {
  session.on(voice.AgentSessionEventTypes.MetricsCollected, ({ metrics }) => {
    if (metrics.type !== "realtime_model_metrics") return;
    const { inputTokens, outputTokens } = metrics;
    recorder.add({ type: "model-usage", inputTokens, outputTokens });
  });
  if (!keepText) return;
  session.on(voice.AgentSessionEventTypes.ConversationItemAdded, ({ item }) => {
    if (item.type !== "message" || (item.role !== "user" && item.role !== "assistant")) return;
    const text = item.textContent?.trim();
    if (text) recorder.add({ type: "said", by: item.role === "user" ? "caller" : "agent", text });
  });
}
