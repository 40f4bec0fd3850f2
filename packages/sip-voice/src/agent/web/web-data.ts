import { type RemoteParticipant, type Room, RoomEvent } from "@livekit/rtc-node";
import { clinicTopic } from "../../web/topic.ts";

/** The data packets between the agent and the page of one call. Nobody else in the room is shown anything, or listened to. */
export class WebData {
  readonly #room: Room;
  readonly #identity: string;
  #onTap: ((packet: Uint8Array) => void) | undefined;

  /** Between the room's agent and the page of `identity`. */
  constructor(room: Room, identity: string) {
    this.#room = room;
    this.#identity = identity;
  }

  /** Passes on what the page sends. What a server sends has no sender, and is not a tap. */
  onTap(listener: (packet: Uint8Array) => void): void {
    this.#onTap = listener;
    this.#room.on(RoomEvent.DataReceived, this.#onData);
  }

  /** Sends a view to the page. */
  async send(packet: Uint8Array): Promise<void> {
    await this.#room.localParticipant?.publishData(packet, {
      reliable: true,
      topic: clinicTopic.view,
      destination_identities: [this.#identity],
    });
  }

  #onData = (packet: Uint8Array, sender?: RemoteParticipant, _kind?: unknown, topic?: string): void => {
    if (topic === clinicTopic.tap && sender?.identity === this.#identity) this.#onTap?.(packet);
  };
}
