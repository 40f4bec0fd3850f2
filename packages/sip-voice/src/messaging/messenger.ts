import type { PhoneNumber } from "../phone/phone-number.ts";
import type { Retry } from "../sip/dial-outcome.ts";

/** A text message to one telephone. */
export interface TextMessage {
  /** The telephone. */
  readonly to: PhoneNumber;
  /** What it says; a carrier splits it after 160 characters, or 70 where one is not in the GSM alphabet. */
  readonly text: string;
}

/**
 * Why a message was not sent.
 *
 * - `opted-out`: the carrier or provider knows that its owner wants no messages of this sender (as after a STOP)
 * - `invalid-number`: the number does not exist, or takes no messages
 * - `sender-refused`: the provider does not let this sender send: credentials, balance, registration, its own number
 * - `rate-limited`: too many at once
 * - `refused`: the provider refused it for another reason
 * - `unknown`: its answer was lost: the message may have been sent
 */
export type MessageRefusal =
  | "opted-out"
  | "invalid-number"
  | "sender-refused"
  | "rate-limited"
  | "refused"
  | "unknown";

/** What became of a message. */
export type MessageResult =
  /** The provider took it; whether it arrives, a webhook tells. */
  | { readonly sent: true; readonly messageId: string }
  /** It was not taken, or that is not known. */
  | { readonly sent: false; readonly reason: MessageRefusal; readonly retry: Retry };

/**
 * The port that sends text messages. A refusal is a value; only misuse throws. It tries once and never by itself again, since
 * a provider that did not answer may have sent the message.
 *
 * @example
 * ```ts
 * import { type Messenger, parsePhoneNumber } from "@clinic/sip-voice";
 *
 * async function tell(messenger: Messenger): Promise<string> {
 *   const result = await messenger.send({ to: parsePhoneNumber("+15105550111"), text: "Riverside Clinic: see you at 10:00." });
 *   return result.sent ? result.messageId : result.reason;
 * }
 * ```
 */
export interface Messenger {
  /** Sends a message, once. */
  send(message: TextMessage, options?: { readonly signal?: AbortSignal }): Promise<MessageResult>;
}

const retries: Readonly<Record<MessageRefusal, Retry>> = {
  "opted-out": "never",
  "invalid-number": "never",
  "sender-refused": "after-review",
  "rate-limited": "later",
  refused: "after-review",
  unknown: "after-review",
};

/** A message that was not sent, with what to do about it. */
export function messageRefused(reason: MessageRefusal): MessageResult & { sent: false } {
  return { sent: false, reason, retry: retries[reason] };
}
