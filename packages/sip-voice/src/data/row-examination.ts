import { isDate } from "../appointments/instant.ts";
import { shapeOf } from "../errors.ts";
import { type PhoneNumber, tryPhoneNumber } from "../phone/phone-number.ts";
import { clinicInstant } from "./clinic-instant.ts";
import type { DataFault, DataFaultCode } from "./data-fault.ts";

/** What a spreadsheet makes of a long number: rounded, so that it can't be turned back. */
const scientific = /^[+-]?\d(?:[.,]\d+)?e[+-]?\d+$/i;
const longestText = 500;
const mostKnown = 10_000;

/** What was found out before: the rows of a file say the same things over and over. */
function remembered<Value>(find: (text: string) => Value): (text: string) => Value {
  const known = new Map<string, Value>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined || known.has(text)) return before as Value;
    if (known.size >= mostKnown) known.clear();
    const found = find(text);
    known.set(text, found);
    return found;
  };
}

const instantRemedies = {
  "not-an-instant": "Write it as in 2026-11-24T10:00:00-08:00, or 2026-11-24 10:00 by the clinic's clock.",
  "skipped-hour": "The clinic's clocks leave this time out on that day: write it with its offset.",
  "repeated-hour": "The clinic's clocks show this time twice on that day: write it with its offset.",
} as const;

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    // An offset is taken by Intl, too, and is no zone: it knows no summer.
    return !/^[+-]/.test(zone);
  } catch {
    return false;
  }
}

/** Reads the values of rows, and gathers what is wrong with the one at hand. */
export class RowExamination {
  readonly #numberOf: (text: string) => PhoneNumber | undefined;
  readonly #isZone = remembered(isTimeZone);
  #value: (column: string) => string = () => "";
  #faults: DataFault[] = [];

  /** Makes one for all rows of a file. */
  constructor(defaultCountry: string | undefined) {
    const options = defaultCountry === undefined ? {} : { defaultCountry };
    this.#numberOf = remembered((text) => tryPhoneNumber(text, options));
  }

  /** What is wrong with the row at hand. */
  get faults(): readonly DataFault[] {
    return this.#faults;
  }

  /** Takes up the next row. */
  begin(value: (column: string) => string): void {
    this.#value = value;
    this.#faults = [];
  }

  /** Notes that a value is wrong. */
  fault(column: string, code: DataFaultCode, remedy: string): undefined {
    this.#faults.push({ code, column, shape: shapeOf(this.#value(column)), remedy });
    return undefined;
  }

  /** A text that may be left out. */
  optional(column: string): string | undefined {
    const text = this.#value(column);
    if (text.length <= longestText) return text === "" ? undefined : text;
    return this.fault(column, "too-long", `Write at most ${longestText} characters.`);
  }

  /** A text that must be there, in the row or as the default. */
  required(column: string, otherwise?: string): string {
    const text = this.#value(column) || (otherwise ?? "");
    if (text === "") this.fault(column, "missing", "Fill the column in.");
    return text.length <= longestText ? text : (this.optional(column) ?? "");
  }

  /** One of some words. */
  word<Word extends string>(column: string, words: readonly Word[]): Word | undefined {
    const text = this.#value(column);
    const word = words.find((one) => one === text);
    if (word !== undefined || text === "") return word;
    return this.fault(column, "not-a-word", `Write one of ${words.join(", ")}.`);
  }

  /** A telephone number in any usual spelling. */
  phoneNumber(column: string): PhoneNumber | undefined {
    const text = this.#value(column);
    const remedy = "Write it with + and country code, as in +15105550111.";
    if (text === "") return this.fault(column, "missing", remedy);
    if (scientific.test(text)) {
      return this.fault(
        column,
        "scientific-notation",
        "A spreadsheet has rounded it: take it from its source again, as a text.",
      );
    }
    return this.#numberOf(text) ?? this.fault(column, "not-a-number", remedy);
  }

  /** An IANA time zone, or none. */
  timeZone(column: string, otherwise?: string): string | undefined {
    const zone = this.#value(column) || otherwise;
    if (zone === undefined || this.#isZone(zone)) return zone;
    return this.fault(column, "not-a-time-zone", "Write an IANA time zone, as in America/Los_Angeles.");
  }

  /** A number of minutes, more than 0. */
  minutes(column: string, otherwise?: number): number {
    const text = this.#value(column);
    const minutes = text === "" ? otherwise : Number(text);
    if (minutes === undefined) this.fault(column, "missing", "Write how many minutes it takes.");
    else if (!(minutes > 0 && minutes <= 10_000))
      this.fault(column, "not-minutes", "Write minutes, as in 30.");
    return minutes ?? 0;
  }

  /** A number of hours, or none. */
  hours(column: string): number | undefined {
    const text = this.#value(column);
    if (text === "") return undefined;
    const hours = Number(text);
    return hours >= 0 ? hours : this.fault(column, "not-hours", "Write hours, as in 24.");
  }

  /** A day, or none. */
  date(column: string): string | undefined {
    const text = this.optional(column);
    if (text === undefined || isDate(text)) return text;
    return this.fault(column, "not-a-date", "Write it as YYYY-MM-DD.");
  }

  /** An instant: with its offset, or as the clinic's clock shows it. */
  instant(column: string, zone: string | undefined, notBeforeMs: number): string | undefined {
    const text = this.#value(column);
    if (text === "") return this.fault(column, "missing", "Write when it begins.");
    const found = clinicInstant(text, zone);
    if ("fault" in found) return this.fault(column, found.fault, instantRemedies[found.fault]);
    if (Date.parse(found.text) >= notBeforeMs) return found.text;
    return this.fault(column, "past", "It is over: take the row out, or import without notBefore.");
  }
}
