const [eastern, central, mountain, pacific] = [
  "America/New_York",
  "America/Chicago",
  "America/Denver",
  "America/Los_Angeles",
] as const;
const alaska = ["America/Anchorage", "America/Juneau", "America/Adak", "Pacific/Honolulu"];
const dakota = [central, mountain, "America/North_Dakota/Center"];

/** Area codes with the state and the zones that they truly lie in, written down by hand and not read from the library. */
export const areas: readonly (readonly [code: string, state: string, zones: readonly string[]])[] = [
  ["212", "NY", [eastern]],
  ["617", "MA", [eastern]],
  ["305", "FL", [eastern]],
  ["850", "FL", [eastern, central]],
  ["410", "MD", [eastern]],
  ["401", "RI", [eastern]],
  ["203", "CT", [eastern]],
  ["502", "KY", [eastern]],
  ["270", "KY", [eastern, central]],
  ["313", "MI", [eastern]],
  ["906", "MI", [eastern, central]],
  ["615", "TN", [central]],
  ["423", "TN", [eastern, central]],
  ["812", "IN", [eastern, central]],
  ["205", "AL", [central]],
  ["504", "LA", [central]],
  ["601", "MS", [central]],
  ["512", "TX", [central]],
  ["915", "TX", [mountain]],
  ["405", "OK", [central]],
  ["612", "MN", [central]],
  ["312", "IL", [central]],
  ["605", "SD", dakota],
  ["701", "ND", dakota],
  ["620", "KS", [central, mountain]],
  ["303", "CO", [mountain]],
  ["602", "AZ", ["America/Phoenix"]],
  ["928", "AZ", ["America/Phoenix", mountain]],
  ["505", "NM", [mountain]],
  ["208", "ID", [mountain, pacific, "America/Boise"]],
  ["801", "UT", [mountain]],
  ["702", "NV", [pacific]],
  ["206", "WA", [pacific]],
  ["541", "OR", [pacific, mountain]],
  ["510", "CA", [pacific]],
  ["907", "AK", alaska],
  ["808", "HI", ["Pacific/Honolulu"]],
];

/** The zones that a whole state lies in, for patients whose state is on file. */
export const stateZones: Readonly<Record<string, readonly string[]>> = {
  TX: [central, mountain],
  NY: [eastern],
  AL: [central],
  WA: [pacific],
};

/** Zones that patients have moved to, taking their number along. */
export const movedTo: readonly string[] = [eastern, central, mountain, pacific];
