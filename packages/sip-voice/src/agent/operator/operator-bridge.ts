import { randomUUID } from "node:crypto";
import type { Room } from "@livekit/rtc-node";
import type { OperatorFailure } from "../../call/state.ts";
import { type Clock, pause } from "../../clock.ts";
import type { Logger } from "../../log/logger.ts";
import type { Dialer, DialResult } from "../../outbound/dialer.ts";
import type { RoomGateway } from "../../outbound/room-gateway.ts";
import type { AudioClip } from "../../prompts/prompt-audio.ts";
import { sipAttribute } from "../../sip/sip-attributes.ts";
import { PromptPlayer } from "../speech/prompt-player.ts";
import { BridgeHearing } from "./bridge-hearing.ts";
import type { OperatorPlan } from "./operator-options.ts";
import { untilGone } from "./presence.ts";
import type { TransferResult } from "./transfer-result.ts";

/** How often the caller hears that they are still being connected. */
const holdEveryMs = 12_000;
/** How long an operator who has picked up waits for a summary that is not ready. */
const summaryLateMs = 6_000;
/** How long a dial whose answer was lost may take to show in the room that it was answered after all. */
const lostAnswerMs = 3_000;
const lookEveryMs = 250;
const connectTries = 4;
/** How long a telephone that is given up may take to be gone, or a track to be taken out of its room. */
const goneMs = 1_000;

/** What of an agent a bridge needs. */
export interface BridgedAgent {
  /** Tells the caller that they are still being connected. */
  hold(): Promise<void>;
  /** Begins to speak what the operator is to know before they hear the caller; gives the sound as it comes. */
  summary(signal: AbortSignal): AsyncIterator<AudioClip>;
  /** Falls silent: the two are about to talk. */
  silence(): void;
}

/** What a bridge is made of. */
export interface BridgeContext {
  readonly room: Room;
  readonly roomName: string;
  /** Identity of the caller. */
  readonly caller: string;
  readonly plan: OperatorPlan;
  readonly rooms: RoomGateway;
  readonly dialer: Dialer;
  readonly agent: BridgedAgent;
  /** Aborted when the call is over. */
  readonly over: AbortSignal;
  readonly clock: Clock;
  readonly logger: Logger;
}

const failureOf: Partial<Record<DialResult["outcome"], OperatorFailure>> = {
  busy: "busy",
  "no-answer": "no-answer",
  unknown: "unknown",
};

/** Dials the operator into the call's room, tells them what the call is about, and then lets the two talk. */
export class OperatorBridge {
  readonly #c: BridgeContext;
  readonly #operator = `operator-${randomUUID()}`;
  readonly #summary: Pick<PromptPlayer, "publish" | "playPieces" | "stop" | "withdraw">;
  /** Ends what goes on only until the two are connected, or are known not to be. */
  readonly #fetched = new AbortController();
  #dialled: Promise<DialResult | undefined> = Promise.resolve(undefined);

  /** Makes a bridge for one try; nobody is rung yet. `summary` plays on the summary's own track. */
  constructor(
    context: BridgeContext,
    summary: Pick<PromptPlayer, "publish" | "playPieces" | "stop" | "withdraw"> = new PromptPlayer(
      "clinic_summary",
    ),
  ) {
    this.#c = context;
    this.#summary = summary;
  }

