import type { PhoneNumber } from "../phone/phone-number.ts";
import type { ParticipantLike } from "../sip/detect-sip-participant.ts";

/** A member of a room. */
export interface RoomParticipant extends ParticipantLike {
  /** Who it is, unique in the room. */
  readonly identity: string;
}

/** What came of handing a telephone to another number. */
export type TransferResult =
  | { readonly transferred: true }
  /** `unknown`: it may have happened nevertheless; ask the room. */
  | { readonly transferred: false; readonly reason: "refused" | "unknown" };

/**
 * The port to LiveKit's rooms and agent dispatch. A server that cannot be reached throws
 * `SipVoiceError` `livekit-unavailable`; a room that is gone is not an error.
 */
export interface RoomGateway {
  /** Makes a room; `metadata` tells those who join that it was made on purpose. */
  createRoom(
    roomName: string,
    options: { readonly metadata: string; readonly emptyTimeoutSeconds: number },
  ): Promise<void>;
  /** Removes a room and everybody in it: telephones are hung up. */
  removeRoom(roomName: string): Promise<void>;
  /** Who is in the room; nobody when it is gone. */
  participants(roomName: string): Promise<readonly RoomParticipant[]>;
  /** Asks for an agent by name and gives the dispatch's id. That the agent comes is not certain. */
  dispatchAgent(roomName: string, agentName: string, metadata: string): Promise<string>;
  /** Takes a dispatch back. */
  withdrawAgent(roomName: string, dispatchId: string): Promise<void>;
  /** Hands a telephone to another number (SIP REFER); its participant leaves when that worked. */
  transfer(roomName: string, participantIdentity: string, to: PhoneNumber): Promise<TransferResult>;
}
