import { voice } from "@livekit/agents";
import type { CallId } from "../../call/identifiers.ts";
import { OutboundCallee } from "../callee/outbound-callee.ts";
import type { ChannelProfile } from "../clinic-profile.ts";
import type { AppointmentDesk } from "../desk/appointment-desk.ts";
import { SlotOffer } from "../desk/slot-offer.ts";
import { type CallModelOptions, openCallModel, watchCallerSilence } from "../model/call-model.ts";
import { callInstructions, greetingInstructions, languageInstructions } from "../model/instructions.ts";
import type { ModelVoice } from "../model/model-voice.ts";
import { recordSession } from "../model/session-record.ts";
import { watchTurns } from "../model/turn-watch.ts";
import { callOperator } from "../operator/call-operator.ts";
import type { PromptPlayer } from "../speech/prompt-player.ts";
import { Speech } from "../speech/speech.ts";
import { clinicTools } from "../tools/tools.ts";
import type { CallJobOptions } from "./call-job-options.ts";
import { CallMatter } from "./call-matter.ts";
import type { CallRecorder } from "./call-recorder.ts";
import type { CallerSilence } from "./caller-silence.ts";
import { ClinicCall } from "./clinic-call.ts";

/** What an {@link OpenCall} needs. */
export interface OpenCallOptions extends CallJobOptions {
  readonly callId: CallId;
  readonly recorder: CallRecorder;
  readonly desk: AppointmentDesk;
  readonly player: PromptPlayer;
  /** The player's track is in the room when this resolves. */
  readonly published: Promise<unknown>;
  readonly profile: ChannelProfile;
}

/** All that listens, speaks and decides on one call, from when its channel is known until it is over. */
export class OpenCall {
  /** The call. */
  readonly callId: CallId;
  /** How the call is spoken. */
  readonly profile: ChannelProfile;
  /** The call's voice. */
  readonly speech: Speech;
  /** The call's state, and what moves it. */
  readonly call: ClinicCall;
  /** What the call is about. */
  readonly matter: CallMatter;
  /** The call's record. */
  readonly recorder: CallRecorder;
  readonly #o: OpenCallOptions;
  readonly #offer: SlotOffer;
  #model: ModelVoice | undefined;
  #silence: CallerSilence | undefined;
  #callee: OutboundCallee | undefined;
  #hasBegun = false;
  #told: string | undefined;
  #modelClosed: Promise<void> | undefined;

  /** Opens the call: its track is in the room and its model is ready to be started when this resolves. */
  static async open(options: OpenCallOptions): Promise<OpenCall> {
    const { brief, options: agent, profile, published, recorder } = options;
    recorder.add({
      type: "started",
      clinicId: agent.clinic.clinicId,
      direction: brief ? "outbound" : "inbound",
      channel: profile.channel,
      ...(brief ? { attemptId: brief.attemptId } : {}),
    });
    const open = new OpenCall(options);
    await open.#openModel();
    await published;
    return open;
  }

  private constructor(options: OpenCallOptions) {
    const { backend, clock, desk, logger, options: agent, player, profile, recorder } = options;
    this.#o = options;
    this.callId = options.callId;
    this.profile = profile;
    this.recorder = recorder;
    const model = () => this.model;
    this.speech = new Speech({
      get session() {
        return model().session;
      },
      player,
      audio: backend.promptAudio,
      spoken: options.spokenPrompts,
      texts: agent.clinic.prompts,
      language: profile.language,
      recorder,
      clock,
      logger,
    });
    this.#offer = new SlotOffer(desk, clock);
    this.call = this.#makeCall();
    this.matter = new CallMatter({
      desk,
      call: this.call,
      backend,
      clinic: agent.clinic,
      settings: agent.identity ?? {},
      clock,
      logger,
    });
  }

