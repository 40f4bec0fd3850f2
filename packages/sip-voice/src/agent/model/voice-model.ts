import type { llm } from "@livekit/agents";
import type { Language } from "../../call/prompt.ts";
import type { Clock } from "../../clock.ts";

/** What a call tells when it asks for a model. */
export interface VoiceModelRequest {
  /** The language of the call. */
  readonly language: Language;
  /** Where time comes from. */
  readonly clock: Clock;
  /** Called once the model can answer. */
  onReady(): void;
  /** Called when the model is gone for good; `cause` is a stable word, such as `closed-normally`. */
  onLost(cause: string): void;
  /** Called when an answer is late; the caller is asked to wait then. */
  onLate(): void;
  /** Called when the caller spoke and nothing shows that the model heard. Has the model speak; `false` when that can't be now. */
  onUnheard(): boolean;
  /** Called when the caller begins (`true`) and stops (`false`) speaking. */
  onCallerVoice(speaking: boolean): void;
  /** Whether the model owes the caller words now: not while a call is handed over or ends. */
  expectsWords(): boolean;
}

/** A model for one call. */
export interface VoiceModelSession {
  /** What the agent's session talks to. */
  readonly model: llm.RealtimeModel;
  /** Told when a tool begins and ends running, so that an unanswered tool call is told from a slow one. */
  toolRuns(running: boolean): void;
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
