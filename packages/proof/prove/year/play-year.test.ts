import { expect, test } from "vitest";
import { checkYear } from "./checker.ts";
import { playYear } from "./play-year.ts";

test("a fortnight round the beginning of summer time breaks no rule and is the same every time", async () => {
  const plan = {
    seed: 3,
    contacts: 150,
    clinics: 1,
    from: Date.parse("2027-03-06T00:00:00Z"),
    to: Date.parse("2027-03-17T00:00:00Z"),
  };
  const { seen, decisions, disagreements } = await playYear(plan);
  expect(seen.calls.length).toBeGreaterThan(100);
  expect(decisions).toBeGreaterThan(seen.calls.length);
  expect(disagreements).toBe(0);
  for (const [kind, { violations }] of Object.entries(checkYear(seen))) expect(violations, kind).toEqual([]);
  expect((await playYear(plan)).seen).toEqual(seen);
});
