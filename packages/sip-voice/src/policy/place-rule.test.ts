import { describe, expect, it } from "vitest";
import { strictCallingPolicy } from "./calling-policy.ts";
import { intersectWindows, weekOf } from "./calling-window.ts";
import { holdsAt, usStateRules } from "./place-rule.ts";

const hoursOf = (state: string): string => {
  const window = usStateRules.find(({ place }) => place === `US-${state}`)?.window ?? {};
  return ([1, 6, 7] as const)
    .map((day) => {
      const hours = window[day];
      return hours ? `${hours.from}-${hours.to}` : "none";
    })
    .join(" ");
};

describe("the presets of states", () => {
  it.each([
    ["FL MD MA OK WA", "08:00-20:00 08:00-20:00 08:00-20:00"],
    ["CT NV", "09:00-20:00 09:00-20:00 09:00-20:00"],
    ["KY", "10:00-21:00 10:00-21:00 10:00-21:00"],
    ["MI MN NM", "09:00-21:00 09:00-21:00 09:00-21:00"],
    ["AL LA MS", "08:00-20:00 08:00-20:00 none"],
    ["TX", "09:00-21:00 09:00-21:00 12:00-21:00"],
    ["RI", "09:00-18:00 10:00-17:00 10:00-17:00"],
  ])("%s: %s", (states, hours) => {
    for (const state of states.split(" ")) expect(hoursOf(state), state).toBe(hours);
  });

  it("are sixteen, each with its source, none checked by anybody", () => {
    expect(usStateRules).toHaveLength(16);
    for (const { source, verified } of usStateRules) expect([source !== "", verified]).toEqual([true, false]);
  });

  it("are all satisfied by the strict policy's hours", () => {
    const all = [strictCallingPolicy.window, ...usStateRules.map(({ window }) => window)];
    expect(intersectWindows(all)).toEqual(strictCallingPolicy.window);
  });
});

describe("windows that all have to be kept", () => {
  const day = { from: "08:00", to: "21:00" };

  it("leave the hours that they share, on the days that they share", () => {
    const late = weekOf({ from: "10:00", to: "24:00" }, null, { from: "12:00", to: "20:00" });
    expect(intersectWindows([weekOf(day), late])).toEqual(
      weekOf({ from: "10:00", to: "21:00" }, null, { from: "12:00", to: "20:00" }),
    );
  });

  it("leave nothing of hours that only touch", () => {
    expect(
      intersectWindows([weekOf({ from: "08:00", to: "09:00" }), weekOf({ from: "09:00", to: "10:00" })]),
    ).toEqual({});
  });
});

it("holds in a country's subdivisions, and nowhere else", () => {
  const rule = { place: "CA", window: {}, source: "", verified: false };
  expect(["CA", "CA-ON", "CAT", "US-CA", "US"].map((place) => holdsAt(rule, place))).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});
