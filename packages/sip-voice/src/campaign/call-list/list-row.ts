import { parseInstant } from "../../appointments/instant.ts";
import { shapeOf } from "../../errors.ts";
import { type PhoneNumber, tryPhoneNumberDetails } from "../../phone/phone-number.ts";
import { calendarDay } from "../../policy/calendar-day.ts";
import type { CallingPolicy } from "../../policy/calling-policy.ts";
import type { Consent } from "../../policy/contact-preferences.ts";
import type { RowFault, RowFaultCode } from "./row-fault.ts";

/** A column of a call list. */
export type CallListColumn =
  | "phoneNumber"
  | "appointmentId"
  | "consentBasis"
  | "consentRecordedAt"
  | "timeZone"
  | "place"
  | "language"
  | "priority";

/** The columns that a list must have. */
export const requiredColumns: readonly CallListColumn[] = ["phoneNumber", "appointmentId"];
/** The columns that a list may have besides; others are left alone. */
export const optionalColumns: readonly CallListColumn[] = [
  "consentBasis",
  "consentRecordedAt",
  "timeZone",
  "place",
  "language",
  "priority",
];

/** What a row says. */
export interface ListRow {
  readonly phoneNumber: PhoneNumber;
  readonly appointmentId: string;
  readonly consent: Consent | undefined;
  readonly timeZone: string | undefined;
  readonly place: string | undefined;
  readonly language: string | undefined;
  readonly priority: number | undefined;
}

/** How rows are read. */
export interface RowRules {
  readonly defaultCountry: string | undefined;
  readonly destinations: CallingPolicy["destinations"];
}

const bases: readonly Consent["basis"][] = ["given-at-booking", "written", "spoken"];
const longestId = 150;
const highestPriority = 1_000;
/** What a spreadsheet makes of a long number: rounded, so that it can't be turned back. */
const scientific = /^'?[+-]?\d(?:[.,]\d+)?e[+-]?\d+$/i;
const instantWithoutZone = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?$/;

/** One row under examination. */
class Examination {
  readonly faults: RowFault[] = [];
  readonly #value: (column: CallListColumn) => string;

  constructor(value: (column: CallListColumn) => string) {
    this.#value = value;
  }

  value(column: CallListColumn): string {
    return this.#value(column);
  }

  fault(column: CallListColumn, code: RowFaultCode, remedy: string): undefined {
    this.faults.push({ code, column, shape: shapeOf(this.value(column)), remedy });
    return undefined;
  }
}

function phoneNumberOf(
  row: Examination,
  { defaultCountry, destinations }: RowRules,
): PhoneNumber | undefined {
  const text = row.value("phoneNumber");
  const written = "Write it with + and country code, as in +15105550111.";
  if (text === "") return row.fault("phoneNumber", "missing", written);
  if (scientific.test(text)) {
    const remedy =
      "A spreadsheet has rounded it: take the number from its source again, with the column set to text.";
    return row.fault("phoneNumber", "scientific-notation", remedy);
  }
  const number = tryPhoneNumberDetails(text, defaultCountry === undefined ? {} : { defaultCountry });
  if (!number) {
    const isNational = defaultCountry === undefined && /^[\d\s().-]{6,}$/.test(text);
    return row.fault("phoneNumber", isNational ? "no-country-code" : "not-a-number", written);
  }
  const { phoneNumber, country, kind } = number;
  if (country && destinations.countries.includes(country) && destinations.kinds.includes(kind))
    return phoneNumber;
  const remedy = `A ${kind} number of ${country ?? "no country"} is not among the policy's destinations.`;
  return row.fault("phoneNumber", "foreign-number", remedy);
}

function instantOf(row: Examination, column: CallListColumn): { ms: number; text: string } | undefined {
  const text = row.value(column);
  try {
    // Spreadsheets leave the seconds out.
    return parseInstant(
      text.replace(/^(\S{10}[T ]\d\d:\d\d)(?=Z|[+-]|$)/i, "$1:00"),
      "invalid-option",
      column,
    );
  } catch {
    const code = instantWithoutZone.test(text) ? "no-time-zone" : "not-an-instant";
    return row.fault(column, code, "Write the instant with its offset, as in 2026-10-01T09:00:00-07:00.");
  }
}

function consentOf(row: Examination): Consent | undefined {
  const [basisText, recordedText] = [row.value("consentBasis"), row.value("consentRecordedAt")];
  if (basisText === "" && recordedText === "") return undefined;
  const basis = bases.find((one) => one === basisText);
  if (!basis) {
    const code = basisText === "" ? "missing" : "not-a-word";
    row.fault("consentBasis", code, `Write one of ${bases.join(", ")}.`);
  }
  const recordedAt = instantOf(row, "consentRecordedAt");
  return basis && recordedAt ? { basis, recordedAt: recordedAt.text } : undefined;
}

function priorityOf(row: Examination): number | undefined {
  const text = row.value("priority");
  if (text === "") return undefined;
  const priority = Number(text);
  if (Number.isInteger(priority) && Math.abs(priority) <= highestPriority) return priority;
  const remedy = `Write a whole number from -${highestPriority} to ${highestPriority}, or leave it out.`;
  return row.fault("priority", "not-whole", remedy);
}

const placeCode = /^[A-Z]{2}(?:-[A-Z0-9]{1,3})?$/;

function isLanguage(text: string): boolean {
  try {
    return Intl.getCanonicalLocales(text).length === 1;
  } catch {
    return false;
  }
}

function isTimeZone(text: string): boolean {
  try {
    return calendarDay(text, 0).zone === text;
  } catch {
    return false;
  }
}

/** An optional column that takes only some words. */
function wordOf(
  row: Examination,
  column: CallListColumn,
  accepts: (text: string) => boolean,
  remedy: string,
): string | undefined {
  const text = row.value(column);
  if (text === "" || accepts(text)) return text || undefined;
  return row.fault(column, "not-a-word", `${remedy} Or leave it out.`);
}

/** Examines one row; gives every complaint, not only the first. */
export function examineRow(
  value: (column: CallListColumn) => string,
  rules: RowRules,
): { readonly row: ListRow } | { readonly faults: readonly RowFault[] } {
  const row = new Examination(value);
  const phoneNumber = phoneNumberOf(row, rules);
  const appointmentId = row.value("appointmentId");
  if (appointmentId === "" || appointmentId.length > longestId) {
    const code = appointmentId === "" ? "missing" : "too-long";
    row.fault(
      "appointmentId",
      code,
      `Write the appointment's id in the store, at most ${longestId} characters.`,
    );
  }
  const consent = consentOf(row);
  const priority = priorityOf(row);
  const timeZone = wordOf(row, "timeZone", isTimeZone, "Write an IANA time zone, as in America/Denver.");
  const place = wordOf(row, "place", (text) => placeCode.test(text), "Write it as in US-CO, or CA.");
  const language = wordOf(row, "language", isLanguage, "Write a language tag, as in en-US.");
  if (row.faults.length > 0 || !phoneNumber) return { faults: row.faults };
  return { row: { phoneNumber, appointmentId, consent, timeZone, place, language, priority } };
}
