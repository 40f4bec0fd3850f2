import { type RemoteParticipant, type Room, RoomEvent } from "@livekit/rtc-node";
import { type Clock, pause } from "../../clock.ts";
import { isParticipantKind } from "../../sip/participant-kind.ts";
import { sipAttribute } from "../../sip/sip-attributes.ts";

const isOtherParty = ({ kind, info }: RemoteParticipant): boolean => {
  const seen = kind ?? info.kind;
  return isParticipantKind(seen, "sip") || isParticipantKind(seen, "standard");
};

/**
 * Waits for whoever talks to the agent: a telephone or a browser. Ends with `undefined` when nobody came in time or the room
 * is gone; a wait without an end would keep the job's process for ever.
 */
export async function waitForOtherParty(
  room: Room,
  clock: Clock,
  withinMs: number,
  over: AbortSignal,
): Promise<RemoteParticipant | undefined> {
  // A room that is gone still lists who was in it.
  if (over.aborted) return undefined;
  const here = [...room.remoteParticipants.values()].find(isOtherParty);
  if (here) return here;
  const done = new AbortController();
  let onConnected: (participant: RemoteParticipant) => void = () => {};
  const arrival = new Promise<RemoteParticipant>((resolve) => {
    onConnected = (participant) => {
      if (isOtherParty(participant)) resolve(participant);
    };
    room.on(RoomEvent.ParticipantConnected, onConnected);
  });
  try {
    const late = pause(clock, withinMs, AbortSignal.any([over, done.signal])).then(() => undefined);
    return await Promise.race([arrival, late]);
  } finally {
    done.abort();
    room.off(RoomEvent.ParticipantConnected, onConnected);
  }
}

/** Where a telephone's call stands, by its `sip.callStatus`; a browser is `active` from the start. */
export function callStatusOf(participant: RemoteParticipant): string {
  return participant.attributes[sipAttribute.callStatus] ?? "active";
}

/** Resolves when the other party's call is answered; also when they left before that, `over` is aborted or `withinMs` have passed. */
export async function waitUntilActive(
  room: Room,
  participant: RemoteParticipant,
  clock: Clock,
  withinMs: number,
  over: AbortSignal,
): Promise<boolean> {
  const done = new AbortController();
  // They may have left before anybody listened for it.
  const isHere = (): boolean =>
    room.remoteParticipants.has(participant.identity) && callStatusOf(participant) !== "hangup";
  const isActive = (): boolean => isHere() && callStatusOf(participant) === "active";
  const look = (): void => {
    if (isActive() || !isHere()) done.abort();
  };
  room.on(RoomEvent.ParticipantAttributesChanged, look);
  room.on(RoomEvent.ParticipantDisconnected, look);
  look();
  await pause(clock, withinMs, AbortSignal.any([over, done.signal]));
  room.off(RoomEvent.ParticipantAttributesChanged, look);
  room.off(RoomEvent.ParticipantDisconnected, look);
  return isActive() && !over.aborted;
}
