import type { JobContext } from "@livekit/agents";
import { DisconnectReason, type RemoteParticipant, RoomEvent } from "@livekit/rtc-node";
import type { PhoneNumber } from "../../phone/phone-number.ts";
import { detectSipParticipant } from "../../sip/detect-sip-participant.ts";

/** The line of one call: who is on it, the keys that they press, and its end. */
export class CallLine {
  readonly #ctx: JobContext;
  readonly #over = new AbortController();
  readonly #early: string[] = [];
  #onDigit: ((digit: string) => void) | undefined;
  #party: RemoteParticipant | undefined;
  #onPartyLeft: (by: "patient" | "room-closed") => void = () => {};
  #closedBy: "room-closed" | "worker-stopped" = "room-closed";

  /** Listens from before the agent connects, so that no key is lost. */
  constructor(ctx: JobContext) {
    this.#ctx = ctx;
    ctx.room.on(RoomEvent.DtmfReceived, (_code, digit, participant) => {
      if (participant && this.#party && participant.identity !== this.#party.identity) return;
      if (this.#onDigit) this.#onDigit(digit);
      else this.#early.push(digit);
    });
    ctx.room.on(RoomEvent.ParticipantDisconnected, (participant) => {
      if (participant.identity !== this.#party?.identity) return;
      // A page whose connection broke may come back as itself, and its old connection is dropped without a reason. Whether
      // it is still there the server is asked anyway, every two seconds.
      const isPage = !detectSipParticipant(participant).isSip;
      if (isPage && participant.disconnectReason === undefined) return;
      const closed = participant.disconnectReason === DisconnectReason.ROOM_DELETED;
      this.#onPartyLeft(closed ? "room-closed" : "patient");
    });
    ctx.room.on(RoomEvent.ParticipantAttributesChanged, (_changed, participant) => {
      if (
        participant.identity === this.#party?.identity &&
        participant.attributes["sip.callStatus"] === "hangup"
      )
        this.#onPartyLeft("patient");
    });
    ctx.room.on(RoomEvent.Disconnected, (reason) => {
      // Before the room is gone the framework leaves it itself only when the worker was told to stop.
      if (reason === DisconnectReason.CLIENT_INITIATED) this.#closedBy = "worker-stopped";
      this.#over.abort();
    });
  }

  /** Aborted when the room is gone. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  /** How the room was lost, once {@link over} is aborted. */
  get closedBy(): "room-closed" | "worker-stopped" {
    return this.#closedBy;
  }

  /** Gives up all waiting. */
  drop(): void {
    this.#over.abort();
  }

  /** The other party. */
  get party(): RemoteParticipant | undefined {
    return this.#party;
  }

  /** The other party is known from now on. */
  take(party: RemoteParticipant, onLeft: (by: "patient" | "room-closed") => void): void {
    this.#party = party;
    this.#onPartyLeft = onLeft;
  }

  /** Passes keys on, those that came early first. */
  onDigit(listener: (digit: string) => void): void {
    this.#onDigit = listener;
    for (const digit of this.#early.splice(0)) listener(digit);
  }

  /** The caller's number, where it is shown. */
  get phoneNumber(): PhoneNumber | undefined {
    const sip = this.#party ? detectSipParticipant(this.#party) : undefined;
    return sip?.isSip ? sip.phoneNumber : undefined;
  }

  /** The room's name, once it is known. */
  get roomName(): string | undefined {
    return this.#ctx.room.name;
  }
}
