import { agentAttribute } from "../call/readiness.ts";
import { type Clock, pause, type Timer } from "../clock.ts";
import type { Dialer, DialRequest, DialResult } from "../outbound/dialer.ts";
import type { RoomGateway, RoomParticipant } from "../outbound/room-gateway.ts";
import { dialFailure } from "../sip/dial-outcome.ts";
import { participantKind } from "../sip/participant-kind.ts";

/** How a simulated telephone behaves when it is rung. */
export interface TelephoneManner {
  /** What becomes of the dial. */
  readonly outcome: "answered" | Parameters<typeof dialFailure>[0];
  /** How long it rings, in milliseconds. */
  readonly ringsMs: number;
  /** How long somebody talks, in milliseconds. */
  readonly talksMs: number;
}

/** One ring as the far end saw it. */
export interface SeenRing {
  /** Which telephone. */
  readonly request: DialRequest;
  /** When. */
  readonly at: number;
}

/** Rooms, agents and telephones in memory, on a clock: what a runner of calls needs of the outside world. */
export interface SimulatedTelephony {
  readonly rooms: RoomGateway;
  readonly dialer: Dialer;
  /** Every ring, in order. */
  readonly rings: SeenRing[];
  /** Decides what a telephone does. */
  manner: (request: DialRequest) => TelephoneManner;
  /** Whether agents come when they are asked for. */
  agentsCome: boolean;
  /** How many telephones are ringing or talking, and the most that were at one time. */
  readonly busy: { now: number; most: number };
}

/** Makes rooms, agents and telephones on a clock. */
export function simulatedTelephony(clock: Clock): SimulatedTelephony {
  const rooms = new Map<string, RoomParticipant[]>();
  const busy = { now: 0, most: 0 };
  const talks = new Map<string, Timer>();
  const leave = (roomName: string, identity: string): void => {
    const members = rooms.get(roomName) ?? [];
    if (!members.some((one) => one.identity === identity)) return;
    busy.now--;
    talks.get(identity)?.cancel();
    talks.delete(identity);
    rooms.set(
      roomName,
      members.filter((one) => one.identity !== identity),
    );
  };
  const gateway: RoomGateway = {
    createRoom: async (roomName) => void rooms.set(roomName, []),
    async removeRoom(roomName) {
      for (const { identity, kind } of rooms.get(roomName) ?? [])
        if (kind === participantKind.sip) leave(roomName, identity);
      rooms.delete(roomName);
    },
    participants: async (roomName) => [...(rooms.get(roomName) ?? [])],
    async dispatchAgent(roomName, _agentName, metadata) {
      const { attemptId } = JSON.parse(metadata) as { attemptId: string };
      if (world.agentsCome)
        rooms.get(roomName)?.push({
          identity: `agent of ${roomName}`,
          kind: participantKind.agent,
          attributes: { [agentAttribute.ready]: attemptId },
        });
      return `dispatch of ${roomName}`;
    },
    withdrawAgent: async () => {},
    removeParticipant: async (roomName, identity) => leave(roomName, identity),
    updateSubscriptions: async () => {},
    transfer: async () => ({ transferred: true }),
  };
  const dialer: Dialer = {
    async dial(request): Promise<DialResult> {
      const { roomName, participantIdentity: identity } = request;
      world.rings.push({ request, at: clock.now() });
      const { outcome, ringsMs, talksMs } = world.manner(request);
      rooms.get(roomName)?.push({ identity, kind: participantKind.sip });
      busy.now++;
      busy.most = Math.max(busy.most, busy.now);
      await pause(clock, ringsMs);
      if (outcome !== "answered") {
        leave(roomName, identity);
        return dialFailure(outcome);
      }
      talks.set(
        identity,
        clock.setTimer(() => leave(roomName, identity), talksMs),
      );
      return { outcome, participantIdentity: identity, sipCallId: `SCL_${identity}` };
    },
  };
  const world: SimulatedTelephony = {
    rooms: gateway,
    dialer,
    rings: [],
    manner: () => ({ outcome: "answered", ringsMs: 5_000, talksMs: 40_000 }),
    agentsCome: true,
    busy,
  };
  return world;
}
