import type { PhoneNumber } from "../phone/phone-number.ts";
import type { Appointment, Slot } from "./appointment.ts";

/** What can be done to an appointment on a call. */
export type AppointmentChange = "confirm" | "cancel" | "reschedule" | "request-reschedule";

/** Why a change was not made. Nothing was written. */
export type AppointmentConflict =
  | "AppointmentNotFound"
  | "VersionConflict"
  | "SlotTaken"
  | "AppointmentCancelled";

/** What came of a change. */
export type AppointmentResult =
  /** It was kept; the appointment is as it is now. */
  | { readonly ok: true; readonly appointment: Appointment }
  /** It was not made; `appointment` is what the store has now, if it has one. */
  | {
      readonly ok: false;
      readonly conflict: AppointmentConflict;
      readonly appointment: Appointment | undefined;
    };

/** What every change names. */
export interface AppointmentWrite {
  /** The appointment's version that the decision was made on. */
  readonly version: string;
  /** The call on which it was decided. The same change of the same version on the same call is made once, however often it is asked for. */
  readonly callId: string;
}

/** Which slots to look for. */
export interface SlotQuery {
  /** The clinic. */
  readonly clinicId: string;
  /** The earliest start, RFC 3339. */
  readonly from: string;
  /** The latest start (not included), RFC 3339. */
  readonly to: string;
  /** Only this provider's. */
  readonly provider?: string;
  /** How many at the most; 10 unless given. */
  readonly limit?: number;
}

/**
 * The port to the clinic's appointments. A conflict is a value; a store that cannot be reached throws
 * `SipVoiceError` `store-unavailable`. Its conformance suite is `testAppointmentStore` in `@clinic/sip-voice/testing`.
 *
 * @example
 * ```ts
 * import { type Appointment, type AppointmentStore, parsePhoneNumber } from "@clinic/sip-voice";
 *
 * async function confirmNext(store: AppointmentStore, callId: string): Promise<Appointment | undefined> {
 *   const caller = parsePhoneNumber("+15105550111");
 *   const [next] = await store.findUpcoming(caller, { clinicId: "main", from: "2026-11-22T08:00:00Z" });
 *   if (!next) return undefined;
 *   const result = await store.confirm(next.id, { version: next.version, callId });
 *   return result.ok ? result.appointment : undefined;
 * }
 * ```
 */
export interface AppointmentStore {
  /** Appointments of a number that begin at or after `from` and are not cancelled, the earliest first. */
  findUpcoming(
    phoneNumber: PhoneNumber,
    query: { readonly clinicId: string; readonly from: string; readonly limit?: number },
  ): Promise<readonly Appointment[]>;
  /** The appointment, or `undefined` when there is none. */
  get(appointmentId: string): Promise<Appointment | undefined>;
  /** The patient will come. */
  confirm(appointmentId: string, write: AppointmentWrite): Promise<AppointmentResult>;
  /** The patient will not come; the slot is free again. */
  cancel(appointmentId: string, write: AppointmentWrite): Promise<AppointmentResult>;
  /** The patient wants another time, not yet which. */
  requestReschedule(appointmentId: string, write: AppointmentWrite): Promise<AppointmentResult>;
  /** Moves the appointment to a free slot of the same clinic; its old slot is free again. */
  reschedule(
    appointmentId: string,
    write: AppointmentWrite & { readonly slotId: string },
  ): Promise<AppointmentResult>;
  /** Free slots, the earliest first. */
  openSlots(query: SlotQuery): Promise<readonly Slot[]>;
}
