import { SipVoiceError } from "../errors.ts";
import {
  type MessageRefusal,
  type MessageResult,
  type Messenger,
  messageRefused,
} from "../messaging/messenger.ts";
import { loadTelnyx } from "./telnyx-sdk.ts";

/** What {@link telnyxMessenger} needs. */
export interface TelnyxMessengerOptions {
  /** The API key (v2), `KEY…`. */
  readonly apiKey: string;
  /** The number that messages come from, E.164, or an alphanumeric sender id. */
  readonly from: string;
  /** The messaging profile, where the sender is an alphanumeric id or one of a pool. */
  readonly messagingProfileId?: string;
  /** Where Telnyx sends webhooks about these messages; those of the profile unless given. */
  readonly webhookUrl?: string;
  /** Telnyx's API; `https://api.telnyx.com/v2` unless given. */
  readonly baseUrl?: string;
  /** How long the answer is waited for, in milliseconds; 15,000 unless given. */
  readonly timeoutMs?: number;
}

/** Telnyx's error codes (developers.telnyx.com, messaging and API error codes) that say more than the HTTP status. */
const byCode: Readonly<Record<string, MessageRefusal>> = {
  "10001": "invalid-number", // inactive
  "10002": "invalid-number",
  "10011": "rate-limited",
  "10016": "invalid-number",
  "40001": "invalid-number", // a landline
  "40011": "rate-limited",
  "40012": "invalid-number",
  "40300": "opted-out", // a STOP
  "40310": "invalid-number", // the `to` address
  "40318": "rate-limited", // the queue is full
};

interface TelnyxFailure {
  readonly status?: number;
  readonly error?: { readonly errors?: readonly { readonly code?: string | number }[] };
}

/** What an error of the SDK says of a message. Without an HTTP status its answer was lost: it may have been sent. */
function refusalOf(thrown: unknown): MessageRefusal {
  const { status, error } = (thrown ?? {}) as TelnyxFailure;
  if (typeof status !== "number" || status >= 500 || status === 408) return "unknown";
  for (const { code } of error?.errors ?? []) {
    const listed = byCode[String(code)];
    if (listed) return listed;
  }
  if (status === 429) return "rate-limited";
  // 402 is an empty account; 40305 and 40013 are about the sender's own number.
  const isSenders = error?.errors?.some(({ code }) => ["40013", "40305", "40306"].includes(String(code)));
  return isSenders || [401, 402, 403].includes(status) ? "sender-refused" : "refused";
}

/**
 * Sends text messages through Telnyx. Each is tried once: the SDK would send a request again whose answer was lost, and Telnyx
 * has no idempotency key. What Telnyx refuses is a value.
 *
 * @throws SipVoiceError `invalid-option` without key or sender; `missing-package`
 * @example
 * ```ts
 * import { parsePhoneNumber } from "@clinic/sip-voice";
 * import { telnyxMessenger } from "@clinic/sip-voice/telnyx";
 *
 * const messenger = await telnyxMessenger({ apiKey: process.env.TELNYX_API_KEY ?? "", from: "+15105550100" });
 * const result = await messenger.send({ to: parsePhoneNumber("+15105550111"), text: "Riverside Clinic: see you at 10:00." });
 * if (!result.sent) console.log(result.reason, result.retry);
 * ```
 */
export async function telnyxMessenger(options: TelnyxMessengerOptions): Promise<Messenger> {
  const { apiKey, from, messagingProfileId, webhookUrl, baseUrl, timeoutMs = 15_000 } = options;
  for (const field of ["apiKey", "from"] as const) {
    if (options[field]) continue;
    const remedy =
      field === "apiKey" ? "Create one in Telnyx's portal." : "Name the clinic's number at Telnyx.";
    throw new SipVoiceError("invalid-option", `The messenger has no ${field}.`, { field, remedy });
  }
  const { default: Telnyx } = await loadTelnyx();
  // Given in full: left out, the SDK would take them from the environment.
  const client = new Telnyx({
    apiKey,
    publicKey: null,
    baseURL: baseUrl ?? "https://api.telnyx.com/v2",
    maxRetries: 0,
    timeout: timeoutMs,
    logLevel: "off",
  });
  return {
    async send({ to, text }, { signal } = {}): Promise<MessageResult> {
      try {
        const { data } = await client.messages.send(
          {
            to,
            from,
            text,
            type: "SMS",
            ...(messagingProfileId ? { messaging_profile_id: messagingProfileId } : {}),
            ...(webhookUrl ? { webhook_url: webhookUrl, use_profile_webhooks: false } : {}),
          },
          signal ? { signal } : {},
        );
        return data?.id ? { sent: true, messageId: data.id } : messageRefused("unknown");
      } catch (error) {
        return messageRefused(refusalOf(error));
      }
    },
  };
}
