import { ParticipantInfo_Kind } from "@livekit/protocol";
import type { RoomServiceClient } from "livekit-server-sdk";

/** One time that a telephone was rung. */
export interface Ring {
  /** The number that was rung. */
  readonly number: string;
  /** The room of the call (at a transfer: of the call that was transferred). */
  readonly room: string;
  /** The identity of the call's telephone in that room; at a transfer that of the telephone that was transferred. */
  readonly identity: string;
  /** `performance.now()` at the INVITE. */
  readonly at: number;
  /** AGENT participants in that room with an attribute `clinic.ready` at that moment. */
  readonly agentsReady: number;
  /** Why it was rung. */
  readonly cause: "dial" | "transfer";
}

/** The attribute by which an agent says that it is prepared. */
const READY_ATTRIBUTE = "clinic.ready";

/** How many agents of a room are ready, asked of the server itself. 0 when there is no such room. */
export async function countReadyAgents(service: RoomServiceClient, room: string): Promise<number> {
  const participants = await service.listParticipants(room).catch(() => []);
  return participants.filter(
    (participant) =>
      participant.kind === ParticipantInfo_Kind.AGENT && Boolean(participant.attributes[READY_ATTRIBUTE]),
  ).length;
}
