import { type RemoteParticipant, type Room, RoomEvent } from "@livekit/rtc-node";
import type { Clock } from "../../clock.ts";
import type { RoomGateway } from "../../outbound/room-gateway.ts";
import { sipAttribute } from "../../sip/sip-attributes.ts";
import { watchParty } from "../call/party-watch.ts";

/** Where somebody is to be watched. */
export interface Presence {
  readonly room: Room;
  readonly roomName: string;
  readonly rooms: Pick<RoomGateway, "participants">;
  readonly clock: Clock;
}

/** Resolves when a member of the room has left it or hung up, by what the room tells or the server; also when `signal` is aborted. */
export async function untilGone(
  { room, roomName, rooms, clock }: Presence,
  identity: string,
  signal: AbortSignal,
): Promise<void> {
  const told = new AbortController();
  const left = (one: RemoteParticipant): void => {
    if (one.identity === identity) told.abort();
  };
  const changed = (_: unknown, one: Pick<RemoteParticipant, "identity" | "attributes">): void => {
    if (one.identity === identity && one.attributes[sipAttribute.callStatus] === "hangup") told.abort();
  };
  room.on(RoomEvent.ParticipantDisconnected, left);
  room.on(RoomEvent.ParticipantAttributesChanged, changed);
  await watchParty({ rooms, roomName, identity, clock, over: AbortSignal.any([signal, told.signal]) });
  room.off(RoomEvent.ParticipantDisconnected, left);
  room.off(RoomEvent.ParticipantAttributesChanged, changed);
}
