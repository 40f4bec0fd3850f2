import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { languageOf, type Pcm, speak } from "../voice/index.ts";
import type { PlannedFailures } from "./failure.ts";
import type { GeminiStandInEventBody } from "./stand-in-event.ts";

/** `models.streamGenerateContent` of the Gemini API, as `@google/genai` asks it of a text-to-speech model. */
const SPEECH_PATH = /^\/+v1(?:alpha|beta)?\/models\/([^/:]+):streamGenerateContent$/;
/** Sound in one event of the stream. */
const CHUNK_MS = 400;

/** What the stand-in's speech generation needs to know. */
export interface SpeechSurroundings {
  readonly apiKey: string;
  readonly failures: PlannedFailures;
  readonly thinkTimeMs: () => number;
  readonly emit: (body: GeminiStandInEventBody) => void;
}

interface SpeechRequest {
  contents?: { parts?: { text?: string }[] }[];
  generationConfig?: {
    responseModalities?: string[];
    speechConfig?: { voiceConfig?: { prebuiltVoiceConfig?: { voiceName?: string } } };
  };
}

/** Answers a request for speech; `false` when the request is for something else. It says the whole text that it is given. */
export async function answerSpeech(
  request: IncomingMessage,
  response: ServerResponse,
  surroundings: SpeechSurroundings,
): Promise<boolean> {
  const url = new URL(`http://127.0.0.1${request.url ?? "/"}`);
  const model = SPEECH_PATH.exec(url.pathname)?.[1];
  if (model === undefined || request.method !== "POST") return false;
  const body = JSON.parse(await textOf(request)) as SpeechRequest;
  const text =
    body.contents?.flatMap(({ parts }) => parts?.map((part) => part.text ?? "") ?? []).join("") ?? "";
  const voice = body.generationConfig?.speechConfig?.voiceConfig?.prebuiltVoiceConfig?.voiceName ?? "";
  surroundings.emit({ type: "speech-requested", model, voice, text });
  if ((request.headers["x-goog-api-key"] ?? url.searchParams.get("key")) !== surroundings.apiKey) {
    refuse(response, 400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.");
  } else if (!body.generationConfig?.responseModalities?.includes("AUDIO")) {
    refuse(
      response,
      400,
      "INVALID_ARGUMENT",
      "The requested combination of response modalities is not supported.",
    );
  } else {
    const failure = surroundings.failures.take("speech");
    if (failure?.status !== undefined)
      refuseForNow(response, failure.status, failure.retryDelay, failure.quotaId);
    else if (failure?.kind !== "silent") {
      await sleep(surroundings.thinkTimeMs());
      await stream(
        response,
        model,
        failure?.kind === "empty" ? undefined : await speak(text, { language: languageOf(text) }),
      );
    }
  }
  return true;
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const piece of request.setEncoding("utf8")) text += piece;
  return text;
}

/** Server-sent events, each a `GenerateContentResponse`; sound is raw PCM when it is streamed. */
async function stream(response: ServerResponse, model: string, sound: Pcm | undefined): Promise<void> {
  response.writeHead(200, { "content-type": "text/event-stream" });
  const send = (candidate: Record<string, unknown>): void => {
    const event = { candidates: [{ index: 0, ...candidate }], modelVersion: model, responseId: "stand-in" };
    response.write(`data: ${JSON.stringify(event)}\r\n\r\n`);
  };
  const perChunk = ((sound?.sampleRate ?? 0) * CHUNK_MS) / 1000;
  for (let at = 0; sound && at < sound.samples.length; at += perChunk) {
    const { buffer, byteOffset, byteLength } = sound.samples.subarray(at, at + perChunk);
    const data = Buffer.from(buffer, byteOffset, byteLength).toString("base64");
    send({
      content: {
        role: "model",
        parts: [{ inlineData: { mimeType: `audio/L16;codec=pcm;rate=${sound.sampleRate}`, data } }],
      },
    });
  }
  send(sound ? { content: {}, finishReason: "STOP" } : { finishReason: "OTHER" });
  response.end();
}

/** A refusal in the shape of Google's errors, with the delay to keep, as `google.rpc.RetryInfo` has it. */
function refuseForNow(response: ServerResponse, status: number, retryDelay?: string, quotaId?: string): void {
  const details = [
    ...(quotaId
      ? [{ "@type": "type.googleapis.com/google.rpc.QuotaFailure", violations: [{ quotaId }] }]
      : []),
    ...(retryDelay ? [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay }] : []),
  ];
  const word = status === 429 ? "RESOURCE_EXHAUSTED" : status >= 500 ? "UNAVAILABLE" : "INVALID_ARGUMENT";
  refuse(response, status, word, "The Gemini stand-in refuses, as it was told to.", details);
}

/** Answers with an error in the shape of Google's. */
export function refuse(
  response: ServerResponse,
  code: number,
  status: string,
  message: string,
  details: readonly unknown[] = [],
): void {
  response.writeHead(code, { "content-type": "application/json" });
  response.end(
    JSON.stringify({ error: { code, message, status, ...(details.length > 0 ? { details } : {}) } }),
  );
}
