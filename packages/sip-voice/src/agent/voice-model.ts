import type { llm } from "@livekit/agents";
import type { Language } from "../call/prompt.ts";

/** What a call tells when it asks for a model. */
export interface VoiceModelRequest {
  /** The language of the call. */
  readonly language: Language;
  /** Called once the model can answer. */
  onReady(): void;
  /** Called when the model is gone for good; `cause` is a stable word, such as `closed-normally`. */
  onLost(cause: string): void;
}

/** A model for one call. */
export interface VoiceModelSession {
  /** What the agent's session talks to. */
  readonly model: llm.RealtimeModel;
  /** Frees what the model holds. */
  close(): Promise<void>;
}

/** Makes a model for each call; {@link geminiLive} is the one for Gemini. */
export interface VoiceModel {
  /** Makes the model of one call. */
  (request: VoiceModelRequest): Promise<VoiceModelSession>;
  /** Loads whatever every call needs, in a call's process before its call comes. */
  prepare?(): Promise<void>;
}
