import type { PhoneNumber } from "../phone/phone-number.ts";

/** A patient's wish to be called back by a person of the clinic. A call has one at the most. */
export interface CallBack {
  /** The call on which it was asked for. */
  readonly callId: string;
  /** The clinic that is to call. */
  readonly clinicId: string;
  /** The number to call. */
  readonly phoneNumber: PhoneNumber;
  /** The appointment that the call was about, if that is known. */
  readonly appointmentId: string | undefined;
  /** When it was asked for, RFC 3339. */
  readonly requestedAt: string;
}
