/**
 * LiveKit's rooms, agent dispatch, SIP dialling and webhooks, on `livekit-server-sdk`.
 *
 * @module @clinic/sip-voice/livekit
 */
export type { LiveKitConnection } from "./connection.ts";
export { type LiveKitDialerOptions, liveKitDialer } from "./dialer.ts";
export { liveKitRoomGateway } from "./room-gateway.ts";
export { liveKitSipSetup } from "./sip-setup.ts";
export { type LiveKitWebhookOptions, liveKitWebhook } from "./webhook.ts";
