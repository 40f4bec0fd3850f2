import type { Appointment } from "../appointments/appointment.ts";
import { SipVoiceError, shapeOf } from "../errors.ts";
import { type PhoneNumber, tryPhoneNumber } from "../phone/phone-number.ts";
import type { Consent } from "../policy/contact-preferences.ts";

/** An appointment that a contact is to be called about. */
export interface ContactAppointment {
  /** The store's id of the appointment. */
  readonly id: string;
  /** The appointment itself, for an agent that can't reach the store; its state in the store goes before it. */
  readonly details?: Appointment;
}

/**
 * Somebody to be called in a campaign: one telephone. A family with one number is one contact with several appointments.
 */
export interface CampaignContact {
  /**
   * Names the contact in its campaign: 1 to 100 letters, digits and `. _ - @ /`. It must be the same each time that the list is
   * read, and is part of the attempt ids, which are logged: don't make it of a number or a name.
   */
  readonly id: string;
  /** The number to ring. */
  readonly phoneNumber: PhoneNumber;
  /** What the call is about, at least one; the call is about the first of them that still is to come. */
  readonly appointments: readonly ContactAppointment[];
  /** The consent that the clinic has; without one, and none on record, the contact is not called. */
  readonly consent?: Consent;
  /** IANA time zone, where the list has one; that of the patient in the store goes before it. */
  readonly timeZone?: string;
  /** Where the contact lives, where the list says so: ISO 3166-2 (`US-FL`), or ISO 3166-1 outside of the United States (`CA`). */
  readonly place?: string;
  /** The language to speak, where the list has one, as a BCP 47 tag. */
  readonly language?: string;
  /** A whole number; of two that may be called now the higher one goes first; 0 unless given. */
  readonly priority?: number;
  /** Where it stands in its list, for the report: `line 3`. */
  readonly listPlace?: string;
}

/** What a campaign's or contact's id is made of; a colon separates them in an attempt id. */
const idShape = { campaign: /^[\w./-]{1,80}$/, contact: /^[\w.@/-]{1,100}$/ } as const;

/** Refuses an id that an attempt id can't be made of. */
export function checkId(kind: keyof typeof idShape, id: string): void {
  const seen: unknown = id;
  if (typeof seen === "string" && idShape[kind].test(seen)) return;
  throw new SipVoiceError("invalid-option", `The ${kind}'s id is ${shapeOf(seen)}.`, {
    field: kind === "campaign" ? "campaignId" : "contact.id",
    remedy:
      kind === "campaign"
        ? "Make it of 1 to 80 letters, digits and . _ - /"
        : "Make it of 1 to 100 letters, digits and . _ - @ /",
  });
}

/**
 * Refuses a contact that can't be called, whatever the rules say.
 *
 * @throws SipVoiceError `invalid-option`; `field` names what is wrong
 */
export function checkContact(contact: CampaignContact): void {
  checkId("contact", contact.id);
  const { phoneNumber, appointments, priority = 0 } = contact;
  const wrong = (field: string, remedy: string): SipVoiceError =>
    new SipVoiceError("invalid-option", `The contact's ${field} has the wrong shape.`, {
      field: `contact.${field}`,
      remedy,
    });
  if (tryPhoneNumber(phoneNumber) !== phoneNumber)
    throw wrong("phoneNumber", "Write it with + and country code.");
  const isList = Array.isArray(appointments) && appointments.length > 0;
  if (!isList || appointments.some(({ id }) => typeof id !== "string" || id === ""))
    throw wrong("appointments", "Name at least one appointment by its id.");
  if (!Number.isSafeInteger(priority) || Math.abs(priority) > 1_000_000)
    throw wrong("priority", "Give a whole number from -1000000 to 1000000.");
}
