import type { Death } from "./death.ts";

/** The steps of an attempt, from the reservation to its end, as the ports see them. */
const steps = [
  "preferences.get",
  "ledger.reserve",
  "rooms.createRoom",
  "rooms.dispatchAgent",
  "rooms.participants",
  "ledger.startDialing",
  "dialer.dial",
  "ledger.settle",
  "rooms.removeRoom",
  "ledger.freeLine",
  "rooms.withdrawAgent",
  "ledger.release",
];

/** Every point at which a runner dies. */
export const points: readonly string[] = [
  ...steps.flatMap((step) => [`before ${step}`, `after ${step}`]),
  // While the telephone rings.
  "within dialer.dial",
];

/** Every so many deaths one comes at random. */
const randomEvery = 4;
const randomWithinMs = 4_000;
const mostOccurrences = 3;
/** Steps that a call comes to once, and not every call. */
const rare = /release|withdrawAgent|freeLine|removeRoom|settle/;

/** So many deaths: each point in turn, at one call or another of those in flight, and at random between them. */
export function deaths(count: number, random: () => number = Math.random): Death[] {
  let turn = Math.floor(random() * points.length);
  return Array.from({ length: count }, (_, index): Death => {
    if (index % randomEvery === randomEvery - 1) return { afterMs: Math.floor(random() * randomWithinMs) };
    const point = points[turn++ % points.length] ?? "";
    return { point, occurrence: rare.test(point) ? 1 : 1 + Math.floor(random() * mostOccurrences) };
  });
}
