import type { RemoteParticipant } from "@livekit/rtc-node";
import type { CallBrief } from "../../call/brief.ts";
import type { CallId } from "../../call/identifiers.ts";
import { agentAttribute, type UnreadyReason } from "../../call/readiness.ts";
import type { CallEndedBy } from "../../call/state.ts";
import { pause } from "../../clock.ts";
import { detectSipParticipant } from "../../sip/detect-sip-participant.ts";
import { type ChannelProfile, languageOf, profileOf } from "../clinic-profile.ts";
import { AppointmentDesk } from "../desk/appointment-desk.ts";
import { PromptPlayer } from "../speech/prompt-player.ts";
import { grantedAppointment } from "../web/granted-appointment.ts";
import type { CallJobOptions } from "./call-job-options.ts";
import type { CallMatter } from "./call-matter.ts";
import { CallRecorder } from "./call-recorder.ts";
import { Conversation } from "./conversation.ts";
import { OpenCall } from "./open-call.ts";
import { callStatusOf, waitForOtherParty, waitUntilActive } from "./other-party.ts";

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
  #published: Promise<unknown> | undefined;
  #open: OpenCall | undefined;
  #conversation: Conversation | undefined;
  #finished: Promise<void> | undefined;

  /** Makes the job; nothing happens yet. */
  constructor(options: CallJobOptions) {
    this.#o = options;
    const { backend, brief, clock, ctx, logger } = options;
    this.callId = brief?.callId ?? ctx.job.id;
    this.#recorder = new CallRecorder(backend.callLog, this.callId, clock, logger);
    this.#desk = new AppointmentDesk(backend.appointments, this.callId, clock, logger);
  }

  /** Asks the store already what a call of ours is about; of one that comes in nobody knows that before somebody is there. */
  lookAhead(): void {
    const { brief } = this.#o;
    if (brief) this.#desk.lookAhead(brief.appointmentId);
  }

  /** The whole call; resolves when it is over. */
  async run(): Promise<void> {
    const { brief, line, clock, ctx } = this.#o;
    void this.#publish();
    const arrived = brief ? undefined : await waitForOtherParty(ctx.room, clock, arrivalMs, line.over);
    if (!brief && !arrived) return;
    const isWeb = arrived !== undefined && !detectSipParticipant(arrived).isSip;
    const open = await this.#openCall(
      isWeb ? profileOf("web", languageOf(arrived.attributes[agentAttribute.language])) : profileOf("phone"),
    );
    if (brief) await this.#runOutbound(open, brief);
    else if (arrived) await this.#runInbound(open, arrived);
  }

  /** Says that something went wrong to whoever is on the line. */
  async apologize(): Promise<void> {
    const { line, clock, ctx } = this.#o;
    const party = line.party ?? (await waitForOtherParty(ctx.room, clock, 2_000, line.over));
    if (!party) return;
    const profile = profileOf(detectSipParticipant(party).isSip ? "phone" : "web");
    const { speech } = this.#open ?? (await this.#openCall(profile));
    await waitUntilActive(ctx.room, party, clock, 2_000, line.over);
    speech.loseModel();
    await speech.say("apology");
    await speech.say("goodbye");
  }

  /** Ends everything, once: the record, the session, the room, and with it the telephone's call. */
  finish(by: CallEndedBy): Promise<void> {
    this.#finished ??= this.#finish(by);
    return this.#finished;
  }

  async #finish(by: CallEndedBy): Promise<void> {
    const { backend, ctx, line, logger } = this.#o;
    const roomName = ctx.room.name;
    await this.#open?.call.end(line.over.aborted && by !== "worker-stopped" ? line.closedBy : by);
    line.drop();
    const quietly = async (step: string, work: Promise<unknown> | undefined): Promise<void> => {
      await work?.catch((error: unknown) =>
        logger.warn({ error, callId: this.callId, step }, "a step of ending the call failed"),
      );
    };
    await quietly("show the end", this.#conversation?.close());
    await this.#recorder.written;
    // First the room: the telephone is hung up even if something below hangs.
    if (roomName) await quietly("remove room", backend.rooms.removeRoom(roomName));
    await quietly("close prompts", this.#player.close());
    await quietly("close model", this.#open?.closeModel());
  }

  /** The track first, before it is known who is there: a telephone that calls is answered once the track is in the room. */
  #publish(): Promise<unknown> {
    if (!this.#published) {
      this.#published = this.#player.publish(this.#o.ctx.room);
      // Met by whoever opens the call; nobody does where nobody comes.
      this.#published.catch(() => {});
    }
    return this.#published;
  }

  async #openCall(profile: ChannelProfile): Promise<OpenCall> {
    this.#open = await OpenCall.open({
      ...this.#o,
      callId: this.callId,
      recorder: this.#recorder,
      desk: this.#desk,
      player: this.#player,
      published: this.#publish(),
      profile,
    });
    return this.#open;
  }

  async #runInbound(open: OpenCall, party: RemoteParticipant): Promise<void> {
    const { backend, ctx, clock, line, logger } = this.#o;
    this.#takeParty(open, party);
    const opener = new AbortController();
    const modelStarted = this.#openerBegins(open, opener.signal).then(() => open.model.start());
    const grant = { rooms: backend.rooms, roomName: ctx.room.name ?? "", logger };
    const found = ofMatter(open.matter.ofParty(party, () => grantedAppointment(party, grant)));
    if (!(await waitUntilActive(ctx.room, party, clock, arrivalMs, line.over))) return;
    await this.#talk(open, modelStarted, found, () => {
      opener.abort();
      this.#tell({ [agentAttribute.callId]: this.callId });
    });
  }

  async #runOutbound(open: OpenCall, brief: CallBrief): Promise<void> {
    const { ctx, clock, line } = this.#o;
    const refuse = async (reason: UnreadyReason): Promise<void> => {
      await ctx.room.localParticipant?.setAttributes({ [agentAttribute.unready]: reason });
      // Whoever dispatched us reads it, and removes the room.
      await pause(clock, 5_000, line.over);
    };
    const found = await ofMatter(open.matter.ofBrief(brief));
    if (found !== "found") return await refuse(found);
    if (!(await open.model.start())) return await refuse("model-unavailable");
    this.#tell({ [agentAttribute.callId]: this.callId, [agentAttribute.ready]: brief.attemptId });

    const party = await waitForOtherParty(ctx.room, clock, arrivalMs, line.over);
    if (!party) return;
    this.#takeParty(open, party);
    if (callStatusOf(party) !== "active") open.call.rang();
    if (!(await waitUntilActive(ctx.room, party, clock, longestRingingMs, line.over))) return;
    await this.#talk(open, Promise.resolve(true), Promise.resolve(found), () => {});
  }

  async #talk(
    open: OpenCall,
    modelStarted: Promise<boolean>,
    found: Promise<"found" | UnreadyReason>,
    onOpener: () => void,
  ): Promise<void> {
    this.#conversation = new Conversation(this.#o, open, { modelStarted, found, onOpener });
    await this.#conversation.run();
  }

  /** Resolves when the prepared opener has begun: connecting the model takes the processor's time, and would hold it up. */
  async #openerBegins({ profile }: OpenCall, began: AbortSignal): Promise<void> {
    const { backend, clock, line, options } = this.#o;
    const text = options.clinic.prompts[profile.language].opener;
    const clip = await backend.promptAudio.find(text, profile.language).catch(() => undefined);
    if (clip) await pause(clock, modelWaitsMs, AbortSignal.any([began, line.over]));
  }

  /** Tells the room about this agent. Not waited for: the answer to it is lost now and then (rtc-node 0.13.35), for 5 s. */
  #tell(attributes: Record<string, string>): void {
    const { ctx, logger } = this.#o;
    ctx.room.localParticipant?.setAttributes(attributes).catch((error: unknown) => {
      logger.warn({ error, callId: this.callId }, "the agent's attributes may not have been set");
    });
  }

  #takeParty({ call }: OpenCall, party: RemoteParticipant): void {
    this.#o.line.take(party, (by) => void call.partyLeft(by));
  }
}

/** What came of finding out what the call is about; a store that fails is an answer, too. */
async function ofMatter(looking: ReturnType<CallMatter["ofBrief"]>): Promise<"found" | UnreadyReason> {
  return await looking.catch(() => "store-unavailable" as const);
}
