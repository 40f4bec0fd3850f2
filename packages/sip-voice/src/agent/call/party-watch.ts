import { type Clock, pause } from "../../clock.ts";
import type { RoomGateway } from "../../outbound/room-gateway.ts";

/** How often the server is asked whether the other party is still there. */
const lookMs = 2_000;

/** Whom a {@link watchParty} looks for. */
export interface WatchedParty {
  readonly rooms: Pick<RoomGateway, "participants">;
  readonly roomName: string;
  readonly identity: string;
  readonly clock: Clock;
  /** Aborted when nobody needs to know any more. */
  readonly over: AbortSignal;
}

/**
 * Asks the server whether the other party is still there, until they are not: a room that is removed in the moment in which
 * a track is being published is not told to its members (rtc-node 0.13.35), and the agent would talk to nobody until the
 * call limit. Resolves `undefined` when the call was over before.
 */
export async function watchParty(watched: WatchedParty): Promise<"room-closed" | "patient" | undefined> {
  const { rooms, roomName, identity, clock, over } = watched;
  while (!over.aborted) {
    await pause(clock, lookMs, over);
    if (over.aborted) return undefined;
    // A server that does not answer says nothing about the other party.
    const present = await rooms.participants(roomName).catch(() => undefined);
    if (!present || present.some((one) => one.identity === identity)) continue;
    return present.length === 0 ? "room-closed" : "patient";
  }
  return undefined;
}
