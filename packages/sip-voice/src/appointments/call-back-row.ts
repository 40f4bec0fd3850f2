import type { PhoneNumber } from "../phone/phone-number.ts";
import type { CallBack } from "./call-back.ts";

/** A {@link CallBack} as the databases keep it. */
export type CallBackRow = {
  readonly call_id: string;
  readonly clinic_id: string;
  readonly phone_number: string;
  readonly appointment_id: string | null;
  readonly requested_at: string;
};

/** The wish that a row holds. */
export function callBackOfRow(row: CallBackRow): CallBack {
  return {
    callId: row.call_id,
    clinicId: row.clinic_id,
    phoneNumber: row.phone_number as PhoneNumber,
    appointmentId: row.appointment_id ?? undefined,
    requestedAt: row.requested_at,
  };
}
