import type { PhoneNumber } from "../phone/phone-number.ts";
import type { ParticipantLike } from "../sip/detect-sip-participant.ts";

/** A member of a room. */
export interface RoomParticipant extends ParticipantLike {
  /** Who it is, unique in the room. */
  readonly identity: string;
  /** Whether it may change its own name, metadata and attributes, which then prove nothing. */
  readonly mayChangeAttributes?: boolean;
}

/** What came of handing a telephone to another number. */
export type TransferResult =
  | { readonly transferred: true }
  /** `refused` by the other number, the carrier or LiveKit. `unknown`: it may have happened nevertheless; ask the room. */
  | { readonly transferred: false; readonly reason: "busy" | "no-answer" | "refused" | "unknown" };

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
  /** Takes one member out of a room: a telephone is hung up, or stops ringing. */
  removeParticipant(roomName: string, participantIdentity: string): Promise<void>;
  /**
   * Has a member hear, or no longer hear, tracks of others (LiveKit's UpdateSubscriptions). It counts until the member itself
   * subscribes anew, which a telephone does once for each track that it finds.
   */
  updateSubscriptions(
    roomName: string,
    participantIdentity: string,
    trackIds: readonly string[],
    subscribed: boolean,
  ): Promise<void>;
  /**
   * Hands a telephone to another number (SIP REFER); its participant leaves when that worked.
   *
   * @param ringingTimeoutSeconds - how long the other number may ring; 30 unless given
   */
  transfer(
    roomName: string,
    participantIdentity: string,
    to: PhoneNumber,
    ringingTimeoutSeconds?: number,
  ): Promise<TransferResult>;
}