  /** Rings the operator once; resolves when the two talk, or are known not to. */
  async reach(): Promise<TransferResult> {
    const { over, clock, logger } = this.#c;
    const callerLeft = new AbortController();
    const until = AbortSignal.any([over, this.#fetched.signal, callerLeft.signal]);
    void untilGone(this.#c, this.#c.caller, until).then(() => callerLeft.abort());
    let reached = false;
    try {
      const failure = await this.#fetch(until);
      reached = failure === undefined;
      if (failure) return { reached: false, reason: failure };
      return { reached: true, by: "bridge", over: this.#conversation() };
    } finally {
      this.#fetched.abort();
      // Whoever is not connected must not go on ringing, or wait in a room in which nobody talks to them.
      if (!reached) await this.#remove();
      const withdrawn = this.#summary
        .withdraw()
        .catch((error: unknown) => logger.debug({ error }, "the summary's track was not withdrawn"));
      await Promise.race([withdrawn, pause(clock, goneMs)]);
    }
  }

  async #fetch(until: AbortSignal): Promise<OperatorFailure | undefined> {
    const { agent, room } = this.#c;
    // In a room that is removed meanwhile it would be waited for without an end.
    const summaryTrackId = await Promise.race([this.#summary.publish(room), aborted(until)]);
    if (!summaryTrackId || until.aborted) return "unknown";
    const hearing = new BridgeHearing({ ...this.#c, operator: this.#operator, summaryTrackId });
    hearing.keepApart(until);
    void this.#holdCaller(until);
    const summary = agent.summary(until);
    const failure = await this.#dial(until);
    if (failure) return failure;
    const gone = new AbortController();
    const met = AbortSignal.any([until, gone.signal]);
    void untilGone(this.#c, this.#operator, until).then(() => gone.abort());
    await this.#tell(summary, hearing, met);
    // Who hung up while they were told did not want the call.
    if (met.aborted) return until.aborted ? "unknown" : "refused";
    agent.silence();
    this.#fetched.abort();
    return (await this.#connect(hearing)) ? undefined : "unknown";
  }

  /** Two people who can't hear each other are worse off than one who comes back to the agent. */
  async #connect(hearing: BridgeHearing): Promise<boolean> {
    const { clock, logger, over } = this.#c;
    for (let tries = 1; tries <= connectTries && !over.aborted; tries++) {
      try {
        await hearing.together();
        return true;
      } catch (error) {
        logger.warn({ error, tries }, "the caller and the operator could not be connected yet");
        await pause(clock, lookEveryMs, over);
      }
    }
    return false;
  }

  async #dial(until: AbortSignal): Promise<OperatorFailure | undefined> {
    const { dialer, plan, roomName } = this.#c;
    this.#dialled = dialer.dial({
      roomName,
      phoneNumber: plan.phoneNumber,
      participantIdentity: this.#operator,
      participantName: "Operator",
      ringingTimeoutSeconds: plan.ringingTimeoutSeconds,
      callLimitSeconds: plan.talkLimitSeconds,
    });
    const result = await Promise.race([this.#dialled, aborted(until)]);
    if (!result) return "unknown";
    if (result.outcome === "answered") return undefined;
    if (result.outcome === "unknown" && (await this.#wasAnswered(until))) return undefined;
    return failureOf[result.outcome] ?? "refused";
  }

  /** The answer to a dial can be lost: then the room tells. Nobody is rung a second time. */
  async #wasAnswered(until: AbortSignal): Promise<boolean> {
    const { clock, room } = this.#c;
    for (const end = clock.now() + lostAnswerMs; clock.now() < end && !until.aborted; ) {
      const status = room.remoteParticipants.get(this.#operator)?.attributes[sipAttribute.callStatus];
      if (status === "active") return true;
      await pause(clock, lookEveryMs, until);
    }
    return false;
  }

  /** What goes wrong here costs the operator the summary, and not the caller the operator. */
  async #tell(summary: AsyncIterator<AudioClip>, hearing: BridgeHearing, met: AbortSignal): Promise<void> {
    const { clock, logger } = this.#c;
    try {
      // Where LiveKit can't be asked who hears what, the caller might hear it, too.
      await hearing.surelyApart(met);
      const late = pause(clock, summaryLateMs, met).then(() => undefined);
      const first = await Promise.race([summary.next(), late]);
      if (!first) throw new Error("The summary was not ready.");
      if (first.done || met.aborted) return;
      const played = this.#summary.playPieces(piecesOf(first.value, summary), met);
      await Promise.race([played, aborted(met)]);
      // The track of a summary that nobody waits for is taken away under it.
      played.catch(() => {});
    } catch (error) {
      if (!met.aborted) logger.warn({ error }, "the operator was not told everything");
    }
  }

  async #holdCaller(until: AbortSignal): Promise<void> {
    const { agent, clock, logger } = this.#c;
    while (!until.aborted) {
      await pause(clock, holdEveryMs, until);
      if (until.aborted) return;
      await agent
        .hold()
        .catch((error: unknown) => logger.warn({ error }, "the caller could not be told to hold"));
    }
  }

  /** Resolves when one of the two has left. */
  async #conversation(): Promise<void> {
    const { caller, over } = this.#c;
    const ended = new AbortController();
    const until = AbortSignal.any([over, ended.signal]);
    await Promise.race([untilGone(this.#c, caller, until), untilGone(this.#c, this.#operator, until)]);
    ended.abort();
  }

  async #remove(): Promise<void> {
    const { rooms, roomName, clock, logger } = this.#c;
    const remove = async (): Promise<void> =>
      await rooms
        .removeParticipant(roomName, this.#operator)
        .catch((error: unknown) => logger.warn({ error }, "the operator's telephone could not be taken out"));
    await remove();
    const settled = this.#dialled.then(
      () => true,
      () => true,
    );
    // One that had not joined yet comes all the same, and would ring for nobody.
    if (!(await Promise.race([settled, pause(clock, goneMs).then(() => false)]))) await remove();
  }
}

async function* piecesOf(first: AudioClip, rest: AsyncIterator<AudioClip>): AsyncGenerator<AudioClip, void> {
  for (let piece: IteratorResult<AudioClip> = { value: first }; !piece.done; piece = await rest.next())
    yield piece.value;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
