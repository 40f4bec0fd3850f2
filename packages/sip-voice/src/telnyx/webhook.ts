import type { AttemptHint } from "../outbound/attempt-hint.ts";
import type { Ledger } from "../outbound/ledger.ts";
import { type WebhookHandler, webhookHandler, webhookMisuse } from "../outbound/webhook.ts";
import { attemptHintOf } from "./call-hint.ts";
import { type TelnyxEvent, telnyxEventOf } from "./telnyx-event.ts";
import { loadTelnyxWebhooks } from "./telnyx-sdk.ts";

/** What {@link telnyxWebhook} needs. */
export interface TelnyxWebhookOptions {
  /** The account's public key (Ed25519, Base64), from Telnyx's portal under "Keys & Credentials". */
  readonly publicKey: string;
  /** Takes an event that this package knows; what it throws has Telnyx send it again. */
  readonly onEvent?: (event: TelnyxEvent) => Promise<void> | void;
  /** Whose attempts calls belong to; needed for `onHints`. */
  readonly ledger?: Pick<Ledger, "underWay">;
  /** Takes what a call's webhook says of an attempt, for `reconcileAttempts`. */
  readonly onHints?: (hints: readonly AttemptHint[]) => Promise<void> | void;
}

/**
 * Takes Telnyx's webhooks: text messages that come in (a STOP among them) or have arrived, and calls of the trunk that ended,
 * as hints. The sender is proven by Telnyx's signature (Ed25519) over the body as it came, at most five minutes old, so the
 * body must not be parsed before; an event that comes twice is acted on once.
 *
 * @throws SipVoiceError `invalid-option` when the key can't be one; `missing-package`
 * @example
 * ```ts
 * import { type ContactPreferences } from "@clinic/sip-voice";
 * import { telnyxWebhook } from "@clinic/sip-voice/telnyx";
 *
 * declare const preferences: ContactPreferences;
 * const webhook = await telnyxWebhook({
 *   publicKey: process.env.TELNYX_PUBLIC_KEY ?? "",
 *   async onEvent(event) {
 *     if (event.type === "text-received" && event.wants === "stop") await preferences.optOut(event.from, event.at);
 *   },
 * });
 * ```
 */
export async function telnyxWebhook(options: TelnyxWebhookOptions): Promise<WebhookHandler> {
  const { publicKey, onEvent, ledger, onHints } = options;
  const { TelnyxWebhook } = await loadTelnyxWebhooks();
  let proof: InstanceType<typeof TelnyxWebhook>;
  try {
    proof = new TelnyxWebhook(publicKey);
  } catch {
    throw webhookMisuse("publicKey", "Copy the public key from Telnyx's portal: 44 characters of Base64.");
  }

  async function act(event: TelnyxEvent): Promise<void> {
    await onEvent?.(event);
    if (!ledger || !onHints) return;
    const hint = attemptHintOf(event, await ledger.underWay());
    if (hint) await onHints([hint]);
  }

  return webhookHandler(async (body, header) => {
    const names = ["telnyx-signature-ed25519", "telnyx-timestamp"];
    const headers = Object.fromEntries(names.map((name) => [name, header(name) ?? ""]));
    try {
      // Without `await` a wrong signature would be a rejection that nobody looks at.
      await proof.verify(body, headers);
      const { id, event } = telnyxEventOf(JSON.parse(body));
      return { eventId: id, act: async () => void (event && (await act(event))) };
    } catch {
      return undefined;
    }
  });
}
