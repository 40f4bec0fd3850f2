import { expect } from "vitest";
import { SipVoiceError } from "../errors.ts";
import type { Attempt, AttemptOutcome, NewAttempt } from "../outbound/attempt.ts";
import type { AttemptCap, Ledger } from "../outbound/ledger.ts";
import { parsePhoneNumber } from "../phone/phone-number.ts";
import { sampleAttempt } from "./sample-attempt.ts";

/** When the attempts of the cases are reserved, and until when. */
export const { reservedAt: now, leaseUntil } = sampleAttempt();
/** A number besides that of the attempts. */
export const otherNumber = parsePhoneNumber("+15105550112");

/** Somebody took the call. */
export const answered: AttemptOutcome = {
  outcome: "answered",
  participantIdentity: "phone-1",
  sipCallId: "SCL_1",
};
/** Nobody was rung. */
export const refused: AttemptOutcome = {
  outcome: "refused-by-policy",
  retry: "later",
  reasons: [{ rule: "window", explanation: "It is outside the calling hours." }],
  earliest: now + 60_000,
};

/** The second, third, ... attempt: ids of its own, the rest as it is given. */
export function attempt(ordinal: number, overrides: Partial<NewAttempt> = {}): NewAttempt {
  return sampleAttempt({ attemptId: `attempt-${ordinal}`, callId: `call-${ordinal}`, ...overrides });
}

/** A cap that is named after itself. */
export const cap = (scope: AttemptCap["scope"], since: AttemptCap["since"], atMost: number): AttemptCap => ({
  name: `${scope} ${since}`,
  scope,
  since,
  atMost,
});
/** One attempt on a number. */
export const oneOnNumber = cap("number", now, 1);
/** One attempt of a clinic at one time. */
export const oneUnderWay = cap("clinic", "under-way", 1);

/** Reserves an attempt. */
export async function reserved(ledger: Ledger, wanted: NewAttempt): Promise<Attempt> {
  const reservation = await ledger.reserve(wanted, []);
  expect(reservation.kind).toBe("reserved");
  return (reservation as { attempt: Attempt }).attempt;
}

/** Reserves an attempt and starts to dial it. */
export async function dialing(ledger: Ledger, wanted: NewAttempt): Promise<Attempt> {
  const { attemptId, lease } = await reserved(ledger, wanted);
  const start = await ledger.startDialing(attemptId, lease, now + 1_000);
  expect(start.kind).toBe("dialing");
  return start.attempt;
}

/** Whether another attempt is refused by the cap. */
export async function isFull(
  ledger: Ledger,
  ordinal: number,
  one: AttemptCap,
  overrides: Partial<NewAttempt> = {},
) {
  const reservation = await ledger.reserve(attempt(ordinal, overrides), [one]);
  if (reservation.kind === "capped") expect(reservation.caps).toEqual([one]);
  return reservation.kind === "capped";
}

/** Expects a step to be refused. */
export async function expectMisuse(step: Promise<unknown>): Promise<void> {
  const error = await step.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(SipVoiceError.is(error) && error.code).toBe("ledger-misuse");
}
