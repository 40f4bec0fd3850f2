import type { PhoneNumber } from "./phone-number.ts";
import table from "./time-zones.json" with { type: "json" };

const prefixes = table.prefixes as Record<string, number[]>;

/** `1` and the area code: within an area code a North American number may be kept when its owner moves. */
const northAmericanArea = /^\+(1\d{3})/;

/** The zones of an area code and of every exchange in it. */
function zonesOfArea(area: string): readonly number[] {
  return Object.entries(prefixes).flatMap(([prefix, zones]) => (prefix.startsWith(area) ? zones : []));
}

/**
 * Every IANA time zone in which the owner of a number may be; empty when unknown. In North America those of the whole
 * area code, as the table's zone of one exchange leaves out its neighbours; elsewhere those of the longest known prefix.
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
  const area = northAmericanArea.exec(phoneNumber)?.[1];
  const ofArea = area ? new Set(zonesOfArea(area)) : new Set<number>();
  if (ofArea.size > 0) return [...ofArea].map((zone) => table.zones[zone] as string);
  for (let length = phoneNumber.length; length > 1; length--) {
    const zones = prefixes[phoneNumber.slice(1, length)];
    if (zones) return zones.map((zone) => table.zones[zone] as string);
  }
  return [];
}
