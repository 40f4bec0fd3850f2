import type { RoomGateway } from "../outbound/room-gateway.ts";
import { dialFailureOfError } from "../sip/dial-outcome.ts";
import {
  httpUrlOf,
  isGone,
  type LiveKitConnection,
  liveKitUnavailable,
  loadServerSdk,
} from "./connection.ts";

/** Longer than the ringing, so that the server's own timeout is the one that is heard. */
const answerGraceSeconds = 10;

/** Why a REFER failed. Without a SIP status it may have been carried out all the same (livekit/livekit#4555). */
function transferFailureOf(error: unknown): "busy" | "no-answer" | "refused" | "unknown" {
  const { outcome, sipStatus } = dialFailureOfError(error);
  if (sipStatus === undefined) return "unknown";
  return outcome === "busy" || outcome === "no-answer" ? outcome : "refused";
}

/** Runs a request; what is gone gives `fallback`, everything else that fails is LiveKit's unavailability. */
async function ask<Answer>(
  request: () => Promise<Answer>,
  fallback?: { readonly whenGone: Answer },
): Promise<Answer> {
  try {
    return await request();
  } catch (error) {
    if (fallback && isGone(error)) return fallback.whenGone;
    throw liveKitUnavailable(error);
  }
}

/**
 * LiveKit's rooms and agent dispatch.
 *
 * @example
 * ```ts
 * import { liveKitRoomGateway } from "@clinic/sip-voice/livekit";
 *
 * const rooms = await liveKitRoomGateway({ url: "ws://127.0.0.1:7880", apiKey: "key", apiSecret: "secret" });
 * console.log(typeof rooms.participants);
 * ```
 */
export async function liveKitRoomGateway(connection: LiveKitConnection): Promise<RoomGateway> {
  const { AgentDispatchClient, RoomServiceClient, SipClient } = await loadServerSdk();
  const credentials = [httpUrlOf(connection), connection.apiKey, connection.apiSecret] as const;
  const rooms = new RoomServiceClient(...credentials);
  // On LiveKit Cloud the SDK replays what got no answer: a second dispatch would bring a second agent, and a second transfer
  // would ring the operator again.
  const dispatches = new AgentDispatchClient(...credentials, { failover: false });
  const sip = new SipClient(...credentials, { failover: false });
  return {
    async createRoom(name, { metadata, emptyTimeoutSeconds }) {
      await ask(() =>
        rooms.createRoom({ name, metadata, emptyTimeout: emptyTimeoutSeconds, departureTimeout: 5 }),
      );
    },
    async removeRoom(name) {
      await ask(() => rooms.deleteRoom(name), { whenGone: undefined });
    },
    async participants(name) {
      const members = await ask(() => rooms.listParticipants(name), { whenGone: [] });
      return members.map(({ identity, kind, attributes, permission }) => ({
        identity,
        kind,
        attributes,
        mayChangeAttributes: permission?.canUpdateMetadata ?? false,
      }));
    },
    async dispatchAgent(name, agentName, metadata) {
      return (await ask(() => dispatches.createDispatch(name, agentName, { metadata }))).id;
    },
    async withdrawAgent(name, dispatchId) {
      await ask(() => dispatches.deleteDispatch(dispatchId, name), { whenGone: undefined });
    },
    async removeParticipant(name, identity) {
      await ask(() => rooms.removeParticipant(name, identity), { whenGone: undefined });
    },
    async updateSubscriptions(name, identity, trackIds, subscribed) {
      await ask(() => rooms.updateSubscriptions(name, identity, [...trackIds], subscribed), {
        whenGone: undefined,
      });
    },
    async transfer(name, identity, to, ringingTimeoutSeconds = 30) {
      try {
        await sip.transferSipParticipant(name, identity, `tel:${to}`, {
          ringingTimeout: ringingTimeoutSeconds,
          timeout: ringingTimeoutSeconds + answerGraceSeconds,
        });
        return { transferred: true };
      } catch (error) {
        return { transferred: false, reason: transferFailureOf(error) };
      }
    },
  };
}
