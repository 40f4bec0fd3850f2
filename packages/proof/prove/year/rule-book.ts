type Hours = readonly [opens: number, closes: number];
/** Monday to Friday, Saturday, Sunday; `undefined` is a day without calls. */
type Week = readonly [week: Hours, saturday: Hours | undefined, sunday: Hours | undefined];

const week = (opens: number, closes: number): Week => [
  [opens, closes],
  [opens, closes],
  [opens, closes],
];
const noSunday: Week = [[8, 20], [8, 20], undefined];

/** The hours of the rules, written down a second time by hand: a state's, or those of every state in a zone at once. */
export const hoursOfPlace: Readonly<Record<string, Week>> = {
  FL: week(8, 20),
  MD: week(8, 20),
  MA: week(8, 20),
  OK: week(8, 20),
  WA: week(8, 20),
  CT: week(9, 20),
  NV: week(9, 20),
  KY: week(10, 21),
  MI: week(9, 21),
  MN: week(9, 21),
  NM: week(9, 21),
  AL: noSunday,
  LA: noSunday,
  MS: noSunday,
  TX: [
    [9, 21],
    [9, 21],
    [12, 21],
  ],
  RI: [
    [9, 18],
    [10, 17],
    [10, 17],
  ],
  "any:America/New_York": [
    [10, 18],
    [10, 17],
    [10, 17],
  ],
  "any:America/Chicago": [[10, 20], [10, 20], undefined],
  "any:America/Denver": [
    [9, 20],
    [9, 20],
    [12, 20],
  ],
  "any:America/Los_Angeles": week(9, 20),
};

/** The hours where no state has its own. */
export const usualHours: Week = week(8, 21);

/**
 * The federal holidays of 2027 and the days on which they are observed (Office of Personnel Management), the first of 2028,
 * in which the last calls are made, and the clinics' own dates.
 */
export const closedDates: ReadonlySet<string> = new Set([
  ..."01-01 01-18 02-15 05-31 06-18 06-19 07-04 07-05 09-06 10-11 11-11 11-25 12-24 12-25 12-31"
    .split(" ")
    .map((date) => `2027-${date}`),
  "2028-01-01",
  "2027-03-15",
  "2027-11-26",
]);

/** How often may be called. */
export const most = { perDay: 1, perWeek: 3, perClinicIn24Hours: 60, atOneTime: 2, consentDays: 365 };
