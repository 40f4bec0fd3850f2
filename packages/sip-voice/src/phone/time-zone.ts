import type { PhoneNumber } from "./phone-number.ts";
import table from "./time-zones.json" with { type: "json" };

const prefixes = table.prefixes as Record<string, number[]>;

/**
 * Every IANA time zone in which the owner of a number may be, by the number's longest known prefix; empty when unknown.
 * A mobile number tells where it was issued, not where its owner is.
 * Source: the time zone table of Google's libphonenumber.
 *
 * @example
 * ```ts
 * import { parsePhoneNumber, timeZonesOf } from "@clinic/sip-voice";
 *
 * timeZonesOf(parsePhoneNumber("+18505550111")); // Florida's two: America/Chicago and America/New_York
 * ```
 */
export function timeZonesOf(phoneNumber: PhoneNumber): readonly string[] {
  for (let length = phoneNumber.length; length > 1; length--) {
    const zones = prefixes[phoneNumber.slice(1, length)];
    if (zones) return zones.map((zone) => table.zones[zone] as string);
  }
  return [];
}
