import { SipVoiceError, type SipVoiceErrorCode, shapeOf } from "../errors.ts";

/** An instant in the two forms that are stored. */
export interface Instant {
  /** Milliseconds since 1970, to compare by. */
  readonly ms: number;
  /** RFC 3339 with the offset that was given. */
  readonly text: string;
}

const rfc3339 = /^(\d{4})-(\d\d)-(\d\d)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/**
 * Reads an RFC 3339 instant. Stricter than `Date.parse`, which takes a time without an offset as the machine's own
 * and 30 February as 2 March.
 */
export function parseInstant(value: string, code: SipVoiceErrorCode, field: string): Instant {
  const text = typeof value === "string" ? value.toUpperCase().replace(" ", "T") : "";
  const [, year, month, day] = rfc3339.exec(text) ?? [];
  const ms = Date.parse(text);
  const lastDay = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  if (!Number.isNaN(ms) && Number(day) <= lastDay) return { ms, text };
  throw new SipVoiceError(code, `The ${field} is ${shapeOf(value)} that is not an instant.`, {
    field,
    remedy: "Write it as RFC 3339 with an offset, as in 2026-11-24T10:00:00-08:00.",
  });
}

/** Whether a text is a day as `YYYY-MM-DD`. */
export function isDate(text: unknown): boolean {
  if (typeof text !== "string" || !/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}
