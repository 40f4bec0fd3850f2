import { Temporal } from "temporal-polyfill";

/** Which days slots are looked for on, as the model gives them: `2026-11-27`, an instant, or anything at all. */
export interface AskedDays {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** How far ahead slots are looked for unless the model asks for less. */
const lookAheadMs = 21 * 86_400_000;
const day = /^\d{4}-\d{2}-\d{2}$/;

/** The instant at which a day begins in a zone (`after` days later), or the instant that a text names; `undefined` for neither. */
function instantOf(text: string | undefined, timeZone: string, after: number): number | undefined {
  if (!text) return undefined;
  if (!day.test(text)) return Date.parse(text) || undefined;
  try {
    const date = Temporal.PlainDate.from(text, { overflow: "reject" }).add({ days: after });
    return date.toZonedDateTime(timeZone).epochMilliseconds;
  } catch {
    return undefined;
  }
}

/**
 * The span of time in which slots are looked for: whole days of the clinic, not before now.
 *
 * @param now - milliseconds since 1970
 */
export function slotSpan(asked: AskedDays, timeZone: string, now: number): { from: string; to: string } {
  const from = Math.max(instantOf(asked.from, timeZone, 0) ?? now, now);
  const to = instantOf(asked.to, timeZone, 1) ?? now + lookAheadMs;
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}
