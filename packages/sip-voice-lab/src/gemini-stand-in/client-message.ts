/** A turn of the conversation, as Gemini's API shapes it. */
export interface Content {
  /** `"user"` or `"model"`. */
  role?: string;
  /** What was said; parts that are not text are ignored here. */
  parts?: { text?: string }[];
}

/** The answer to a tool call. */
export interface FunctionResponse {
  /** The call's id. */
  id?: string;
  /** The tool's name. */
  name: string;
  /** The answer; LiveKit's plugin sends `{ output: string }`. */
  response: unknown;
  /** True for an interim answer of a tool that doesn't block. */
  willContinue?: boolean;
}

/** The first message of a session. */
export interface Setup {
  model?: string;
  generationConfig?: {
    responseModalities?: string[];
    speechConfig?: {
      languageCode?: string;
      voiceConfig?: { prebuiltVoiceConfig?: { voiceName?: string } };
    };
  };
  systemInstruction?: Content;
  tools?: { functionDeclarations?: { name: string; description?: string; parameters?: unknown }[] }[];
  inputAudioTranscription?: object;
  outputAudioTranscription?: object;
  sessionResumption?: { handle?: string };
  realtimeInputConfig?: { automaticActivityDetection?: { disabled?: boolean } };
}

/** Live input. */
export interface RealtimeInput {
  audio?: { mimeType?: string; data?: string };
  mediaChunks?: { mimeType?: string; data?: string }[];
  text?: string;
  activityStart?: object;
  activityEnd?: object;
  audioStreamEnd?: boolean;
}

/** A message of the client: exactly one of these is there. */
export interface ClientMessage {
  setup?: Setup;
  clientContent?: { turns?: Content[]; turnComplete?: boolean };
  realtimeInput?: RealtimeInput;
  toolResponse?: { functionResponses?: FunctionResponse[] };
}

// What a tool or a schema says is the user's own: names inside are not the protocol's.
const OPAQUE = new Set(["response", "args", "parameters"]);

/** Reads a message of the client, in camelCase (JavaScript) or snake_case (Python). Throws a `SyntaxError` on bad JSON. */
export function readClientMessage(data: string): ClientMessage {
  return camelCased(JSON.parse(data)) as ClientMessage;
}

function camelCased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelCased);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      OPAQUE.has(name) ? inner : camelCased(inner),
    ]),
  );
}

/** The words of some turns, a part a line. */
export function wordsOf(turns: readonly Content[]): string {
  return turns
    .flatMap((turn) => turn.parts ?? [])
    .map((part) => part.text ?? "")
    .join("\n");
}

/** The sound of live input as 16 kHz samples; empty when there is none. */
export function soundOf(input: RealtimeInput): { samples: Int16Array; sampleRate: number } | undefined {
  const blob = input.audio ?? input.mediaChunks?.find((chunk) => chunk.mimeType?.startsWith("audio/"));
  if (blob?.data === undefined) return undefined;
  const bytes = Buffer.from(blob.data, "base64");
  const samples = new Int16Array(Math.floor(bytes.length / 2));
  for (let index = 0; index < samples.length; index += 1) samples[index] = bytes.readInt16LE(index * 2);
  return { samples, sampleRate: Number(/rate=(\d+)/.exec(blob.mimeType ?? "")?.[1] ?? 16_000) };
}
