import type { PhoneNumber } from "../phone/phone-number.ts";
import type { Appointment, Slot } from "./appointment.ts";
import type { CallBack } from "./call-back.ts";
import type { AppointmentPreferences } from "./preferences.ts";

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
  /** Only those at this location. */
  readonly location?: string;
  /** Only those of at least this length, in minutes. */
  readonly durationMinutes?: number;
  /** Only those after this one in the order of the answer: give the last slot of a page to get the next page. */
  readonly after?: Pick<Slot, "id" | "start">;
  /** How many at the most; 10 unless given. */
  readonly limit?: number;
  /** The call that asks: what it holds itself is free to it. */
  readonly callId?: string;
  /** The instant of asking, RFC 3339, by which holds run out and slots begin; the store's own clock unless given. */
  readonly at?: string;
}

/** For whom a slot is kept, and how long. */
export interface SlotHold {
  /** The clinic that offers the slot. */
  readonly clinicId: string;
  /** The call on which it is offered. */
  readonly callId: string;
  /** Until when, RFC 3339; from this instant on it is free again. */
  readonly until: string;
  /** The instant of asking, RFC 3339, by which the holds of others run out and slots begin; the store's own clock unless given. */
  readonly at?: string;
}

/** What came of {@link AppointmentStore.holdSlot}. */
export type SlotHoldResult =
  /** It is kept for this call. */
  | { readonly ok: true; readonly slot: Slot }
  /** It is taken, held by another call, has begun, is unknown, or another clinic's. */
  | { readonly ok: false; readonly conflict: "SlotTaken" };

/**
 * The port to the clinic's appointments. A conflict is a value; a store that cannot be reached throws
 * `SipVoiceError` `store-unavailable`, and one that is asked with a time that is no instant or a limit that is no number of rows
 * throws `invalid-option`. Its conformance suite is `testAppointmentStore` in `@clinic/sip-voice/testing`.
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
  /**
   * The same for a caller without a number: both the confirmation code and the date of birth (`YYYY-MM-DD`) must be exactly
   * those of the appointment. One that lacks either is never found.
   */
  findByIdentity(query: {
    readonly clinicId: string;
    readonly confirmationCode: string;
    readonly dateOfBirth: string;
    readonly from: string;
    readonly limit?: number;
  }): Promise<readonly Appointment[]>;
  /** The appointment, or `undefined` when there is none. */
  get(appointmentId: string): Promise<Appointment | undefined>;
  /** The patient will come. */
  confirm(appointmentId: string, write: AppointmentWrite): Promise<AppointmentResult>;
  /** The patient will not come; the slot is free again. */
  cancel(appointmentId: string, write: AppointmentWrite): Promise<AppointmentResult>;
  /** The patient wants another time, not yet which. */
  requestReschedule(appointmentId: string, write: AppointmentWrite): Promise<AppointmentResult>;
  /**
   * Moves the appointment to a slot of the same clinic that is free, or held by this call, and has not begun; its old slot
   * is free again, and so is whatever this call held. `at` is the instant of asking, as in {@link SlotHold}.
   */
  reschedule(
    appointmentId: string,
    write: AppointmentWrite & { readonly slotId: string; readonly at?: string },
  ): Promise<AppointmentResult>;
  /** Keeps what the patient wishes; a wish that is left out stays as it was. */
  setPreferences(
    appointmentId: string,
    write: AppointmentWrite & { readonly preferences: AppointmentPreferences },
  ): Promise<AppointmentResult>;
  /**
   * Free slots, the earliest first, those of one instant by their id; a slot that another call holds, or that has begun, is
   * not free.
   */
  openSlots(query: SlotQuery): Promise<readonly Slot[]>;
  /**
   * Keeps a free slot for a call, so that nobody takes it while it is read back to the patient. A call holds one slot at
   * the most: another one frees the first, and the same one again is held until the instant that was asked for last.
   */
  holdSlot(slotId: string, hold: SlotHold): Promise<SlotHoldResult>;
  /** Notes that a patient wants to be called back. Asked for again on the same call, the first wish stays. */
  requestCallBack(callBack: CallBack): Promise<void>;
  /** Call-backs that nobody has made yet, the earliest wish first; 10 unless asked. */
  callBacks(query: { readonly clinicId: string; readonly limit?: number }): Promise<readonly CallBack[]>;
  /** The patient was called back; doing so twice, or for a call without a wish, does nothing. */
  finishCallBack(callId: string): Promise<void>;
}
