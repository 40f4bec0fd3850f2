import { type llm, voice } from "@livekit/agents";
import type { RemoteParticipant, Room } from "@livekit/rtc-node";
import type { CallChannel } from "../../call/identifiers.ts";
import { type Clock, pause } from "../../clock.ts";
import { PartyAudioInput } from "./party-audio-input.ts";
import type { VoiceModel, VoiceModelRequest, VoiceModelSession } from "./voice-model.ts";

/** How long the model may take to be ready. */
const modelReadyMs = 8_000;
/** How long the room's audio may take to close. */
const closeMs = 500;

/** How a {@link ModelSession} is opened. */
export interface ModelSessionOptions extends Omit<VoiceModelRequest, "onReady"> {
  readonly model: VoiceModel;
  readonly channel: CallChannel;
  readonly clock: Clock;
  /** Aborted when the call is over. */
  readonly over: AbortSignal;
}

/** One session with a model: connected before the call is up, joined to the room when it is, and never mended. */
export class ModelSession {
  /** The framework's session, through which the model speaks. */
  readonly session: voice.AgentSession;
  readonly #options: ModelSessionOptions;
  readonly #model: VoiceModelSession;
  readonly #ready: Promise<boolean>;
  #roomIo: voice.RoomIO | undefined;
  #where: { readonly room: Room; readonly participant: RemoteParticipant } | undefined;
  #isStarted = false;
  #hasLeft = false;
  readonly #input = new PartyAudioInput();

  private constructor(options: ModelSessionOptions, model: VoiceModelSession, ready: Promise<boolean>) {
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

  /** Opens the session; the model is not connected yet. */
  static async open(options: ModelSessionOptions): Promise<ModelSession> {
    let tellReady: (ready: boolean) => void = () => {};
    const ready = new Promise<boolean>((resolve) => {
      tellReady = resolve;
    });
    const model = await options.model({
      ...options,
      onReady: () => tellReady(true),
      onLost: (cause) => {
        tellReady(false);
        options.onLost(cause);
      },
    });
    return new ModelSession(options, model, ready);
  }

  /** What was said in it, as far as it is known. */
  get history(): llm.ChatContext {
    return this.session.history;
  }

  /** Connects the model; resolves `false` when it is not there in time. */
  async start(agent: voice.Agent): Promise<boolean> {
    const { clock, over } = this.#options;
    await this.session.start({ agent, record: false });
    this.#isStarted = true;
    this.#joinRoom();
    return await Promise.race([this.#ready, pause(clock, modelReadyMs, over).then(() => false)]);
  }

  /** A tool begins or ends running. */
  toolRuns(running: boolean): void {
    this.#model.toolRuns(running);
  }

  /**
   * Lets the model hear the other party and be heard, from now on. Not by way of `session.start`: that would have it listen
   * to the ringing, and its end would wait for ever for a telephone that left before it was answered.
   */
  join(room: Room, participant: RemoteParticipant): void {
    this.#where = { room, participant };
    this.#joinRoom();
  }

  /** Both are needed: a session that does not run yet can't be joined to a room. */
  #joinRoom(): void {
    if (!this.#where || !this.#isStarted || this.#roomIo || this.#hasLeft) return;
    const { room, participant } = this.#where;
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

  /** Falls silent and deaf at once; what is left is closed without anybody waiting for it. */
  leave(): void {
    if (this.#hasLeft) return;
    this.#hasLeft = true;
    const quietly = (work: Promise<unknown> | undefined): void => void work?.catch(() => {});
    quietly(this.#input.close());
    try {
      // What still comes from the model would be heard beside the sentence that tells of the fault.
      this.session.output.setAudioEnabled(false);
      this.session.interrupt({ force: true });
    } catch {
      // It says nothing.
    }
    quietly(this.close());
  }

  /** Closes everything, whatever of it still works. */
  async close(): Promise<void> {
    const { clock } = this.#options;
    await Promise.race([this.session.close(), pause(clock, 2 * closeMs)]);
    // Its track may never have been subscribed to, and it would wait for that.
    await Promise.race([this.#roomIo?.close(), pause(clock, closeMs)]);
    await Promise.race([this.#input.close(), pause(clock, closeMs)]);
    await this.#model.close();
  }
}