  /** The call's model. */
  get model(): ModelVoice {
    if (!this.#model) throw new Error("The call's model is not open yet.");
    return this.#model;
  }

  /** Who answered, on a call that we placed. */
  get callee(): OutboundCallee | undefined {
    return this.#callee;
  }

  /** Finds out who answered a call that we placed; a person who calls us is one. */
  meetCallee(): OutboundCallee | undefined {
    const { brief, clock, line, logger, options } = this.#o;
    if (!brief) return undefined;
    this.#callee = new OutboundCallee({
      manners: options.outbound ?? {},
      call: this.call,
      speech: this.speech,
      recorder: this.recorder,
      clock,
      logger,
      over: line.over,
      onHears: (hears) => this.model.session.input.setAudioEnabled(hears),
      greet: () => this.introduce(),
    });
    return this.#callee;
  }

  /** From now on whoever restores the model has it begin. */
  begin(): void {
    this.#hasBegun = true;
  }

  /** Watches from now on for a caller who says nothing, until this is called back. */
  watchSilence(): () => void {
    this.#silence?.start();
    return () => this.#silence?.stop();
  }

  /** Has the model greet the other party, with what may be told. */
  async introduce(): Promise<void> {
    await this.inform();
    const { language } = this.call.state;
    const greeting = greetingInstructions({ ...this.profile, language }, this.matter.known);
    // Chosen in the menu, before the model had said anything.
    const chosen = language === this.profile.language ? [] : [languageInstructions(language)];
    await this.speech.reply([...chosen, greeting].join("\n"));
  }

  /** Tells the model for the rest of the call what it may know now. */
  async inform(): Promise<void> {
    const instructions = this.#instructions();
    if (!this.model.works || this.#told === instructions) return;
    this.#told = instructions;
    try {
      await this.model.session.currentAgent.updateInstructions(instructions);
    } catch (error) {
      this.#o.logger.warn({ error, callId: this.callId }, "the model's instructions were not updated");
    }
  }

  /** Closes the model, once. */
  async closeModel(): Promise<void> {
    this.#modelClosed ??= this.#model?.close();
    await this.#modelClosed;
  }

  /** What the model is told for the whole call, as far as it may know it now. */
  #instructions(): string {
    const { language } = this.call.state;
    return callInstructions(this.#o.options.clinic, { ...this.profile, language }, this.matter.known);
  }

  #makeCall(): ClinicCall {
    const { backend, callId, clock, desk, line, logger, options, recorder } = this.#o;
    const { speech } = this;
    const operator = callOperator({
      ...this.#o,
      speech,
      state: () => this.call.state,
    });
    const phoneNumber = () => line.phoneNumber ?? desk.appointment?.patient.phoneNumber;
    return new ClinicCall({
      callId,
      desk,
      speech,
      recorder,
      preferences: backend.preferences,
      clock,
      logger,
      phoneNumber,
      language: this.profile.language,
      transfer: () => operator.reach(),
      onBridged: () => {
        // Two people talk now: their keys are theirs, and no model listens to them.
        line.onDigit(() => {});
        this.closeModel().catch((error: unknown) =>
          logger.warn({ error, callId }, "the model was not closed"),
        );
      },
      greet: async () => {
        this.begin();
        await (this.#callee?.wasMissed ? this.#callee.welcome() : this.introduce());
      },
      leaveMessage: async () => await this.#callee?.leaveMessage(),
      checkIdentity: async (digits) => await this.matter.identity.checkKeyed(digits),
      keepCallBack: async () => {
        const number = phoneNumber();
        if (!number) throw new Error("The caller's number is not known.");
        await desk.requestCallBack(number, options.clinic.clinicId);
      },
      speakLanguage: async (language) => await speech.reply(languageInstructions(language)),
    });
  }

  async #openModel(): Promise<void> {
    const { brief, clock, line, logger, options, recorder } = this.#o;
    const { call, matter, speech } = this;
    const modelOptions: CallModelOptions = {
      model: options.model,
      channel: this.profile.channel,
      clock,
      logger,
      recorder,
      over: line.over,
      call,
      speech,
      instructions: () => {
        this.#told = this.#instructions();
        return this.#told;
      },
      tools: () =>
        clinicTools({
          call,
          identity: matter.identity,
          offer: this.#offer,
          recorder,
          direction: brief ? "outbound" : "inbound",
        }),
      greet: () => this.introduce(),
      hasBegun: () => this.#hasBegun,
    };
    const model = await openCallModel(modelOptions);
    this.#model = model;
    model.eachSession((session) => this.#follow(session));
    this.#silence = watchCallerSilence(model, modelOptions, (options.callerSilenceSeconds ?? 10) * 1000);
    line.over.addEventListener("abort", () => void call.end(line.closedBy), { once: true });
  }

  /** What is done with each session of the model, the first and those that replace it. */
  #follow(session: voice.AgentSession): void {
    const { options } = this.#o;
    watchTurns(session, this.#offer);
    recordSession(session, this.recorder, options.keepTranscript ?? false);
    if (this.speech.isMuted) session.output.setAudioEnabled(false);
    session.input.setAudioEnabled(this.#callee?.modelHears ?? true);
    session.on(voice.AgentSessionEventTypes.UserInputTranscribed, ({ transcript }) => {
      this.call.callerHeard();
      this.#callee?.hearWords(transcript);
      // A machine's greeting, too, says what to do in an emergency.
      if (this.#callee?.isPerson !== false && this.#o.isEmergency(transcript)) this.call.emergency();
    });
  }
}
