import { type CallingWindow, weekOf } from "./calling-window.ts";

/** Narrower hours where a place asks for them. They are added to the policy's own window, never instead of it. */
export interface PlaceRule {
  /** Where it holds: an ISO 3166-2 subdivision (`US-FL`) or an ISO 3166-1 country (`US`). */
  readonly place: string;
  /** When people there may be called. */
  readonly window: CallingWindow;
  /** Where the rule comes from. */
  readonly source: string;
  /** Whether somebody who answers for it has checked the rule against the law. */
  readonly verified: boolean;
}

const from8to20 = weekOf({ from: "08:00", to: "20:00" });
const from9to20 = weekOf({ from: "09:00", to: "20:00" });
const from9to21 = weekOf({ from: "09:00", to: "21:00" });
const from10to21 = weekOf({ from: "10:00", to: "21:00" });
const from8to20NoSunday = weekOf({ from: "08:00", to: "20:00" }, { from: "08:00", to: "20:00" }, null);
const noonOnSunday = weekOf(
  { from: "09:00", to: "21:00" },
  { from: "09:00", to: "21:00" },
  { from: "12:00", to: "21:00" },
);
const shortWeekend = weekOf({ from: "09:00", to: "18:00" }, { from: "10:00", to: "17:00" });

const windows: readonly (readonly [window: CallingWindow, states: readonly string[]])[] = [
  [from8to20, ["FL", "MD", "MA", "OK", "WA"]],
  [from9to20, ["CT", "NV"]],
  [from9to21, ["MI", "MN", "NM"]],
  [from10to21, ["KY"]],
  [from8to20NoSunday, ["AL", "LA", "MS"]],
  [noonOnSunday, ["TX"]],
  [shortWeekend, ["RI"]],
];

/**
 * The states of the United States whose hours are narrower than 8:00 to 21:00. They are rules on telephone solicitations,
 * taken from law firms' and vendors' overviews of 2025 and not from the statutes: none is `verified`. Whether one binds a
 * reminder of an appointment is for the clinic's counsel to say.
 *
 * @example
 * ```ts
 * import { type CallingPolicy, defaultCallingPolicy, usStateRules } from "@clinic/sip-voice";
 *
 * const texas = usStateRules.filter(({ place }) => place === "US-TX").map((rule) => ({ ...rule, verified: true }));
 * const policy: CallingPolicy = { ...defaultCallingPolicy, placeRules: texas };
 * ```
 */
export const usStateRules: readonly PlaceRule[] = windows.flatMap(([window, states]) =>
  states.map((state) => ({
    place: `US-${state}`,
    window,
    source: `Overviews of ${state}'s rule on telephone solicitations, 2025; verify against the statute`,
    verified: false,
  })),
);

/** Whether a rule holds at a place: a country's rule holds in all of its subdivisions. */
export function holdsAt({ place }: PlaceRule, at: string): boolean {
  return at === place || at.startsWith(`${place}-`);
}
