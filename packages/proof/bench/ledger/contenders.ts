import { attemptCaps, decide, defaultCallingPolicy, type Ledger } from "@clinic/sip-voice";
import type { PgBoss } from "pg-boss";
import type { PlannedAttempt } from "./planned-attempts.ts";

const preference = { consent: undefined, optedOutAt: undefined };
const consent = { basis: "given-at-booking", recordedAt: "2026-01-02T03:04:05Z" } as const;

/** One attempt as `makeCall` takes it, without rooms and telephones: the policy, both phases of the ledger, the outcome. */
export async function throughLedger(ledger: Ledger, planned: PlannedAttempt): Promise<void> {
  const { attemptId, clinicId, phoneNumber, at } = planned;
  const facts = { phoneNumber, now: at, timeZone: undefined, consent, preference };
  const decision = decide(defaultCallingPolicy, facts);
  if (!decision.allowed)
    throw new Error(`The policy refused: ${decision.reasons.map(({ rule }) => rule).join(", ")}`);
  const reservation = await ledger.reserve(
    {
      attemptId,
      callId: `call-of-${attemptId}`,
      clinicId,
      phoneNumber,
      roomName: `room-of-${attemptId}`,
      reservedAt: at,
      leaseUntil: at + 30_000,
    },
    attemptCaps(defaultCallingPolicy, decision.zones, at),
  );
  if (reservation.kind !== "reserved") throw new Error(`The attempt was not reserved: ${reservation.kind}`);
  if (!decide(defaultCallingPolicy, facts).allowed) throw new Error("The policy changed its mind.");
  const start = await ledger.startDialing(attemptId, reservation.attempt.lease, at + 5_000);
  if (start.kind !== "dialing") throw new Error(`The attempt can't be dialled: ${start.kind}`);
  const answered = {
    outcome: "answered",
    participantIdentity: `phone-${attemptId}`,
    sipCallId: "SCL_1",
  } as const;
  await ledger.settle(attemptId, answered, at + 20_000);
}

/** The same attempt as a job of pg-boss alone. */
export async function throughPgBoss(
  boss: PgBoss,
  queue: string,
  { attemptId }: PlannedAttempt,
): Promise<void> {
  await boss.send(queue, { attemptId });
  const [job] = await boss.fetch(queue);
  if (!job) throw new Error("pg-boss has lost the job.");
  await boss.complete(queue, job.id);
}

/** Milliseconds that each attempt of a round took, one after the other. */
export async function msPerAttempt(
  attempts: readonly PlannedAttempt[],
  signal: AbortSignal,
  one: (attempt: PlannedAttempt) => Promise<void>,
): Promise<number> {
  const start = performance.now();
  for (const attempt of attempts) {
    signal.throwIfAborted();
    await one(attempt);
  }
  return (performance.now() - start) / attempts.length;
}
