import type { Dialer } from "../outbound/dialer.ts";
import { dialFailureOfError } from "../sip/dial-outcome.ts";
import { httpUrlOf, type LiveKitConnection, loadServerSdk } from "./connection.ts";

/** What a dialer needs. */
export interface LiveKitDialerOptions extends LiveKitConnection {
  /** The outbound trunk, `ST_…`. */
  readonly trunkId: string;
  /** Keep the numbers out of the participant's attributes. */
  readonly hidePhoneNumber?: boolean;
}

/** Longer than the ringing, so that the server's own timeout is the one that is heard. */
const answerGraceSeconds = 10;

/**
 * Rings telephones through LiveKit's SIP service.
 *
 * @example
 * ```ts
 * import { liveKitDialer } from "@clinic/sip-voice/livekit";
 *
 * const dialer = await liveKitDialer({
 *   url: "wss://example.livekit.cloud",
 *   apiKey: "key",
 *   apiSecret: "secret",
 *   trunkId: "ST_example",
 * });
 * console.log(typeof dialer.dial);
 * ```
 */
export async function liveKitDialer(options: LiveKitDialerOptions): Promise<Dialer> {
  const { SipClient } = await loadServerSdk();
  // Failover replays a lost request up to three times, and a dial has no idempotency key: it would ring again.
  const client = new SipClient(httpUrlOf(options), options.apiKey, options.apiSecret, { failover: false });
  return {
    async dial({
      roomName,
      phoneNumber,
      participantIdentity,
      participantName = "Patient",
      ringingTimeoutSeconds,
      callLimitSeconds,
    }) {
      try {
        const participant = await client.createSipParticipant(options.trunkId, phoneNumber, roomName, {
          participantIdentity,
          participantName,
          waitUntilAnswered: true,
          ringingTimeout: ringingTimeoutSeconds,
          maxCallDuration: callLimitSeconds,
          timeout: ringingTimeoutSeconds + answerGraceSeconds,
          hidePhoneNumber: options.hidePhoneNumber ?? false,
        });
        return { outcome: "answered", participantIdentity, sipCallId: participant.sipCallId };
      } catch (error) {
        return dialFailureOfError(error);
      }
    },
  };
}
