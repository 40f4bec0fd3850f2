import { SipVoiceError } from "../errors.ts";
import type { CallingPolicy } from "./calling-policy.ts";
import type { CallingWindow } from "./calling-window.ts";

const timeOfDay = /^(?:[01]\d|2[0-3]):[0-5]\d$/;

const placeCode = /^[A-Z]{2}(?:-[A-Z0-9]{1,3})?$/;

function isCalendarDate(text: unknown): boolean {
  const parts = typeof text === "string" ? /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) : null;
  if (!parts) return false;
  const [year, month, day] = parts.slice(1).map(Number) as [number, number, number];
  return isWhole(month, 1, 12) && isWhole(day, 1, new Date(Date.UTC(year, month, 0)).getUTCDate());
}

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

function wrongInPlaceRules({ placeRules }: CallingPolicy): string | undefined {
  if (!Array.isArray(placeRules)) return "policy.placeRules";
  for (const [index, rule] of placeRules.entries()) {
    const path = `policy.placeRules.${index}`;
    if (typeof rule?.place !== "string" || !placeCode.test(rule.place)) return `${path}.place`;
    const wrong = wrongInWindow(`${path}.window`, rule.window);
    if (wrong) return wrong;
  }
  return undefined;
}

const isWhole = (value: unknown, least: number, most: number): boolean =>
  Number.isInteger(value) && Number(value) >= least && Number(value) <= most;

/** A holiday that cannot be read would never come, and its date be called on. */
function wrongInHolidays({ holidays, closedDates }: CallingPolicy): string | undefined {
  if (!Array.isArray(holidays)) return "policy.holidays";
  for (const [index, rule] of holidays.entries()) {
    const path = `policy.holidays.${index}`;
    if (!isWhole(rule?.month, 1, 12)) return `${path}.month`;
    if ("weekday" in rule) {
      if (!isWhole(rule.weekday, 1, 7)) return `${path}.weekday`;
      if (rule.nth !== -1 && !isWhole(rule.nth, 1, 5)) return `${path}.nth`;
    } else if (!isWhole(rule.day, 1, 31)) return `${path}.day`;
    else if (typeof rule.observed !== "boolean") return `${path}.observed`;
  }
  if (!Array.isArray(closedDates)) return "policy.closedDates";
  const wrong = closedDates.findIndex((date) => !isCalendarDate(date));
  return wrong === -1 ? undefined : `policy.closedDates.${wrong}`;
}

function wrongInPolicy(policy: CallingPolicy): string | undefined {
  if (typeof policy !== "object" || policy === null) return "policy";
  if (typeof policy.stopped !== "boolean") return "policy.stopped";
  const wrongWindow = wrongInWindow("policy.window", policy.window);
  if (wrongWindow) return wrongWindow;
  const wrongCalendar = wrongInPlaceRules(policy) ?? wrongInHolidays(policy);
  if (wrongCalendar) return wrongCalendar;
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
  if (!Array.isArray(policy.consent?.bases)) return "policy.consent.bases";
  const { expiresAfterDays } = policy.consent;
  if (expiresAfterDays !== undefined && !(Number(expiresAfterDays) > 0))
    return "policy.consent.expiresAfterDays";
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
