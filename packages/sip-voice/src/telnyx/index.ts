/**
 * Text messages through Telnyx, and its webhooks, on Telnyx's official SDK (`telnyx`).
 *
 * @module @clinic/sip-voice/telnyx
 */
export { type TelnyxMessengerOptions, telnyxMessenger } from "./messenger.ts";
export type { TelnyxEvent } from "./telnyx-event.ts";
export { type TelnyxWebhookOptions, telnyxWebhook } from "./webhook.ts";
