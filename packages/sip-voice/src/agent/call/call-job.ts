import { type JobContext, voice } from "@livekit/agents";
import type { RemoteParticipant } from "@livekit/rtc-node";
import type { CallBrief } from "../../call/brief.ts";
import type { CallId } from "../../call/identifiers.ts";
import type { Language } from "../../call/prompt.ts";
import { agentAttribute, type UnreadyReason } from "../../call/readiness.ts";
import { type CallEndedBy, initialCallState } from "../../call/state.ts";
import { type Clock, pause } from "../../clock.ts";
import type { Logger } from "../../log/logger.ts";
import type { PromptAudio } from "../../prompts/prompt-audio.ts";
import { detectSipParticipant } from "../../sip/detect-sip-participant.ts";
import { listenToCallee } from "../callee/callee-audio.ts";
import { OutboundCallee } from "../callee/outbound-callee.ts";
import type { ClinicAgentOptions } from "../clinic-agent-options.ts";
import type { ClinicBackend } from "../clinic-backend.ts";
import { type ChannelProfile, languageOf, profileOf } from "../clinic-profile.ts";
import { AppointmentDesk } from "../desk/appointment-desk.ts";
import { SlotOffer } from "../desk/slot-offer.ts";
import { emergencyMatcher } from "../emergency/emergency-words.ts";
import { type CallModelOptions, openCallModel, watchCallerSilence } from "../model/call-model.ts";
import { callInstructions, greetingInstructions, languageInstructions } from "../model/instructions.ts";
import type { ModelVoice } from "../model/model-voice.ts";
import { recordSession } from "../model/session-record.ts";
import { watchTurns } from "../model/turn-watch.ts";
import { callOperator } from "../operator/call-operator.ts";
import { PromptPlayer } from "../speech/prompt-player.ts";
import { Speech } from "../speech/speech.ts";
import { clinicTools } from "../tools/tools.ts";
import { WebData } from "../web/web-data.ts";
import { WebPage } from "../web/web-page.ts";
import type { CallLine } from "./call-line.ts";
import { CallMatter } from "./call-matter.ts";
import { CallRecorder } from "./call-recorder.ts";
import type { CallerSilence } from "./caller-silence.ts";
import { ClinicCall } from "./clinic-call.ts";
import { callStatusOf, waitForOtherParty, waitUntilActive } from "./other-party.ts";
import { watchParty } from "./party-watch.ts";

/** What a {@link CallJob} needs. */
export interface CallJobOptions {
  readonly ctx: JobContext;
  readonly options: ClinicAgentOptions;
  readonly backend: ClinicBackend;
  readonly brief: CallBrief | undefined;
  /** Speaks the sentences that were not prepared. */
  readonly spokenPrompts: PromptAudio | undefined;
  readonly line: CallLine;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** How long somebody who called, or was called, may take to appear in the room. */
const arrivalMs = 30_000;
/** How long the model of a call that came in waits for the opener to begin. */
const modelWaitsMs = 1_000;
/** Longer than any ringing that `makeCall` allows. */
const longestRingingMs = 100_000;

/** One job of the worker: one call, from the empty room to the empty room. */
export class CallJob {
  /** The call. */
  readonly callId: CallId;
  readonly #o: CallJobOptions;
  readonly #recorder: CallRecorder;
  readonly #desk: AppointmentDesk;
  readonly #player = new PromptPlayer();
  #model: ModelVoice | undefined;
  #speech: Speech | undefined;
  #call: ClinicCall | undefined;
  /** Who answered, on a call that we placed. */
  #callee: OutboundCallee | undefined;
  #matter: CallMatter | undefined;
  #told: string | undefined;
  #page: WebPage | undefined;
  readonly #openerBegan = new AbortController();
  #silence: CallerSilence | undefined;
  #hasBegun = false;
  #finished: Promise<void> | undefined;
  #modelClosed: Promise<void> | undefined;

  /** Makes the job; nothing happens yet. */
  constructor(options: CallJobOptions) {
    this.#o = options;
    const { backend, brief, clock, ctx, logger } = options;
    this.callId = brief?.callId ?? ctx.job.id;
    this.#recorder = new CallRecorder(backend.callLog, this.callId, clock, logger);
    this.#desk = new AppointmentDesk(backend.appointments, this.callId, clock, logger);
  }

