import type { PhoneNumberKind } from "../phone/phone-number.ts";
import { type CallingWindow, weekOf } from "./calling-window.ts";
import type { Consent } from "./contact-preferences.ts";
import { type HolidayRule, usFederalHolidays } from "./holiday.ts";
import { type PlaceRule, usStateRules } from "./place-rule.ts";

/**
 * The rules that allow or refuse an attempt, as data with its sources, so that a clinic's counsel can change it. It is a
 * value: to change a rule make a new policy, as in `{ ...defaultCallingPolicy, stopped: true }`.
 */
export interface CallingPolicy {
  /** The clinic's own name for these rules, kept in every {@link DecisionRecord}. */
  readonly version?: string;
  /** Stops all dialling at once. */
  readonly stopped: boolean;
  /** When patients may be called, at their place. */
  readonly window: CallingWindow;
  /** Narrower hours where a place asks for them; of all places where the callee may be, every rule counts. */
  readonly placeRules: readonly PlaceRule[];
  /** Holidays: no calls on that date at the callee's place. */
  readonly holidays: readonly HolidayRule[];
  /** The clinic's own dates without calls, `YYYY-MM-DD` at the callee's place. */
  readonly closedDates: readonly string[];
  /**
   * Other windows for some numbers: the first whose regular expression matches the E.164 number is taken, in place of
   * `window`, `placeRules`, `holidays` and `closedDates`.
   */
  readonly windowExceptions: readonly { readonly numbers: string; readonly window: CallingWindow }[];
  /** Which numbers may be dialled at all. */
  readonly destinations: {
    /** ISO 3166-1 alpha-2 countries. */
    readonly countries: readonly string[];
    /** Kinds of numbers. */
    readonly kinds: readonly PhoneNumberKind[];
  };
  /** Which consents are good for a call. */
  readonly consent: {
    /** The ways of giving it that are accepted. */
    readonly bases: readonly Consent["basis"][];
    /** After how many days a consent no longer counts; it does not expire unless given. */
    readonly expiresAfterDays?: number;
  };
  /** How often may be dialled. */
  readonly caps: {
    /** Attempts on one number in a calendar day at the callee's place, over all campaigns. */
    readonly perNumberPerDay: number;
    /** Attempts on one number in the seven calendar days that end today. */
    readonly perNumberPerWeek: number;
    /**
     * Attempts of the clinic in any 24 hours. Unlike the caps of a number it does not go by a calendar: it guards against a
     * program that has run away, which midnight should not help, and patients in several zones have no day in common.
     */
    readonly perClinicPerDay: number;
    /** Attempts of the clinic under way at one time. */
    readonly concurrency: number;
  };
  /** Where each rule comes from. */
  readonly sources: Readonly<Record<string, string>>;
}

/**
 * The rules unless a clinic sets its own; they fail closed.
 *
 * @example
 * ```ts
 * import { type CallingPolicy, defaultCallingPolicy } from "@clinic/sip-voice";
 *
 * const policy: CallingPolicy = { ...defaultCallingPolicy, caps: { ...defaultCallingPolicy.caps, concurrency: 1 } };
 * console.log(policy.caps.perNumberPerDay); // 1
 * ```
 */
export const defaultCallingPolicy: CallingPolicy = {
  version: "default-2",
  stopped: false,
  window: weekOf({ from: "08:00", to: "21:00" }),
  placeRules: usStateRules,
  holidays: usFederalHolidays,
  closedDates: [],
  windowExceptions: [],
  destinations: { countries: ["US", "CA"], kinds: ["fixed-line", "mobile", "fixed-line-or-mobile"] },
  consent: { bases: ["given-at-booking", "written", "spoken"] },
  caps: { perNumberPerDay: 1, perNumberPerWeek: 3, perClinicPerDay: 200, concurrency: 2 },
  sources: {
    consent: "FCC 24-17: an AI voice is an artificial voice under the TCPA; prior express consent is needed",
    window: "47 CFR 64.1200(c)(1): 8:00 to 21:00 at the called party's place, adopted for every call",
    placeRules: "State rules on telephone solicitations, adopted for every call; to be verified by counsel",
    holidays: "5 U.S.C. 6103; several states forbid solicitations on holidays, adopted for every call",
    "do-not-call": "47 CFR 64.1200(a)(9)(iv): an opt-out is honoured at once",
    caps: "47 CFR 64.1200(a)(9)(iv): 1 message a day and 3 a week",
    destinations: "Toll fraud: geographic and mobile numbers of the clinic's own countries only",
  },
};

/**
 * The strict rules: Monday to Friday, 10:00 to 18:00, twice a week at most. These hours are inside those of every state of
 * the United States in {@link usStateRules}, and inside what the United Arab Emirates allow marketing calls.
 *
 * @example
 * ```ts
 * import { makeCall, strictCallingPolicy, type Appointment } from "@clinic/sip-voice";
 *
 * const remind = (appointment: Appointment) =>
 *   makeCall(appointment.patient.phoneNumber, appointment, { policy: strictCallingPolicy });
 * ```
 */
export const strictCallingPolicy: CallingPolicy = {
  ...defaultCallingPolicy,
  version: "strict-1",
  window: weekOf({ from: "10:00", to: "18:00" }, null),
  caps: { ...defaultCallingPolicy.caps, perNumberPerWeek: 2 },
  sources: {
    ...defaultCallingPolicy.sources,
    window: "The hours that satisfy all state presets, and UAE Cabinet Resolution 56/2024 (9:00 to 18:00)",
    caps: "UAE Cabinet Resolution 56/2024: once a day and twice a week",
  },
};
