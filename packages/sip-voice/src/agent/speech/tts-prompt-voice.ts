import { initializeLogger, loggerOptions, type tts } from "@livekit/agents";
import type { AudioFrame } from "@livekit/rtc-node";
import type { Language } from "../../call/prompt.ts";
import { type Clock, pause, systemClock } from "../../clock.ts";
import { SipVoiceError } from "../../errors.ts";
import type { AudioClip } from "../../prompts/prompt-audio.ts";
import type { PromptVoice } from "../../prompts/prompt-voice.ts";
import { clipOfFrames } from "./frame-clip.ts";
import { type TtsFailure, ttsFailureOf } from "./tts-failure.ts";

const mostTries = 4;
/** For one sentence, from the request to its last sound. */
const sentenceMs = 60_000;

/** Settings of {@link ttsPromptVoice}. */
export interface TtsPromptVoiceOptions {
  /** Names the voice and whatever else changes the sound, such as `cartesia/sonic-3/anna`: see {@link PromptVoice}. */
  readonly name: string;
  /** The text-to-speech of `@livekit/agents` or one of its plugins, for a language. */
  readonly tts: (language: Language) => tts.TTS | Promise<tts.TTS>;
  /** Where time comes from; the machine's clock unless given. */
  readonly clock?: Clock;
}

/**
 * Any text-to-speech of agents-js as a {@link PromptVoice}. When the service has enough of us (429) it waits as long as the
 * service says, and tries again; other passing failures are tried again, too, four times in all.
 *
 * @example
 * ```ts
 * import type { tts } from "@livekit/agents";
 * import { ttsPromptVoice } from "@clinic/sip-voice/agent";
 *
 * declare function yourTts(language: string): tts.TTS;
 *
 * const voice = ttsPromptVoice({ name: "your-tts/anna", tts: yourTts });
 * console.log(voice.name);
 * ```
 */
export function ttsPromptVoice({ name, tts, clock = systemClock }: TtsPromptVoiceOptions): PromptVoice {
  return {
    name,
    async speak(text, language, signal) {
      const service = await tts(language);
      for (let tries = 1; ; tries++) {
        signal?.throwIfAborted();
        const spoken = await attempt(service, text, clock, signal);
        if ("clip" in spoken) return spoken.clip;
        const { retryAfterMs } = spoken;
        if (retryAfterMs === undefined || tries === mostTries) throw unavailable(spoken);
        await pause(clock, retryAfterMs(tries), signal);
      }
    },
  };
}

async function attempt(
  service: tts.TTS,
  text: string,
  clock: Clock,
  signal: AbortSignal | undefined,
): Promise<{ clip: AudioClip } | TtsFailure> {
  needLogger();
  const late = new AbortController();
  const timer = clock.setTimer(() => late.abort(), sentenceMs);
  const givenUp = signal ? AbortSignal.any([signal, late.signal]) : late.signal;
  const once = { maxRetry: 0, retryIntervalMs: 0, timeoutMs: sentenceMs };
  try {
    const stream = service.synthesize(text, once, givenUp);
    const failure = failureOf(stream);
    const frames: AudioFrame[] = [];
    for await (const { frame } of stream) frames.push(frame);
    signal?.throwIfAborted();
    if (failure.met) return ttsFailureOf(failure.error);
    if (late.signal.aborted) return ttsFailureOf(new Error("no answer in time"));
    return { clip: clipOfFrames(frames) };
  } finally {
    timer.cancel();
  }
}

/**
 * Takes a stream's failure before the framework does: it would only close the stream, emit `error` on a TTS that several
 * sentences share, and leave a promise rejected that nobody can reach (agents-js 1.9.0), which ends a Node program.
 */
function failureOf(stream: tts.ChunkedStream): { met: boolean; error?: unknown } {
  const failure: { met: boolean; error?: unknown } = { met: false };
  // `run` is called in a later microtask, so what stands in its place now is what is called.
  const open = stream as unknown as { run(): Promise<void> };
  const run = open.run.bind(stream);
  open.run = async () => {
    try {
      await run();
    } catch (error) {
      failure.met = true;
      failure.error = error;
    }
  };
  return failure;
}

function unavailable({ status, error, isQuota }: TtsFailure): SipVoiceError {
  const answered = status === undefined ? "did not answer" : `answered with status ${status}`;
  const remedy = isQuota
    ? "Its quota is used up: run this again later, or raise the quota. What was rendered stays."
    : status !== undefined && status >= 400 && status < 500
      ? "Look at the key, and at the names of the model and the voice."
      : "Look at the network and at the service's status page, and run this again.";
  return new SipVoiceError("voice-unavailable", `The text-to-speech service ${answered}.`, {
    remedy,
    cause: error,
  });
}

/** The framework's classes ask for its logger, which only its own command line sets up. */
function needLogger(): void {
  if (loggerOptions() === undefined) initializeLogger({ pretty: false, level: "silent" });
}
