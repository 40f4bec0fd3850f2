import { type llm, voice } from "@livekit/agents";
import type { CallChannel } from "../../call/identifiers.ts";
import type { Clock } from "../../clock.ts";
import type { Logger } from "../../log/logger.ts";
import type { CallRecorder } from "../call/call-recorder.ts";
import { CallerSilence } from "../call/caller-silence.ts";
import type { ClinicCall } from "../call/clinic-call.ts";
import type { Speech } from "../speech/speech.ts";
import { callSoFar, goOnInstructions, unheardInstructions } from "./call-so-far.ts";
import { ModelVoice } from "./model-voice.ts";
import type { VoiceModel } from "./voice-model.ts";

/** What a call tells of itself to its model. */
export interface CallModelOptions {
  readonly model: VoiceModel;
  readonly channel: CallChannel;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly recorder: CallRecorder;
  /** Aborted when the call is over. */
  readonly over: AbortSignal;
  /** The call, and its voice, which speaks through the model. */
  readonly call: ClinicCall;
  readonly speech: Speech;
  /** What a model is told for the whole call. */
  instructions(): string;
  /** The call's tools. */
  tools(): llm.ToolContextLike;
  /** Begins the conversation. */
  greet(): Promise<void>;
  /** Whether the conversation was begun, or tried to be. */
  hasBegun(): boolean;
}

/** Opens the model of a call, and keeps it: what fails is told to the call, and replaced. */
export async function openCallModel(options: CallModelOptions): Promise<ModelVoice> {
  const { recorder } = options;
  let holding = false;
  const model: ModelVoice = await ModelVoice.open({
    ...options,
    language: () => options.call.state.language,
    expectsWords: () => isTalking(options.call),
    agent(history) {
      const soFar =
        history && callSoFar(options.call.state, recorder.events, (name) => options.speech.textOf(name));
      const instructions = [options.instructions(), ...(soFar ? [soFar] : [])].join("\n");
      const tools = model.watched(options.tools());
      return new voice.Agent({ instructions, tools, ...(history ? { chatCtx: history } : {}) });
    },
    onLost: (cause) => options.call.modelLost(cause),
    onRestored: (afterMs) => void goOn(model, options, afterMs),
    onGivenUp: () => options.call.modelGivenUp(),
    onLate() {
      if (!isTalking(options.call) || options.speech.isPlaying) return;
      holding = true;
      void options.speech.say("hold").finally(() => {
        holding = false;
      });
    },
    onUnheard() {
      if (!isTalking(options.call) || options.speech.isPlaying) return false;
      void options.speech.reply(unheardInstructions);
      return true;
    },
    onCallerVoice: () => options.call.callerSounds(),
  });
  model.eachSession((session) =>
    session.on(voice.AgentSessionEventTypes.AgentStateChanged, ({ newState }) => {
      // The answer came after all; it is not waited for any more.
      if (holding && newState === "speaking") options.speech.stopSentence();
    }),
  );
  return model;
}

/** Whether the two talk with each other: words are owed then, and sentences may be said. */
function isTalking(call: ClinicCall): boolean {
  const { phase, party } = call.state;
  return phase === "active" && !call.isEnding && party !== "machine" && party !== "screener";
}

/**
 * A model took over. A caller who was told of the fault hears so once that sentence was said, or cut short by a key; who was
 * not, since the call was not up yet, need not know.
 */
async function goOn(model: ModelVoice, options: CallModelOptions, afterMs: number): Promise<void> {
  const { call, speech } = options;
  if (call.heardApology) {
    await call.settled();
    await speech.finished();
  }
  // It may have been lost again meanwhile.
  if (!model.works || call.state.phase === "ended") return;
  model.rejoin();
  call.modelRestored(afterMs);
  await call.settled();
  if (!options.hasBegun() || !isTalking(call) || !model.works) return;
  if (model.hasSpoken) await speech.reply(goOnInstructions);
  else await options.greet();
}

/** Watches for a caller who says nothing when it is their turn. */
export function watchCallerSilence(
  model: ModelVoice,
  options: CallModelOptions,
  afterMs: number,
): CallerSilence {
  const { call, speech } = options;
  return new CallerSilence({
    clock: options.clock,
    afterMs,
    lastHeard: () => call.lastHeardAt,
    // Without a model the keys have a time limit of their own.
    busy: () =>
      !isTalking(call) || call.state.model === "lost" || call.isKeying || speech.isSpeaking || model.toolRuns,
    onSilent: () => call.callerSilent(),
  });
}
