import { llm, voice } from "@livekit/agents";

/** Who is told of turns in a conversation. */
export interface TurnListener {
  /** The agent speaks. */
  agentSpoke(): void;
  /** The caller was heard. */
  callerSpoke(): void;
}

/** The slice of a session that tells of turns. */
export interface TurnSession {
  readonly llm?: unknown;
  on(event: string, listener: (event: never) => void): unknown;
}

/**
 * Tells of turns in a session's conversation. With a realtime model only words that are being heard count as the caller's: their
 * final text comes when the model's answer is over, and the framework says that the user speaks whenever the model begins
 * a turn of its own (agents-plugin-google 1.9.0).
 */
export function watchTurns(session: TurnSession, listener: TurnListener): void {
  const { AgentStateChanged, ConversationItemAdded, UserInputTranscribed } = voice.AgentSessionEventTypes;
  const isRealtime = session.llm instanceof llm.RealtimeModel;
  session.on(AgentStateChanged, ({ newState }: voice.AgentStateChangedEvent) => {
    if (newState === "speaking") listener.agentSpoke();
  });
  session.on(UserInputTranscribed, ({ isFinal, transcript }: voice.UserInputTranscribedEvent) => {
    if ((!isRealtime || !isFinal) && transcript.trim() !== "") listener.callerSpoke();
  });
  session.on(ConversationItemAdded, ({ item }: voice.ConversationItemAddedEvent) => {
    if (item.type !== "message") return;
    if (item.role === "assistant") listener.agentSpoke();
    else if (item.role === "user" && !isRealtime) listener.callerSpoke();
  });
}
