/** Something that passed between the model's client library and the model, as far as it tells whether the model lives. */
export type ModelSign =
  /** The model was asked to speak (`generateReply`). */
  | { readonly type: "asked" }
  /** Sound of the caller went to the model: 16-bit samples in base64. */
  | { readonly type: "caller-sound"; readonly data: string }
  /** A tool call's answer went to the model; `id` is missing on Vertex AI. */
  | { readonly type: "tool-answered"; readonly id: string | undefined; readonly name: string }
  /** The model took the session's set-up. */
  | { readonly type: "set-up" }
  /** The model tells what it heard. */
  | { readonly type: "heard" }
  /** The model speaks: so many milliseconds of sound. */
  | { readonly type: "spoke"; readonly ms: number }
  /** The model has sent all of what it has to say. */
  | { readonly type: "generated" }
  /** The model was interrupted. */
  | { readonly type: "interrupted" }
  /** The model's turn is over. */
  | { readonly type: "turn-over" }
  /** The model calls a tool. */
  | { readonly type: "tool-called"; readonly id: string; readonly name: string }
  /** The model takes a tool call back. */
  | { readonly type: "tool-cancelled"; readonly id: string }
  /** The connection will be closed soon. */
  | { readonly type: "going-away" };

interface Blob {
  readonly data?: string;
  readonly mimeType?: string;
}

/** The part of a client's message (BidiGenerateContentClientMessage) that is looked at. */
interface ClientMessage {
  readonly clientContent?: { readonly turnComplete?: boolean };
  readonly realtimeInput?: { readonly audio?: Blob; readonly mediaChunks?: readonly Blob[] };
  readonly toolResponse?: {
    readonly functionResponses?: readonly { id?: string; name?: string; willContinue?: boolean }[];
  };
}

/** The part of a server's message (BidiGenerateContentServerMessage) that is looked at. */
interface ServerMessage {
  readonly setupComplete?: object;
  readonly serverContent?: {
    readonly modelTurn?: { readonly parts?: readonly { inlineData?: Blob; thought?: boolean }[] };
    readonly inputTranscription?: { readonly text?: string };
    readonly generationComplete?: boolean;
    readonly interrupted?: boolean;
    readonly turnComplete?: boolean;
  };
  readonly toolCall?: { readonly functionCalls?: readonly { id?: string; name?: string }[] };
  readonly toolCallCancellation?: { readonly ids?: readonly string[] };
  readonly goAway?: object;
}

/** Samples of 16 bits at 24 kHz are 48 bytes a millisecond, four base64 characters for three bytes. */
const base64PerMs = 64;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What can't be read tells nothing; it is relayed all the same.
    return undefined;
  }
}

/** What a message of the client library tells. */
export function signsOfClient(text: string): ModelSign[] {
  const message = (parsed(text) ?? {}) as ClientMessage;
  const signs: ModelSign[] = [];
  if (message.clientContent?.turnComplete) signs.push({ type: "asked" });
  const { audio, mediaChunks = [] } = message.realtimeInput ?? {};
  for (const { data } of audio ? [audio] : mediaChunks) if (data) signs.push({ type: "caller-sound", data });
  for (const { id, name = "", willContinue } of message.toolResponse?.functionResponses ?? [])
    if (!willContinue) signs.push({ type: "tool-answered", id, name });
  return signs;
}

/** What a message of the model tells, in the order in which it means it. */
export function signsOfModel(text: string): ModelSign[] {
  const message = (parsed(text) ?? {}) as ServerMessage;
  const signs: ModelSign[] = [];
  const { serverContent: content } = message;
  if (message.setupComplete) signs.push({ type: "set-up" });
  if (content?.inputTranscription?.text) signs.push({ type: "heard" });
  for (const { inlineData, thought } of content?.modelTurn?.parts ?? [])
    if (inlineData?.data && !thought) signs.push({ type: "spoke", ms: inlineData.data.length / base64PerMs });
  if (content?.generationComplete) signs.push({ type: "generated" });
  if (content?.interrupted) signs.push({ type: "interrupted" });
  if (content?.turnComplete) signs.push({ type: "turn-over" });
  for (const { id = "", name = "" } of message.toolCall?.functionCalls ?? [])
    signs.push({ type: "tool-called", id, name });
  for (const id of message.toolCallCancellation?.ids ?? []) signs.push({ type: "tool-cancelled", id });
  if (message.goAway) signs.push({ type: "going-away" });
  return signs;
}
