import { Worker } from "node:worker_threads";
import type { SpeechAnswer, SpeechRequest } from "./espeak-thread.ts";
import type { Pcm } from "./pcm.ts";

/** A language that the lab's voice speaks, as Gemini Live names it. */
export type SpeechLanguage = "en-US" | "ar-XA";

/** How {@link speak} speaks. */
export interface SpeakOptions {
  /** Language of the text; by default Arabic when the text holds Arabic letters, English otherwise. */
  language?: SpeechLanguage;
  /** An espeak-ng voice name, for example `"en-us+f3"`; by default the language's own voice. */
  voice?: string;
  /** How fast, in words a minute; 150 by default, unhurried. */
  wordsPerMinute?: number;
  /** Samples per second of the result; 24,000 by default, as Gemini speaks. */
  sampleRate?: number;
}

const DEFAULT_VOICES: Record<SpeechLanguage, string> = { "en-US": "en-us", "ar-XA": "ar" };

const spoken = new Map<string, Promise<Pcm>>();
const waiting = new Map<number, { resolve(pcm: Pcm): void; reject(error: Error): void }>();
let thread: Worker | undefined;
let requests = 0;

/**
 * Speaks a text with espeak-ng (WebAssembly, no network) and remembers the result, so that a sentence is synthesised
 * once. The samples are shared by all who ask for the same sentence: treat them as read-only.
 */
export function speak(text: string, options: SpeakOptions = {}): Promise<Pcm> {
  const language = options.language ?? languageOf(text);
  const voice = options.voice ?? DEFAULT_VOICES[language];
  const sampleRate = options.sampleRate ?? 24_000;
  // Slower than espeak's own 175: the lab's calls are listened to by people and over a telephone band.
  const wordsPerMinute = options.wordsPerMinute ?? 150;
  const key = JSON.stringify([voice, wordsPerMinute, sampleRate, text]);
  const known = spoken.get(key);
  if (known !== undefined) return known;
  const made = synthesise({ text, voice, wordsPerMinute, sampleRate });
  spoken.set(key, made);
  made.catch(() => spoken.delete(key));
  return made;
}

/** The language that a text is written in, by its letters. */
export function languageOf(text: string): SpeechLanguage {
  return /\p{Script=Arabic}/u.test(text) ? "ar-XA" : "en-US";
}

/**
 * In a thread of its own: a long sentence takes seconds on a busy machine, in which the telephones of this process could
 * neither be heard nor speak.
 */
function synthesise(request: Omit<SpeechRequest, "id">): Promise<Pcm> {
  const id = requests++;
  thread ??= startThread();
  // It holds the process only while somebody waits for a sentence.
  thread.ref();
  thread.postMessage({ id, ...request } satisfies SpeechRequest);
  return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
}

function startThread(): Worker {
  const started = new Worker(new URL("./espeak-thread.ts", import.meta.url));
  started.on("message", (answer: SpeechAnswer) => {
    const request = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (waiting.size === 0) started.unref();
    if ("pcm" in answer) request?.resolve(answer.pcm);
    else request?.reject(new Error(answer.failure));
  });
  started.on("error", (error) => {
    thread = undefined;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  });
  return started;
}
