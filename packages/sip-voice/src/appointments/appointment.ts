import type { PhoneNumber } from "../phone/phone-number.ts";
import type { AppointmentPreferences } from "./preferences.ts";

/** A person who has appointments. */
export interface Patient {
  /** The store's id of the patient. */
  readonly id: string;
  /** The name to greet with. */
  readonly name: string;
  /** The number that the patient gave the clinic. */
  readonly phoneNumber: PhoneNumber;
  /** IANA time zone of the patient, where known; it goes before that of the number. */
  readonly timeZone?: string;
  /** When the patient was born, `YYYY-MM-DD`, where known; what a caller says or keys in is compared with it. */
  readonly dateOfBirth?: string;
  /** Where the patient lives, where known: ISO 3166-2 (`US-FL`), or ISO 3166-1 outside of the United States (`CA`). */
  readonly place?: string;
  /** The language that the patient speaks, where known, as a BCP 47 tag. */
  readonly language?: string;
}

/** Where an appointment stands (FHIR R4: `booked`; `confirmed` is a booked one whose patient has accepted). */
export type AppointmentStatus = "booked" | "confirmed" | "reschedule-requested" | "cancelled";

/** One patient's visit. */
export interface Appointment {
  /** The store's id of the appointment. */
  readonly id: string;
  /** Changes with every write; a mutation names the version that it was decided on. */
  readonly version: string;
  /** The clinic that the appointment is with. */
  readonly clinicId: string;
  /** Who comes. */
  readonly patient: Patient;
  /** Whom they come to see, as it is spoken: `Dr. Lane`. */
  readonly provider: string;
  /** The instant at which it begins, RFC 3339 with an offset or `Z`. */
  readonly start: string;
  /** IANA time zone of the clinic. */
  readonly timeZone: string;
  /** Length in minutes. */
  readonly durationMinutes: number;
  /** Where it stands. */
  readonly status: AppointmentStatus;
  /** The slot that it takes up, if the store knows slots. */
  readonly slotId: string | undefined;
  /** Where it takes place, as it is spoken, where the clinic has several locations. */
  readonly location?: string;
  /** The digits that the clinic gave the patient when it was booked, by which a caller without a number finds it. */
  readonly confirmationCode?: string;
  /** What the patient wishes besides. */
  readonly preferences?: AppointmentPreferences;
}

/** A time that can be booked. */
export interface Slot {
  /** The store's id of the slot. */
  readonly id: string;
  /** The clinic that offers it. */
  readonly clinicId: string;
  /** Whom the patient would see. */
  readonly provider: string;
  /** The instant at which it begins, RFC 3339. */
  readonly start: string;
  /** IANA time zone of the clinic. */
  readonly timeZone: string;
  /** Length in minutes. */
  readonly durationMinutes: number;
  /** Where it would take place, where the clinic has several locations. */
  readonly location?: string;
}
