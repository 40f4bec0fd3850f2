/**
 * The names of the attributes that LiveKit's SIP service gives a telephone.
 * Source: LiveKit's SIP participant documentation; recorded with livekit-server 1.13.5.
 */
export const sipAttribute = {
  callId: "sip.callID",
  callIdFull: "sip.callIDFull",
  callStatus: "sip.callStatus",
  callTag: "sip.callTag",
  hostname: "sip.hostname",
  phoneNumber: "sip.phoneNumber",
  ruleId: "sip.ruleID",
  trunkId: "sip.trunkID",
  trunkPhoneNumber: "sip.trunkPhoneNumber",
} as const;

/**
 * Where a telephone call stands. LiveKit may add words: an unknown one is passed on as it came.
 * An inbound call is `ringing` until the agent's audio track is there; a dialled one is `active` when it was answered.
 */
export type SipCallStatus = "dialing" | "ringing" | "automation" | "active" | "hangup" | (string & {});
