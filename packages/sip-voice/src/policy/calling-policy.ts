import { SipVoiceError } from "../errors.ts";
import type { PhoneNumberKind } from "../phone/phone-number.ts";

/** Hours of a day, local time at the callee's place: from `HH:MM` up to and not including `HH:MM` (`24:00` is the day's end). */
export interface CallingHours {
  /** The first minute. */
  readonly from: string;
  /** The first minute after. */
  readonly to: string;
}

/** The hours of each ISO weekday, 1 Monday to 7 Sunday; a day without hours is a day without calls. */
export type CallingWindow = Readonly<Partial<Record<1 | 2 | 3 | 4 | 5 | 6 | 7, CallingHours>>>;

/** The rules that allow or refuse an attempt, as data with its sources, so that a clinic's counsel can change it. */
export interface CallingPolicy {
  /** Stops all dialling at once. */
  readonly stopped: boolean;
  /** When patients may be called, at their place. */
  readonly window: CallingWindow;
  /** Other windows for some numbers: the first whose regular expression matches the E.164 number is taken. */
  readonly windowExceptions: readonly { readonly numbers: string; readonly window: CallingWindow }[];
  /** Which numbers may be dialled at all. */
  readonly destinations: {
    /** ISO 3166-1 alpha-2 countries. */
    readonly countries: readonly string[];
    /** Kinds of numbers. */
    readonly kinds: readonly PhoneNumberKind[];
  };
  /** How often may be dialled. */
  readonly caps: {
    /** Attempts on one number in a calendar day at the callee's place, over all campaigns. */
    readonly perNumberPerDay: number;
    /** Attempts on one number in the seven calendar days that end today. */
    readonly perNumberPerWeek: number;
    /** Attempts of the clinic in any 24 hours. */
    readonly perClinicPerDay: number;
    /** Attempts of the clinic under way at one time. */
    readonly concurrency: number;
  };
  /** Where each rule comes from. */
  readonly sources: Readonly<Record<string, string>>;
}

const usualHours: CallingHours = { from: "08:00", to: "21:00" };

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
  stopped: false,
  window: {
    1: usualHours,
    2: usualHours,
    3: usualHours,
    4: usualHours,
    5: usualHours,
    6: usualHours,
    7: usualHours,
  },
  windowExceptions: [],
  destinations: { countries: ["US", "CA"], kinds: ["fixed-line", "mobile", "fixed-line-or-mobile"] },
  caps: { perNumberPerDay: 1, perNumberPerWeek: 3, perClinicPerDay: 200, concurrency: 2 },
  sources: {
    consent: "FCC 24-17: an AI voice is an artificial voice under the TCPA; prior express consent is needed",
    window: "47 CFR 64.1200(c)(1): 8:00 to 21:00 at the called party's place, adopted for every call",
    "do-not-call": "47 CFR 64.1200(a)(9)(iv): an opt-out is honoured at once",
    caps: "47 CFR 64.1200(a)(9)(iv): 1 message a day and 3 a week",
    destinations: "Toll fraud: geographic and mobile numbers of the clinic's own countries only",
  },
};

const timeOfDay = /^(?:[01]\d|2[0-3]):[0-5]\d$/;

function isPattern(text: unknown): boolean {
  try {
    return typeof text === "string" && Boolean(new RegExp(text));
  } catch {
    return false;
  }
}

/** What is wrong with a window, as the path of the field; `undefined` when nothing is. */
function wrongInWindow(path: string, window: CallingWindow | undefined): string | undefined {
  if (typeof window !== "object" || window === null) return path;
  for (const [day, hours] of Object.entries(window)) {
    if (hours === undefined) continue;
    if (!/^[1-7]$/.test(day)) return `${path}.${day}`;
    if (!timeOfDay.test(hours?.from)) return `${path}.${day}.from`;
    if (!timeOfDay.test(hours.to) && hours.to !== "24:00") return `${path}.${day}.to`;
  }
  return undefined;
}

function wrongInPolicy(policy: CallingPolicy): string | undefined {
  if (typeof policy !== "object" || policy === null) return "policy";
  if (typeof policy.stopped !== "boolean") return "policy.stopped";
  const wrongWindow = wrongInWindow("policy.window", policy.window);
  if (wrongWindow) return wrongWindow;
  if (!Array.isArray(policy.windowExceptions)) return "policy.windowExceptions";
  for (const [index, exception] of policy.windowExceptions.entries()) {
    const path = `policy.windowExceptions.${index}`;
    if (!isPattern(exception?.numbers)) return `${path}.numbers`;
    const wrong = wrongInWindow(`${path}.window`, exception.window);
    if (wrong) return wrong;
  }
  for (const list of ["countries", "kinds"] as const) {
    if (!Array.isArray(policy.destinations?.[list])) return `policy.destinations.${list}`;
  }
  for (const cap of ["perNumberPerDay", "perNumberPerWeek", "perClinicPerDay", "concurrency"] as const) {
    const most: unknown = policy.caps?.[cap];
    if (!(typeof most === "number" && most >= 0)) return `policy.caps.${cap}`;
  }
  return undefined;
}

/**
 * Checks a policy that types could not check, such as one from a file. A cap that is missing would never be full,
 * and a time that cannot be read would come to light only on its day of the week.
 *
 * @throws SipVoiceError `invalid-option`; `field` names the first field that is wrong
 */
export function checkCallingPolicy(policy: CallingPolicy): void {
  const field = wrongInPolicy(policy);
  if (field === undefined) return;
  throw new SipVoiceError("invalid-option", `${field} is missing or has the wrong shape.`, {
    field,
    remedy: "Begin with `defaultCallingPolicy`; times are HH:MM, days 1 to 7, caps numbers.",
  });
}
