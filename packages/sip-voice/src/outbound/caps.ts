import type { CallingPolicy } from "../policy/calling-policy.ts";
import { startOfDay } from "../policy/decision.ts";
import type { AttemptOutcome } from "./attempt.ts";
import type { AttemptCap } from "./ledger.ts";

const dayMs = 86_400_000;

/** The policy's caps as the ledger counts them at the instant `now`. */
export function attemptCaps(
  policy: CallingPolicy,
  zones: readonly string[],
  now: number,
): readonly AttemptCap[] {
  const { perNumberPerDay, perNumberPerWeek, perClinicPerDay, concurrency } = policy.caps;
  return [
    { name: "per number and day", scope: "number", since: startOfDay(zones, now), atMost: perNumberPerDay },
    {
      name: "per number and week",
      scope: "number",
      since: startOfDay(zones, now, 6),
      atMost: perNumberPerWeek,
    },
    { name: "per clinic and day", scope: "clinic", since: now - dayMs, atMost: perClinicPerDay },
    { name: "at one time", scope: "clinic", since: "under-way", atMost: concurrency },
  ];
}

/** The outcome of an attempt that the ledger did not reserve. */
export function refusedByCaps(
  caps: readonly AttemptCap[],
): AttemptOutcome & { outcome: "refused-by-policy" } {
  const reasons = caps.map(({ name, atMost }) => ({
    rule: "cap" as const,
    explanation: `No more than ${atMost} ${atMost === 1 ? "attempt" : "attempts"} ${name}.`,
  }));
  return { outcome: "refused-by-policy", retry: "later", reasons };
}
