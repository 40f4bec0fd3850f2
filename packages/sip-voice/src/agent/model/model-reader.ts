import { voice } from "@livekit/agents";
import type { Language } from "../../call/prompt.ts";
import { type Clock, pause } from "../../clock.ts";
import type { AudioClip } from "../../prompts/prompt-audio.ts";
import { verbatimInstructions } from "./instructions.ts";
import { PieceOutput } from "./piece-output.ts";
import type { VoiceModel } from "./voice-model.ts";

/** How long the model may take to be ready. */
const readyMs = 8_000;
/** How long it may take to speak. */
const speakMs = 45_000;

/** What is to be read aloud. */
export interface Reading {
  readonly model: VoiceModel;
  readonly text: string;
  readonly language: Language;
  readonly clock: Clock;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/**
 * Has the model read a text aloud that not everybody in the call's room is to hear: in a session of its own, which hears
 * nobody, has no tools and plays into no room. It begins at once, and gives the sound as it comes; at 24,000 samples a second.
 */
export function readAloud(reading: Reading): AsyncGenerator<AudioClip, void> {
  const output = new PieceOutput(reading.clock);
  read(reading, output).then(
    () => output.end(),
    (error: unknown) => output.fail(error),
  );
  return output.pieces();
}

async function read({ model, text, language, clock, signal }: Reading, output: PieceOutput): Promise<void> {
  const lost = new AbortController();
  const given = AbortSignal.any([signal, lost.signal]);
  const within = async (work: Promise<unknown>, ms: number, what: string): Promise<void> => {
    const done = new AbortController();
    const late = pause(clock, ms, AbortSignal.any([given, done.signal])).then(() => "late" as const);
    const first = await Promise.race([work, late]);
    done.abort();
    if (first === "late") throw new Error(what);
  };
  let tellReady: () => void = () => {};
  const ready = new Promise<void>((resolve) => {
    tellReady = resolve;
  });
  const opened = await model({
    language,
    clock,
    onReady: tellReady,
    onLost: () => lost.abort(),
    // Nobody speaks to it, and whoever waits for it gives up by themselves.
    onLate: () => {},
    onUnheard: () => false,
    onCallerVoice: () => {},
    expectsWords: () => false,
  });
  const session = new voice.AgentSession({
    llm: opened.model,
    vad: null,
    userAwayTimeout: null,
    turnHandling: { turnDetection: null },
  });
  try {
    session.output.audio = output;
    const instructions = "You read sentences aloud, word for word, and add nothing.";
    await session.start({ agent: new voice.Agent({ instructions }), record: false });
    await within(ready, readyMs, "The model was not ready to read aloud.");
    const reply = session.generateReply({ instructions: verbatimInstructions(text) });
    await within(reply.waitForPlayout(), speakMs, "The model did not read it to its end.");
  } finally {
    await session.close();
    await opened.close();
  }
}
