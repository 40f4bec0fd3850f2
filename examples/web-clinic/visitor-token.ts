import { randomUUID } from "node:crypto";
import { agentAttribute, defaultAgentName, type Language } from "@clinic/sip-voice";
import { AccessToken, RoomAgentDispatch, RoomConfiguration, TrackSource } from "livekit-server-sdk";

/** LiveKit's address and keys. */
export interface LiveKitAccess {
  readonly url: string;
  readonly apiKey: string;
  readonly apiSecret: string;
}

/**
 * A token for one visit: a room of its own, in which the agent waits. Who the patient is stands in the token's attributes,
 * and the visitor is not allowed to change those.
 */
export async function visitorToken(
  { apiKey, apiSecret }: LiveKitAccess,
  appointmentId: string,
  language: Language,
): Promise<string> {
  const token = new AccessToken(apiKey, apiSecret, {
    identity: `visitor-${randomUUID()}`,
    // To join with; who is in the room stays.
    ttl: "2m",
    attributes: { [agentAttribute.appointment]: appointmentId, [agentAttribute.language]: language },
  });
  token.addGrant({
    roomJoin: true,
    room: `web-${randomUUID()}`,
    canSubscribe: true,
    canPublish: true,
    canPublishSources: [TrackSource.MICROPHONE],
    canPublishData: true,
    canUpdateOwnMetadata: false,
  });
  token.roomConfig = new RoomConfiguration({
    emptyTimeout: 60,
    departureTimeout: 20,
    agents: [new RoomAgentDispatch({ agentName: defaultAgentName })],
  });
  return await token.toJwt();
}
