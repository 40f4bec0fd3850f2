import { Temporal } from "temporal-polyfill";
import { SipVoiceError } from "../errors.ts";

/** In which order a date is keyed in: `MMDDYYYY` as in the USA, `DDMMYYYY` as in most other countries. */
export type KeyedDateOrder = "MMDDYYYY" | "DDMMYYYY";

/** What {@link parseKeyedDate} needs to know about today. */
export interface KeyedDateOptions {
  /** The instant of the call, in milliseconds since 1970: `clock.now()`. */
  readonly now: number;
  /** IANA time zone in which today is what it is; `UTC` unless given. */
  readonly timeZone?: string;
}

const patterns: Record<KeyedDateOrder, RegExp> = {
  MMDDYYYY: /^(?<month>\d\d)(?<day>\d\d)(?<year>\d{4})$/,
  DDMMYYYY: /^(?<day>\d\d)(?<month>\d\d)(?<year>\d{4})$/,
};

/** Nobody has lived longer than 122 years; an earlier date is a slip of the finger. */
const oldestYears = 130;

/**
 * Reads a date of birth as it was keyed in. Gives it as RFC 3339 and FHIR write a date, `YYYY-MM-DD`; `undefined` when there is
 * no such day, when it is still to come, or when nobody who was born on it can be alive.
 *
 * @throws SipVoiceError `invalid-option` for an order, a time or a time zone that does not exist
 * @example
 * ```ts
 * import { parseKeyedDate, systemClock } from "@clinic/sip-voice";
 *
 * const today = { now: systemClock.now(), timeZone: "America/Los_Angeles" };
 * parseKeyedDate("03071984", "MMDDYYYY", today); // "1984-03-07"
 * parseKeyedDate("03071984", "DDMMYYYY", today); // "1984-07-03"
 * parseKeyedDate("02301984", "MMDDYYYY", today); // undefined
 * ```
 */
export function parseKeyedDate(
  digits: string,
  order: KeyedDateOrder,
  options: KeyedDateOptions,
): string | undefined {
  const pattern = Object.hasOwn(patterns, order) ? patterns[order] : undefined;
  if (!pattern) throw invalid("order", "Give MMDDYYYY or DDMMYYYY.");
  const today = todayOf(options);
  const parts = pattern.exec(digits)?.groups;
  if (!parts) return undefined;
  const date = dateOf(Number(parts.year), Number(parts.month), Number(parts.day));
  if (!date || Temporal.PlainDate.compare(date, today) > 0) return undefined;
  return Temporal.PlainDate.compare(date, today.subtract({ years: oldestYears })) < 0
    ? undefined
    : date.toString();
}

function dateOf(year: number, month: number, day: number): Temporal.PlainDate | undefined {
  try {
    return Temporal.PlainDate.from({ year, month, day }, { overflow: "reject" });
  } catch {
    return undefined;
  }
}

function todayOf({ now, timeZone = "UTC" }: KeyedDateOptions): Temporal.PlainDate {
  try {
    return Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timeZone).toPlainDate();
  } catch (cause) {
    throw invalid("now", "Give milliseconds since 1970, and an IANA time zone or none.", cause);
  }
}

function invalid(field: string, remedy: string, cause?: unknown): SipVoiceError {
  return new SipVoiceError("invalid-option", "A keyed date can't be read that way.", {
    field,
    remedy,
    cause,
  });
}
