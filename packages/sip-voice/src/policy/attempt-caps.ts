import type { CallingPolicy } from "./calling-policy.ts";
import { nextMidnight, startOfDay } from "./calling-times.ts";

/** A cap of the policy at one instant, as a ledger counts it. */
export interface PolicyCap {
  /** Its name. */
  readonly name: string;
  /** Whether the attempts on the number count, or those of the clinic. */
  readonly scope: "number" | "clinic";
  /** Count the attempts reserved at or after this instant (milliseconds since 1970), or only those under way. */
  readonly since: number | "under-way";
  /** The most that there may be, the new one included. */
  readonly atMost: number;
}

/** Earlier attempts that count against caps, where the one who asks knows them. */
export interface EarlierAttempts {
  /** When those on the number were reserved, of all clinics; milliseconds since 1970. */
  readonly onNumber: readonly number[];
  /** When those of the clinic were reserved. */
  readonly ofClinic: readonly number[];
  /** How many of the clinic's are under way. */
  readonly underWay: number;
}

const dayMs = 86_400_000;

/**
 * The policy's caps at the instant `now`, for a ledger to count in the transaction that reserves an attempt.
 *
 * @param zones - every zone of the callee, as a decision gives them; the day that began first counts
 * @example
 * ```ts
 * import { attemptCaps, defaultCallingPolicy } from "@clinic/sip-voice";
 *
 * const [perDay] = attemptCaps(defaultCallingPolicy, ["America/New_York"], Date.parse("2026-11-23T10:00:00-05:00"));
 * console.log(perDay?.atMost, perDay?.since === Date.parse("2026-11-23T00:00:00-05:00")); // 1 true
 * ```
 */
export function attemptCaps(
  { caps }: CallingPolicy,
  zones: readonly string[],
  now: number,
): readonly PolicyCap[] {
  const { perNumberPerDay, perNumberPerWeek, perClinicPerDay, concurrency } = caps;
  const sixDaysBack = startOfDay(zones, now, 6);
  return [
    { name: "per number and day", scope: "number", since: startOfDay(zones, now), atMost: perNumberPerDay },
    { name: "per number and week", scope: "number", since: sixDaysBack, atMost: perNumberPerWeek },
    { name: "per clinic in 24 hours", scope: "clinic", since: now - dayMs, atMost: perClinicPerDay },
    { name: "per clinic at one time", scope: "clinic", since: "under-way", atMost: concurrency },
  ];
}

/** A cap in words. */
export function capInWords({ name, atMost }: PolicyCap): string {
  return `No more than ${atMost} ${atMost === 1 ? "attempt" : "attempts"} ${name}.`;
}

function countedBy({ scope, since }: PolicyCap, attempts: EarlierAttempts): readonly number[] {
  const all = scope === "number" ? attempts.onNumber : attempts.ofClinic;
  return since === "under-way" ? [] : all.filter((at) => at >= since);
}

/** The caps that one more attempt would exceed. */
export function fullCaps(caps: readonly PolicyCap[], attempts: EarlierAttempts): readonly PolicyCap[] {
  return caps.filter((cap) => {
    const taken = cap.since === "under-way" ? attempts.underWay : countedBy(cap, attempts).length;
    return taken + 1 > cap.atMost;
  });
}

/** The first instant after `now` at which full caps may have room; `undefined` when time alone makes none. */
export function capsMayLift(
  full: readonly PolicyCap[],
  zones: readonly string[],
  now: number,
  attempts?: EarlierAttempts,
): number | undefined {
  let latest = now;
  for (const cap of full) {
    if (cap.since === "under-way" || cap.atMost < 1) return undefined;
    if (cap.scope === "number") latest = Math.max(latest, nextMidnight(zones, now));
    else {
      // The ledger tells that the cap is full, not since when.
      if (!attempts) return undefined;
      const counted = countedBy(cap, attempts).toSorted((a, b) => a - b);
      const leaves = counted[counted.length - Math.floor(cap.atMost)] ?? now;
      latest = Math.max(latest, leaves + dayMs + 1);
    }
  }
  return latest;
}
