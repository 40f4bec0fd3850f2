import { type PhoneNumber, tryPhoneNumber } from "../phone/phone-number.ts";
import { isParticipantKind } from "./participant-kind.ts";
import { type SipCallStatus, sipAttribute } from "./sip-attributes.ts";

/** The part of a LiveKit participant that is looked at; those of rtc-node, livekit-client and the server SDK fit. */
export interface ParticipantLike {
  /** Kind of the participant: 3 (or `"SIP"`) is a telephone. */
  readonly kind?: number | string | undefined;
  /** The participant's attributes. */
  readonly attributes?: Readonly<Record<string, string>> | undefined;
}

/** A telephone in the room. */
export interface SipParticipant {
  /** It is a telephone. */
  readonly isSip: true;
  /** The other party's number; absent when the caller hides it or the trunk's `hidePhoneNumber` is set. */
  readonly phoneNumber: PhoneNumber | undefined;
  /** The clinic's own number on this call. */
  readonly trunkPhoneNumber: PhoneNumber | undefined;
  /** LiveKit's id of the trunk, `ST_…`. */
  readonly trunkId: string | undefined;
  /** LiveKit's id of the call, `SCL_…`. */
  readonly callId: string | undefined;
  /** LiveKit's id of the dispatch rule that took the call, `SDR_…`; only inbound calls have one. */
  readonly ruleId: string | undefined;
  /** Where the call stands. */
  readonly callStatus: SipCallStatus | undefined;
  /** Who called whom: a call that came through a dispatch rule is inbound. */
  readonly direction: "inbound" | "outbound";
  /** SIP headers that the trunk maps (`sip.h.<name>`), by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** All attributes, as they came. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** Somebody who is not on a telephone. */
export interface NonSipParticipant {
  /** It is not a telephone. */
  readonly isSip: false;
}

const headerPrefix = "sip.h.";

/**
 * Tells a telephone from any other participant, by its kind alone: kind is set by the server, whereas
 * a browser may send whatever `sip.*` attributes it likes.
 *
 * @example
 * ```ts
 * import { detectSipParticipant } from "@clinic/sip-voice";
 *
 * const sip = detectSipParticipant({ kind: 3, attributes: { "sip.phoneNumber": "+15105550100", "sip.ruleID": "SDR_1" } });
 * if (sip.isSip) console.log(sip.direction, sip.phoneNumber); // inbound +15105550100
 * ```
 */
export function detectSipParticipant(participant: ParticipantLike): SipParticipant | NonSipParticipant {
  if (!isParticipantKind(participant.kind, "sip")) return { isSip: false };
  const attributes = participant.attributes ?? {};
  const ruleId = attributes[sipAttribute.ruleId] || undefined;
  const headers = Object.entries(attributes)
    .filter(([name]) => name.startsWith(headerPrefix))
    .map(([name, value]) => [name.slice(headerPrefix.length).toLowerCase(), value]);
  return {
    isSip: true,
    phoneNumber: tryPhoneNumber(attributes[sipAttribute.phoneNumber]),
    trunkPhoneNumber: tryPhoneNumber(attributes[sipAttribute.trunkPhoneNumber]),
    trunkId: attributes[sipAttribute.trunkId] || undefined,
    callId: attributes[sipAttribute.callId] || undefined,
    ruleId,
    callStatus: attributes[sipAttribute.callStatus] || undefined,
    direction: ruleId ? "inbound" : "outbound",
    headers: Object.fromEntries(headers),
    attributes,
  };
}
