import { Temporal } from "temporal-polyfill";
import type { PhoneNumber } from "../phone/phone-number.ts";
import { timeZonesOf } from "../phone/time-zone.ts";
import table from "./us-states.json" with { type: "json" };

/** What is known of where a number's owner is. */
export interface CalleeFacts {
  /** The number. */
  readonly phoneNumber: PhoneNumber;
  /** The owner's own IANA time zone, where it is on file. */
  readonly timeZone?: string | undefined;
  /** Where the owner lives, where that is on file: ISO 3166-2 (`US-FL`), or ISO 3166-1 outside of the United States (`CA`). */
  readonly place?: string | undefined;
}

/** Where a number's owner may be: all of it has to be reckoned with. An empty list is: not known. */
export interface CalleePlace {
  /** Every IANA time zone that it may be. */
  readonly zones: readonly string[];
  /** Every place whose rules may hold, as in `US-FL`. */
  readonly places: readonly string[];
}

const stateOfArea = new Map(
  Object.entries(table.areaCodes).flatMap(([state, areas]) =>
    areas.map((area): [string, string] => [area, `US-${state}`]),
  ),
);
const statesOfZone = new Map(
  Object.entries(table.zones).map(([zone, states]) => [zone, states.map((state) => `US-${state}`)]),
);
const everyState: readonly string[] = Object.keys(table.areaCodes).map((state) => `US-${state}`);
const northAmericanArea = /^\+1(\d{3})/;
const otherPlace = /^[A-Z]{2}(?:-[A-Z0-9]{1,3})?$/;

function isTimeZone(name: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
}

/** A state that nobody has heard of has no rule, and would be free of all: only known ones are taken. */
function isPlace(place: string): boolean {
  return place.startsWith("US") ? everyState.includes(place) : otherPlace.test(place);
}

function zonesAt(facts: CalleeFacts, own: readonly string[], sameArea: boolean): readonly string[] {
  const { timeZone, place } = facts;
  if (timeZone) return isTimeZone(timeZone) ? [timeZone] : [];
  if (!place || sameArea) return own;
  // Who took the number along to another state is in that state's zones, not in the number's.
  return [...statesOfZone].filter(([, states]) => states.includes(place)).map(([zone]) => zone);
}

/**
 * Where a number's owner may be. What the clinic has on file goes first; else an area code of the United States tells
 * the state, and its zones. A zone on file that is not among the number's own says that the owner has moved: then it may be
 * any state in that zone. What no table knows may be any state.
 */
export function calleePlace(facts: CalleeFacts, country: string | undefined): CalleePlace {
  const { phoneNumber, timeZone, place } = facts;
  const own = timeZonesOf(phoneNumber);
  const stateOfNumber = stateOfArea.get(northAmericanArea.exec(phoneNumber)?.[1] ?? "");
  if (place) {
    const sameArea = place === stateOfNumber || (!place.startsWith("US") && place.startsWith(country ?? "?"));
    return { zones: zonesAt(facts, own, sameArea), places: isPlace(place) ? [place] : [] };
  }
  const zones = zonesAt(facts, own, true);
  const staysInArea = !timeZone || own.includes(timeZone);
  if (stateOfNumber && staysInArea) return { zones, places: [stateOfNumber] };
  if (country !== "US") {
    const moved = staysInArea ? [] : (statesOfZone.get(timeZone ?? "") ?? []);
    return { zones, places: country ? [country, ...moved] : moved };
  }
  const states = zones.map((zone) => statesOfZone.get(zone) ?? everyState);
  return { zones, places: [...new Set(states.flat())] };
}
