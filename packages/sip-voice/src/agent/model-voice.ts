import { voice } from "@livekit/agents";
import type { RemoteParticipant, Room } from "@livekit/rtc-node";
import type { CallChannel } from "../call/identifiers.ts";
import type { Language } from "../call/prompt.ts";
import { type Clock, pause } from "../clock.ts";
import { PartyAudioInput } from "./party-audio-input.ts";
import type { VoiceModel, VoiceModelSession } from "./voice-model.ts";

/** How long the model may take to be ready. */
const modelReadyMs = 8_000;
/** How long the room's audio may take to close. */
const closeMs = 500;

/** How a call's model is opened. */
export interface ModelVoiceOptions {
  readonly model: VoiceModel;
  readonly language: Language;
  readonly channel: CallChannel;
  readonly clock: Clock;
  /** Aborted when the call is over. */
  readonly over: AbortSignal;
  /** Called when the model is gone for good, perhaps more than once. */
  readonly onLost: (cause: string) => void;
}

/** The model's voice in one call: connected before the call is up, joined to the room when it is. */
export class ModelVoice {
  /** The framework's session, through which the model speaks. */
  readonly session: voice.AgentSession;
  readonly #options: ModelVoiceOptions;
  readonly #model: VoiceModelSession;
  readonly #ready: Promise<boolean>;
  #roomIo: voice.RoomIO | undefined;
  readonly #input = new PartyAudioInput();

  private constructor(options: ModelVoiceOptions, model: VoiceModelSession, ready: Promise<boolean>) {
    this.#options = options;
    this.#model = model;
    this.#ready = ready;
    this.session = new voice.AgentSession({
      llm: model.model,
      vad: null,
      userAwayTimeout: null,
      // A telephone network cancels echo itself; the framework would drop the first words of a caller who barges in.
      aecWarmupDuration: options.channel === "phone" ? null : 3_000,
      turnHandling: { turnDetection: null },
    });
    this.session.input.audio = this.#input;
    this.session.on(voice.AgentSessionEventTypes.Close, () => options.onLost("session-closed"));
  }

  /** Opens the model; it is not connected yet. */
  static async open(options: ModelVoiceOptions): Promise<ModelVoice> {
    let tellReady: (ready: boolean) => void = () => {};
    const ready = new Promise<boolean>((resolve) => {
      tellReady = resolve;
    });
    const model = await options.model({
      language: options.language,
      onReady: () => tellReady(true),
      onLost: (cause) => {
        tellReady(false);
        options.onLost(cause);
      },
    });
    return new ModelVoice(options, model, ready);
  }

  /** Connects the model; resolves `false` when it is not there in time. */
  async start(agent: voice.Agent): Promise<boolean> {
    const { clock, over } = this.#options;
    await this.session.start({ agent, record: false });
    return await Promise.race([this.#ready, pause(clock, modelReadyMs, over).then(() => false)]);
  }

  /**
   * Lets the model hear the other party and be heard, from now on. Not by way of `session.start`: that would have it listen
   * to the ringing, and its end would wait for ever for a telephone that left before it was answered.
   */
  join(room: Room, participant: RemoteParticipant): void {
    this.#roomIo = new voice.RoomIO({
      agentSession: this.session,
      room,
      participant,
      // We end the call ourselves, whatever ended it; and what the other party types is not part of a call.
      inputOptions: { closeOnDisconnect: false, textEnabled: false },
    });
    this.#roomIo.start();
    this.#input.listenTo(room, participant);
  }

  /** Closes everything, whatever of it still works. */
  async close(): Promise<void> {
    await this.session.close();
    // Its track may never have been subscribed to, and it would wait for that.
    await Promise.race([this.#roomIo?.close(), pause(this.#options.clock, closeMs)]);
    await Promise.race([this.#input.close(), pause(this.#options.clock, closeMs)]);
    await this.#model.close();
  }
}
