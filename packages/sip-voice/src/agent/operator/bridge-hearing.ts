import { type Room, RoomEvent } from "@livekit/rtc-node";
import { type Clock, pause } from "../../clock.ts";
import type { RoomGateway } from "../../outbound/room-gateway.ts";

/**
 * How long after a track was published a telephone may take to subscribe to it: LiveKit's SIP service does so by itself, and
 * what was taken from it before that counts for nothing.
 */
const settleMs = 400;

/** Who meets in a bridge. */
export interface BridgeMembers {
  readonly room: Room;
  readonly roomName: string;
  readonly rooms: RoomGateway;
  readonly clock: Clock;
  /** Identity of the caller. */
  readonly caller: string;
  /** Identity of the operator. */
  readonly operator: string;
  /** The track on which the agent speaks to the operator alone. */
  readonly summaryTrackId: string;
}

/** Who hears whom while an operator is being fetched: the caller and the operator not each other, until they are connected. */
export class BridgeHearing {
  readonly #m: BridgeMembers;
  #stop: () => void = () => {};

  /** Nothing is changed yet. */
  constructor(members: BridgeMembers) {
    this.#m = members;
  }

  /** Keeps the two apart from now on, whatever tracks and whoever of them come. */
  keepApart(signal: AbortSignal): void {
    const { room, clock } = this.#m;
    const apart = (): void => {
      void this.apart().catch(() => {});
      void pause(clock, settleMs, signal).then(() =>
        signal.aborted ? undefined : this.apart().catch(() => {}),
      );
    };
    room.on(RoomEvent.TrackPublished, apart);
    room.on(RoomEvent.ParticipantConnected, apart);
    this.#stop = () => {
      room.off(RoomEvent.TrackPublished, apart);
      room.off(RoomEvent.ParticipantConnected, apart);
    };
    signal.addEventListener("abort", () => this.#stop(), { once: true });
    apart();
  }

  /** Takes from each what they must not hear; throws when LiveKit can't be asked. */
  async apart(): Promise<void> {
    const { caller, operator, summaryTrackId, room } = this.#m;
    const ours = [...(room.localParticipant?.trackPublications.values() ?? [])].map(({ sid }) => sid);
    const others = ours.filter((sid) => sid !== summaryTrackId);
    await Promise.all([
      this.#update(caller, [...this.#tracksOf(operator), summaryTrackId], false),
      this.#update(operator, [...this.#tracksOf(caller), ...others], false),
    ]);
  }

  /** As {@link apart}, once the operator's telephone has subscribed to what it found. */
  async surelyApart(signal: AbortSignal): Promise<void> {
    await this.apart();
    await pause(this.#m.clock, settleMs, signal);
    await this.apart();
  }

  /** Lets the two hear each other, and nobody the agent. */
  async together(): Promise<void> {
    const { caller, operator, room } = this.#m;
    this.#stop();
    const ours = [...(room.localParticipant?.trackPublications.values() ?? [])].map(({ sid }) => sid);
    await Promise.all([
      this.#update(caller, this.#tracksOf(operator), true),
      this.#update(operator, this.#tracksOf(caller), true),
    ]);
    // The agent says nothing any more: this only keeps its silence out of the mix.
    await Promise.allSettled([this.#update(caller, ours, false), this.#update(operator, ours, false)]);
  }

  #tracksOf(identity: string): (string | undefined)[] {
    const publications = this.#m.room.remoteParticipants.get(identity)?.trackPublications.values() ?? [];
    return [...publications].map(({ sid }) => sid);
  }

  async #update(listener: string, sids: readonly (string | undefined)[], hears: boolean): Promise<void> {
    const trackIds = sids.filter((sid) => sid !== undefined);
    if (trackIds.length === 0) return;
    await this.#m.rooms.updateSubscriptions(this.#m.roomName, listener, trackIds, hears);
  }
}
