import type { NewAttempt } from "../outbound/attempt.ts";
import { parsePhoneNumber } from "../phone/phone-number.ts";

/**
 * Makes an attempt for tests: reserved on Monday 23 November 2026, 10:00 in California, for 30 seconds.
 *
 * @param overrides - what is different
 * @example
 * ```ts
 * import { memoryLedger } from "@clinic/sip-voice";
 * import { sampleAttempt } from "@clinic/sip-voice/testing";
 *
 * const reservation = await memoryLedger().reserve(sampleAttempt({ attemptId: "attempt-2" }), []);
 * console.log(reservation.kind); // "reserved"
 * ```
 */
export function sampleAttempt(overrides: Partial<NewAttempt> = {}): NewAttempt {
  const reservedAt = overrides.reservedAt ?? Date.parse("2026-11-23T10:00:00-08:00");
  return {
    attemptId: "attempt-1",
    callId: "call-1",
    clinicId: "main",
    phoneNumber: parsePhoneNumber("+15105550111"),
    roomName: "call-call-1",
    reservedAt,
    leaseUntil: reservedAt + 30_000,
    ...overrides,
  };
}
