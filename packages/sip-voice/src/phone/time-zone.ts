import type { PhoneNumber } from "./phone-number.ts";
import table from "./time-zones.json" with { type: "json" };

const prefixes = table.prefixes as Record<string, number[]>;

/** `1` and the area code: within an area code a North American number may be kept when its owner moves. */
const northAmericanArea = /^\+(1\d{3})/;

/** Looking through the whole table takes a millisecond, and every decision asks. */
const zonesByArea = new Map<string, ReadonlySet<number>>();

/** The zones of an area code and of every exchange in it. */
function zonesOfArea(area: string): ReadonlySet<number> {
  const known = zonesByArea.get(area);
  if (known) return known;
  const zones = new Set(
    Object.entries(prefixes).flatMap(([prefix, found]) => (prefix.startsWith(area) ? found : [])),
  );
  zonesByArea.set(area, zones);
  return zones;
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
  const ofArea = area ? zonesOfArea(area) : new Set<number>();
  if (ofArea.size > 0) return [...ofArea].map((zone) => table.zones[zone] as string);
  for (let length = phoneNumber.length; length > 1; length--) {
    const zones = prefixes[phoneNumber.slice(1, length)];
    if (zones) return zones.map((zone) => table.zones[zone] as string);
  }
  return [];
}
