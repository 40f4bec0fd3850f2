import type { Setup } from "./client-message.ts";

/** What happened at the Gemini stand-in, for tests and for the demo's live view. */
export type GeminiStandInEvent = {
  /** Milliseconds since the epoch. */
  at: number;
  /** The session it happened in, `"gemini-1"` and so on. */
  sessionId: string;
} & (
  | { type: "connected" }
  | { type: "refused"; reason: string }
  | { type: "setup"; setup: Setup; resumed: boolean }
  | { type: "caller-speech-started" }
  | { type: "utterance"; id: number; key: string; text: string }
  | { type: "unrecognised-speech" }
  | { type: "instruction"; text: string }
  /** Content of the client that is not answered: history, updated instructions, or a request during a tool call. */
  | { type: "content"; text: string; ignored: boolean }
  | { type: "speech"; text: string; milliseconds: number }
  | { type: "interrupted" }
  | { type: "turn-complete" }
  | { type: "tool-call"; callId: string; tool: string; args: Record<string, unknown> }
  | { type: "tool-result"; callId: string; tool: string; result: unknown }
  /** The script asked for a tool that the session never declared; the call is not made. */
  | { type: "undeclared-tool"; tool: string }
  | { type: "tool-call-cancelled"; callId: string }
  | { type: "go-away" }
  /** A reply went wrong as it was told to: this is the moment. */
  | { type: "failed"; kind: string }
  /** A text-to-speech model was asked to speak, outside of any session; `sessionId` is `"speech"`. */
  | { type: "speech-requested"; model: string; voice: string; text: string }
  /** `by` tells who closed first; the code is the one received (client) or sent (stand-in). */
  | { type: "closed"; by: "client" | "stand-in"; code: number }
);

/** The event without the fields that the stand-in fills in itself. */
export type GeminiStandInEventBody = GeminiStandInEvent extends infer Event
  ? Event extends GeminiStandInEvent
    ? Omit<Event, "at" | "sessionId">
    : never
  : never;
