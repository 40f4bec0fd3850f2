import type { Language } from "../../call/prompt.ts";

/** The locale that dates are written in: Modern Standard Arabic with its own month names for `ar-XA`. */
export const localeOf: Readonly<Record<Language, string>> = { "en-US": "en-US", "ar-XA": "ar" };

/**
 * An instant as it is said at a place: `Friday, November 27 at 10:00 AM`.
 *
 * @param instant - RFC 3339
 * @param timeZone - IANA time zone of the clinic
 */
export function spokenTime(instant: string, timeZone: string, language: Language): string {
  return new Intl.DateTimeFormat(localeOf[language], {
    weekday: "long",
    month: "long",
    day: "numeric",
    hour: "numeric",
    minute: "2-digit",
    timeZone,
  }).format(new Date(instant));
}