  /** The whole call; resolves when it is over. */
  async run(): Promise<void> {
    const { brief, line, clock, ctx } = this.#o;
    const arrived = brief ? undefined : await waitForOtherParty(ctx.room, clock, arrivalMs, line.over);
    if (!brief && !arrived) return;
    const isWeb = arrived !== undefined && !detectSipParticipant(arrived).isSip;
    const profile = isWeb
      ? profileOf("web", languageOf(arrived.attributes[agentAttribute.language]))
      : profileOf("phone");
    await this.#open(profile);
    if (brief) await this.#runOutbound(brief, profile);
    else if (arrived) await this.#runInbound(arrived, profile);
  }

  /** Says that something went wrong to whoever is on the line. */
  async apologize(): Promise<void> {
    const { line, clock, ctx } = this.#o;
    const party = line.party ?? (await waitForOtherParty(ctx.room, clock, 2_000, line.over));
    if (!party) return;
    if (!this.#speech) await this.#open(profileOf(detectSipParticipant(party).isSip ? "phone" : "web"));
    await waitUntilActive(ctx.room, party, clock, 2_000, line.over);
    this.#speech?.loseModel();
    await this.#speech?.say("apology");
    await this.#speech?.say("goodbye");
  }

  /** Ends everything, once: the record, the session, the room, and with it the telephone's call. */
  finish(by: CallEndedBy): Promise<void> {
    this.#finished ??= this.#finish(by);
    return this.#finished;
  }

  async #finish(by: CallEndedBy): Promise<void> {
    const { backend, ctx, line, logger } = this.#o;
    const roomName = ctx.room.name;
    await this.#call?.end(line.over.aborted && by !== "worker-stopped" ? line.closedBy : by);
    line.drop();
    const quietly = async (step: string, work: Promise<unknown> | undefined): Promise<void> => {
      await work?.catch((error: unknown) =>
        logger.warn({ error, callId: this.callId, step }, "a step of ending the call failed"),
      );
    };
    await quietly("show the end", this.#page?.close());
    await this.#recorder.written;
    // First the room: the telephone is hung up even if something below hangs.
    if (roomName) await quietly("remove room", backend.rooms.removeRoom(roomName));
    await quietly("close prompts", this.#player.close());
    await quietly("close model", this.#closeModel());
  }

  async #closeModel(): Promise<void> {
    this.#modelClosed ??= this.#model?.close();
    await this.#modelClosed;
  }

  /** Everything that speaks and listens, except for the model. */
  async #open(profile: ChannelProfile): Promise<void> {
    const { backend, brief, clock, ctx, line, logger, options } = this.#o;
    const { clinic } = options;
    this.#recorder.add({
      type: "started",
      clinicId: clinic.clinicId,
      direction: brief ? "outbound" : "inbound",
      channel: profile.channel,
      ...(brief ? { attemptId: brief.attemptId } : {}),
    });
    // The track first: a telephone that calls is answered once it is there.
    const published = this.#player.publish(ctx.room);
    const offer = new SlotOffer(this.#desk, clock);
    const modelOptions: CallModelOptions = {
      model: options.model,
      channel: profile.channel,
      clock,
      logger,
      recorder: this.#recorder,
      over: line.over,
      language: () => this.#call?.state.language ?? profile.language,
      call: () => this.#call as ClinicCall,
      speech: () => this.#speech as Speech,
      instructions: () => {
        this.#told = this.#instructions(profile);
        return this.#told;
      },
      tools: () =>
        clinicTools({
          call: this.#call as ClinicCall,
          identity: (this.#matter as CallMatter).identity,
          offer,
          recorder: this.#recorder,
          direction: brief ? "outbound" : "inbound",
        }),
      greet: () => this.#introduce(profile),
      hasBegun: () => this.#hasBegun,
    };
    const model = await openCallModel(modelOptions);
    await published;
    this.#model = model;
    this.#speech = new Speech({
      get session() {
        return model.session;
      },
      player: this.#player,
      audio: backend.promptAudio,
      spoken: this.#o.spokenPrompts,
      texts: clinic.prompts,
      language: profile.language,
      recorder: this.#recorder,
      clock,
      logger,
    });
    const operator = callOperator({
      ...this.#o,
      speech: this.#speech,
      desk: this.#desk,
      state: () => this.#call?.state ?? initialCallState,
    });
    const phoneNumber = () => line.phoneNumber ?? this.#desk.appointment?.patient.phoneNumber;
    this.#call = new ClinicCall({
      callId: this.callId,
      desk: this.#desk,
      speech: this.#speech,
      recorder: this.#recorder,
      preferences: backend.preferences,
      clock,
      logger,
      phoneNumber,
      language: profile.language,
      transfer: () => operator.reach(),
      onBridged: () => {
        // Two people talk now: their keys are theirs, and no model listens to them.
        line.onDigit(() => {});
        this.#closeModel().catch((error: unknown) =>
          logger.warn({ error, callId: this.callId }, "the model was not closed"),
        );
      },
      greet: async () => {
        this.#hasBegun = true;
        await (this.#callee?.wasMissed ? this.#callee.welcome() : this.#introduce(profile));
      },
      leaveMessage: async () => await this.#callee?.leaveMessage(),
      checkIdentity: async (digits) => await this.#matter?.identity.checkKeyed(digits),
      keepCallBack: async () => {
        const number = phoneNumber();
        if (!number) throw new Error("The caller's number is not known.");
        await this.#desk.requestCallBack(number, clinic.clinicId);
      },
      speakLanguage: async (language) => await this.#speech?.reply(languageInstructions(language)),
    });
    this.#matter = new CallMatter({
      desk: this.#desk,
      call: this.#call,
      backend,
      clinic,
      settings: options.identity ?? {},
      clock,
      logger,
    });
    const isEmergency = emergencyMatcher(clinic.emergencyWords);
    model.eachSession((session) => {
      watchTurns(session, offer);
      recordSession(session, this.#recorder, options.keepTranscript ?? false);
      if (this.#speech?.isMuted) session.output.setAudioEnabled(false);
      session.input.setAudioEnabled(this.#callee?.modelHears ?? true);
      session.on(voice.AgentSessionEventTypes.UserInputTranscribed, ({ transcript }) => {
        this.#call?.callerHeard();
        this.#callee?.hearWords(transcript);
        // A machine's greeting, too, says what to do in an emergency.
        if (this.#callee?.isPerson !== false && isEmergency(transcript)) this.#call?.emergency();
      });
    });
    this.#silence = watchCallerSilence(model, modelOptions, (options.callerSilenceSeconds ?? 10) * 1000);
    line.over.addEventListener("abort", () => void this.#call?.end(line.closedBy), { once: true });
  }

  async #runInbound(party: RemoteParticipant, profile: ChannelProfile): Promise<void> {
    const { ctx, clock, line } = this.#o;
    this.#takeParty(party);
    this.#tell({ [agentAttribute.callId]: this.callId });
    const modelStarted = this.#openerBegins(profile).then(async () => (await this.#model?.start()) ?? false);
    const found = this.#find((matter) => matter.ofParty(party, () => this.#grantedAppointment(party)));
    if (!(await waitUntilActive(ctx.room, party, clock, arrivalMs, line.over))) return;
    await this.#talk(profile, modelStarted, found);
  }

  async #runOutbound(brief: CallBrief, profile: ChannelProfile): Promise<void> {
    const { ctx, clock, line } = this.#o;
    const me = ctx.room.localParticipant;
    const refuse = async (reason: UnreadyReason): Promise<void> => {
      await me?.setAttributes({ [agentAttribute.unready]: reason });
      // Whoever dispatched us reads it, and removes the room.
      await pause(clock, 5_000, line.over);
    };
    const found = await this.#find((matter) => matter.ofBrief(brief));
    if (found !== "found") return await refuse(found);
    if (!(await this.#model?.start())) return await refuse("model-unavailable");
    this.#tell({ [agentAttribute.callId]: this.callId, [agentAttribute.ready]: brief.attemptId });

    const party = await waitForOtherParty(ctx.room, clock, arrivalMs, line.over);
    if (!party) return;
    this.#takeParty(party);
    if (callStatusOf(party) !== "active") this.#call?.rang();
    if (!(await waitUntilActive(ctx.room, party, clock, longestRingingMs, line.over))) return;
    await this.#talk(profile, Promise.resolve(true), Promise.resolve(found));
  }

  /** Resolves when the prepared opener has begun: connecting the model takes the processor's time, and would hold it up. */
  async #openerBegins({ language }: ChannelProfile): Promise<void> {
    const { backend, clock, line, options } = this.#o;
    const text = options.clinic.prompts[language].opener;
    const clip = await backend.promptAudio.find(text, language).catch(() => undefined);
    if (clip) await pause(clock, modelWaitsMs, AbortSignal.any([this.#openerBegan.signal, line.over]));
  }

  /** From the moment at which the two are connected. */
  async #talk(
    profile: ChannelProfile,
    modelStarted: Promise<boolean>,
    found: Promise<"found" | UnreadyReason>,
  ): Promise<void> {
    const { clock, ctx, line, options } = this.#o;
    const [call, speech] = [this.#call, this.#speech];
    if (!call || !speech) return;
    const callee = this.#meetCallee(profile);
    const opener = callee ? callee.sayOpener() : speech.say("opener").then(() => true);
    const openerSaid = opener.then((said) => said && this.#recorder.add({ type: "opener-said" }));
    // Its first frames are on their way before anything else is done.
    await pause(clock, 0, line.over);
    this.#openerBegan.abort();
    call.connected();
    const { party } = line;
    if (callee && party) {
      const stop = listenToCallee(ctx.room, party, (samples) => callee.push(samples));
      line.over.addEventListener("abort", stop, { once: true });
    }
    // The framework refuses to join a session that has not started, and an inbound call's starts after the opener.
    void modelStarted.then((works) => {
      if (works && party && !line.over.aborted) this.#model?.join(ctx.room, party);
    });
    if (profile.channel === "web" && line.party) this.#showPage(call, line.party.identity, found);
    // A key can overtake the news that the call is up, and the appointment that it is about: such keys wait for both.
    const press = (digit: string): void => {
      callee?.press();
      call.press(digit);
    };
    void found.then(() => line.onDigit(press));
    const atLimit = (): void => {
      // How long a caller talks with the operator is limited by itself.
      if (call.state.transfer !== "completed") void call.end("time-limit");
    };
    const limit = clock.setTimer(atLimit, (options.callLimitSeconds ?? 600) * 1000);
    void this.#greet(profile, modelStarted, found, openerSaid);
    const [rooms, roomName, identity] = [this.#o.backend.rooms, ctx.room.name, line.party?.identity];
    if (roomName && identity) {
      void watchParty({ rooms, roomName, identity, clock, over: line.over }).then(
        (by) => by && call.partyLeft(by),
      );
    }
    this.#silence?.start();
    await call.ended;
    this.#silence?.stop();
    limit.cancel();
    line.drop();
  }

  async #greet(
    profile: ChannelProfile,
    modelStarted: Promise<boolean>,
    found: Promise<"found" | UnreadyReason>,
    openerSaid: Promise<unknown>,
  ): Promise<void> {
    const [call, speech] = [this.#call, this.#speech];
    await openerSaid;
    // A key that cut the opener short is answered first: two voices at once can't be understood.
    await call?.settled();
    if (this.#callee && !(await this.#callee.isThere())) return;
    // Lost before the call was up: the opener came first, since it says who is calling.
    if (call?.state.model !== "lost") await modelStarted;
    this.#hasBegun = true;
    if (!call || !speech || call.state.phase !== "active") return;
    // Whoever restores the model has it begin.
    if (call.state.model === "lost") return await call.tellOfLoss();
    if ((await found) === "store-unavailable") await speech.say("not-stored");
    // Who pressed a key during the opener knows what they want: no greeting on top of the answer.
    // They may speak next, and the model has not heard of the appointment yet.
    if (call.state.disposition !== "none") return await this.#inform(profile);
    const { brief, options } = this.#o;
    const menu = brief || profile.channel !== "phone" ? undefined : options.clinic.menu;
    if (!menu || (await call.leadThrough(menu))) await this.#introduce(profile);
  }

  /** Finds out who answered a call that we placed; a person who calls us is one. */
  #meetCallee(profile: ChannelProfile): OutboundCallee | undefined {
    const { brief, clock, line, logger, options } = this.#o;
    const [call, speech] = [this.#call, this.#speech];
    if (!brief || !call || !speech) return undefined;
    this.#callee = new OutboundCallee({
      manners: options.outbound ?? {},
      call,
      speech,
      recorder: this.#recorder,
      clock,
      logger,
      over: line.over,
      onHears: (hears) => this.#model?.session.input.setAudioEnabled(hears),
      greet: () => this.#introduce(profile),
    });
    return this.#callee;
  }

  /** Has the model greet the other party, with what may be told. */
  async #introduce(profile: ChannelProfile): Promise<void> {
    const [call, matter, speech] = [this.#call, this.#matter, this.#speech];
    if (!call || !matter || !speech) return;
    await this.#inform(profile);
    const { language } = call.state;
    const greeting = greetingInstructions({ ...profile, language }, matter.known);
    // Chosen in the menu, before the model had said anything.
    const chosen = language === profile.language ? [] : [languageInstructions(language)];
    await speech.reply([...chosen, greeting].join("\n"));
  }

  /** What the model is told for the whole call, as far as it may know it now. */
  #instructions(profile: ChannelProfile): string {
    const language = this.#call?.state.language ?? profile.language;
    return callInstructions(this.#o.options.clinic, { ...profile, language }, this.#matter?.known);
  }

  /** Tells the model for the rest of the call what it may know now. */
  async #inform(profile: ChannelProfile): Promise<void> {
    const instructions = this.#instructions(profile);
    if (!this.#model?.works || this.#told === instructions) return;
    this.#told = instructions;
    try {
      await this.#model.session.currentAgent.updateInstructions(instructions);
    } catch (error) {
      this.#o.logger.warn({ error, callId: this.callId }, "the model's instructions were not updated");
    }
  }

  /** Shows the call on the page from now on; taps, like keys, wait for the appointment that they are about. */
  #showPage(call: ClinicCall, identity: string, found: Promise<unknown>): void {
    const { clock, ctx, logger, options } = this.#o;
    const data = new WebData(ctx.room, identity);
    const page = new WebPage({
      callId: this.callId,
      clinicName: options.clinic.name,
      languages: Object.keys(options.clinic.prompts) as Language[],
      call,
      desk: this.#desk,
      recorder: this.#recorder,
      clock,
      logger,
      send: (packet) => data.send(packet),
    });
    this.#page = page;
    data.onTap((packet) => void found.then(() => page.receive(packet)));
  }

  /** Tells the room about this agent. Not waited for: the answer to it is lost now and then (rtc-node 0.13.35), for 5 s. */
  #tell(attributes: Record<string, string>): void {
    const { ctx, logger } = this.#o;
    ctx.room.localParticipant?.setAttributes(attributes).catch((error: unknown) => {
      logger.warn({ error, callId: this.callId }, "the agent's attributes may not have been set");
    });
  }

  #takeParty(party: RemoteParticipant): void {
    const call = this.#call;
    this.#o.line.take(party, (by) => void call?.partyLeft(by));
  }

  /** The appointment that the server put into a visitor's token, as it was when they came. */
  async #grantedAppointment(party: RemoteParticipant): Promise<string | undefined> {
    const { backend, ctx, logger } = this.#o;
    const appointmentId = party.attributes[agentAttribute.appointment];
    const members = appointmentId ? await backend.rooms.participants(ctx.room.name ?? "") : [];
    if (!members.some((one) => one.identity === party.identity && one.mayChangeAttributes))
      return appointmentId;
    logger.error(
      { callId: this.callId },
      "a visitor may change their own attributes: no appointment is shown to them",
    );
    return undefined;
  }

  /** Finds out what the call is about. */
  async #find(
    find: (matter: CallMatter) => Promise<"found" | UnreadyReason>,
  ): Promise<"found" | UnreadyReason> {
    if (!this.#matter) return "appointment-not-found";
    return await find(this.#matter).catch(() => "store-unavailable" as const);
  }
}
