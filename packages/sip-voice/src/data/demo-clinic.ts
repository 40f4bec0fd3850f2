import type { Appointment, AppointmentStatus, Patient, Slot } from "../appointments/appointment.ts";
import { parseInstant } from "../appointments/instant.ts";
import { SipVoiceError } from "../errors.ts";
import { type PhoneNumber, tryPhoneNumber } from "../phone/phone-number.ts";

/** What a {@link demoClinic} is like. */
export interface DemoClinicOptions {
  /** How many appointments. */
  readonly appointments: number;
  /** How many free slots besides those of the appointments; none unless given. */
  readonly freeSlots?: number;
  /** When the first day begins, RFC 3339, as in `2026-11-30T08:00:00-08:00`; each day has nine hours of slots. */
  readonly from: string;
  /** The clinic; `demo` unless given. */
  readonly clinicId?: string;
  /** The clinic's IANA time zone; `America/Los_Angeles` unless given. */
  readonly timeZone?: string;
  /** Another seed gives other patients other appointments; 1 unless given. */
  readonly seed?: number;
}

/** An invented clinic. What it gives is made while it is asked for, and the same each time. */
export interface DemoClinic {
  /** All slots, those of the appointments included, the earliest first. */
  slots(): Generator<Slot>;
  /** The appointments, each in a slot of its own, the earliest first. */
  appointments(): Generator<Omit<Appointment, "version">>;
}

const firstNames = [
  "Nadia",
  "Sami",
  "Maria",
  "Lee",
  "Ana",
  "Omar",
  "Ruth",
  "Tomás",
  "Zoë",
  "Jun",
  "ليلى",
  "Noa",
];
const lastNames = [
  "Haddad",
  "Lane",
  "O'Brien",
  "Cruz",
  "Moreno",
  "Nguyen",
  "Keller",
  "Ito",
  "Silva",
  "Novak",
  "حداد",
];
const locations = ["Main Street", "North", "South"];
const statuses: readonly AppointmentStatus[] = [
  "booked",
  "booked",
  "booked",
  "confirmed",
  "reschedule-requested",
];

const slotMinutes = 15;
const slotsADay = 36;
/** With fewer, a large clinic's calendar would reach into another century. */
const daysAhead = 250;
const numbersOfArea = 100;

/** Area codes of North America: 555-0100 to 555-0199 is nobody's in any of them. */
function areaCodes(): readonly string[] {
  const codes = Array.from({ length: 800 }, (_, index) => String(200 + index));
  return codes.filter((code) => tryPhoneNumber(`+1${code}5550100`));
}

/** Numbers from 0 to below 1 in an order without a pattern, the same for the same seed (mulberry32, public domain). */
function unpredictable(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const pick = <Item>(items: readonly Item[], index: number): Item => items[index % items.length] as Item;
const twoDigits = (number: number): string => String(number).padStart(2, "0");

function checkCount(count: number, field: string): number {
  if (Number.isInteger(count) && count >= 0) return count;
  throw new SipVoiceError("invalid-option", "It is not a number of rows.", {
    field,
    remedy: "Give a whole number, 0 or more.",
  });
}

/**
 * Makes up a clinic for demos and benchmarks: invented names, numbers that are nobody's (555-01xx), families that share a
 * number. Nothing of it is in memory at once, so it may be as large as you like; the same options give the same clinic.
 *
 * @throws SipVoiceError `invalid-option` when a count or `from` is wrong
 * @example
 * ```ts
 * import { demoClinic } from "@clinic/sip-voice/data";
 * import { openClinicDatabase } from "@clinic/sip-voice/sqlite";
 *
 * const clinic = demoClinic({ appointments: 1_000, freeSlots: 200, from: "2026-11-30T08:00:00-08:00" });
 * const database = openClinicDatabase("demo.sqlite");
 * await database.addSlots(clinic.slots());
 * await database.addAppointments(clinic.appointments());
 * database.close();
 * ```
 */
export function demoClinic(options: DemoClinicOptions): DemoClinic {
  const { clinicId = "demo", timeZone = "America/Los_Angeles", seed = 1 } = options;
  const booked = checkCount(options.appointments, "appointments");
  const free = checkCount(options.freeSlots ?? 0, "freeSlots");
  const from = parseInstant(options.from, "invalid-option", "from").ms;
  const all = booked + free;
  const providers = Math.max(4, Math.ceil(all / (slotsADay * daysAhead)));
  const patients = Math.max(1, Math.ceil(booked * 0.7));
  const areas = areaCodes();

  /** Free slots stand between the others, evenly. */
  const isFree = (ordinal: number): boolean =>
    Math.floor((ordinal * free) / all) !== Math.floor(((ordinal + 1) * free) / all);

  function slot(ordinal: number): Slot {
    const [provider, index] = [ordinal % providers, Math.floor(ordinal / providers)];
    const minutes = Math.floor(index / slotsADay) * 1_440 + (index % slotsADay) * slotMinutes;
    const more = provider < lastNames.length ? "" : ` ${Math.floor(provider / lastNames.length) + 1}`;
    return {
      id: `slot-${ordinal}`,
      clinicId,
      provider: `Dr. ${pick(lastNames, provider)}${more}`,
      start: new Date(from + minutes * 60_000).toISOString(),
      timeZone,
      durationMinutes: slotMinutes,
      location: pick(locations, provider),
    };
  }

  function patient(ordinal: number): Patient {
    const family = Math.floor(ordinal / 2);
    const area = pick(areas, Math.floor(family / numbersOfArea));
    const born = `${1940 + (ordinal % 80)}-${twoDigits(1 + (ordinal % 12))}-${twoDigits(1 + (ordinal % 28))}`;
    return {
      id: `patient-${ordinal}`,
      name: `${pick(firstNames, ordinal)} ${pick(lastNames, family)}`,
      phoneNumber: `+1${area}55501${twoDigits(family % numbersOfArea)}` as PhoneNumber,
      dateOfBirth: born,
    };
  }

  return {
    *slots() {
      for (let ordinal = 0; ordinal < all; ordinal++) yield slot(ordinal);
    },
    *appointments() {
      const next = unpredictable(seed);
      for (let ordinal = 0; ordinal < all; ordinal++) {
        if (isFree(ordinal)) continue;
        const { id: slotId, ...place } = slot(ordinal);
        yield {
          ...place,
          id: `appointment-${ordinal}`,
          patient: patient(Math.floor(next() * patients)),
          status: pick(statuses, Math.floor(next() * statuses.length)),
          slotId,
          confirmationCode: String(100_000 + Math.floor(next() * 900_000)),
        };
      }
    },
  };
}
