import type { WebhookEvent } from "livekit-server-sdk";
import { attemptOfTelephone } from "../outbound/attempt.ts";
import type { AttemptHint } from "../outbound/attempt-hint.ts";
import { type WebhookHandler, webhookHandler, webhookMisuse } from "../outbound/webhook.ts";
import { type DialFailure, dialFailure } from "../sip/dial-outcome.ts";
import { isParticipantKind } from "../sip/participant-kind.ts";
import { sipAttribute } from "../sip/sip-attributes.ts";
import { loadServerSdk } from "./connection.ts";

/** What {@link liveKitWebhook} needs. */
export interface LiveKitWebhookOptions {
  /** The API key whose webhooks are taken. */
  readonly apiKey: string;
  /** Its secret, with which LiveKit signs them. */
  readonly apiSecret: string;
  /** Takes what the webhook says of an attempt's telephone, for `reconcileAttempts`; what it throws has LiveKit send it again. */
  readonly onHints: (hints: readonly AttemptHint[]) => Promise<void> | void;
}

/** LiveKit's DisconnectReason (livekit_models.proto) of telephones that were not answered. */
const reasons: Readonly<Record<number, DialFailure["outcome"]>> = {
  11: "no-answer", // USER_UNAVAILABLE: SIP 404, 408 and 480 alike
  12: "declined", // USER_REJECTED: 486 and 603 alike; the one that a person looks at first
};

function hintsOf({ event, participant }: WebhookEvent): readonly AttemptHint[] {
  if (event !== "participant_left" && event !== "participant_connection_aborted") return [];
  const attemptId = participant && attemptOfTelephone(participant.identity);
  if (!attemptId || !isParticipantKind(participant.kind, "sip")) return [];
  const { attributes } = participant;
  // Both are there only from the answer on.
  if (attributes[sipAttribute.callIdFull] || attributes[sipAttribute.callStatus] === "active") {
    const sipCallId = attributes[sipAttribute.callId];
    return [
      { attemptId, saw: "answered", ...(sipCallId ? { sipCallId } : {}) },
      { attemptId, saw: "left" },
    ];
  }
  const outcome = reasons[participant.disconnectReason];
  return [{ attemptId, saw: "left", ...(outcome ? { outcome: dialFailure(outcome) } : {}) }];
}

/**
 * Takes LiveKit's webhooks and gives what they say of telephones as hints: they make reconciliation quicker, and nothing
 * depends on them. The sender is proven by LiveKit's signature over the body as it came, so the body must not be parsed
 * before; an event that comes twice is acted on once.
 *
 * @throws SipVoiceError `invalid-option` without key or secret; `missing-package`
 * @example
 * ```ts
 * import { type AttemptHint, type ReconcilePorts, reconcileAttempts } from "@clinic/sip-voice";
 * import { liveKitWebhook } from "@clinic/sip-voice/livekit";
 *
 * declare const ports: ReconcilePorts;
 * const webhook = await liveKitWebhook({
 *   apiKey: process.env.LIVEKIT_API_KEY ?? "",
 *   apiSecret: process.env.LIVEKIT_API_SECRET ?? "",
 *   onHints: async (hints: readonly AttemptHint[]) => void (await reconcileAttempts(ports, { hints })),
 * });
 * ```
 */
export async function liveKitWebhook(options: LiveKitWebhookOptions): Promise<WebhookHandler> {
  const { apiKey, apiSecret, onHints } = options;
  if (!apiKey) throw webhookMisuse("apiKey", "Give the API key that the server signs webhooks with.");
  if (!apiSecret) throw webhookMisuse("apiSecret", "Give the secret of that key.");
  const { WebhookReceiver } = await loadServerSdk();
  const receiver = new WebhookReceiver(apiKey, apiSecret);
  return webhookHandler(async (body, header) => {
    // An absent header would be an error of its own to the SDK, and an empty one too.
    const event = await receiver.receive(body, header("authorization")).catch(() => undefined);
    if (!event) return undefined;
    return {
      eventId: event.id,
      act: async () => {
        const hints = hintsOf(event);
        if (hints.length > 0) await onHints(hints);
      },
    };
  });
}
