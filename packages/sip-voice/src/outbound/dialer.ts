import type { PhoneNumber } from "../phone/phone-number.ts";
import type { DialFailure } from "../sip/dial-outcome.ts";

/** One ring of one telephone. */
export interface DialRequest {
  /** The room that the telephone joins. */
  readonly roomName: string;
  /** The number to ring. */
  readonly phoneNumber: PhoneNumber;
  /** The identity that the telephone has in the room. Must be new: LiveKit ends the call of one that it knows. */
  readonly participantIdentity: string;
  /** The name that it has there; `Patient` unless given. */
  readonly participantName?: string;
  /** How long to let it ring, in seconds. */
  readonly ringingTimeoutSeconds: number;
  /** After how many seconds the call is ended, whoever is speaking. */
  readonly callLimitSeconds: number;
}

/** What became of a dial. */
export type DialResult =
  | { readonly outcome: "answered"; readonly participantIdentity: string; readonly sipCallId: string }
  | DialFailure;

/** The port that rings telephones. */
export interface Dialer {
  /** Rings once and resolves when it was answered or is known not to be; what went wrong is a value. Never tries again. */
  dial(request: DialRequest): Promise<DialResult>;
}
