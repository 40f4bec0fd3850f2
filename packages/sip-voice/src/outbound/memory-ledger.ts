import type { AttemptId } from "../call/identifiers.ts";
import { SipVoiceError } from "../errors.ts";
import {
  type Attempt,
  type AttemptOutcome,
  type AttemptState,
  type NewAttempt,
  nobodyWasRung,
} from "./attempt.ts";
import { lineUntilOfAnswer, lineUntilOfDial } from "./attempt-line.ts";
import type { AttemptCap, Ledger } from "./ledger.ts";

/** The error for a step that an attempt's state does not allow. */
export function ledgerMisuse(step: string, state: AttemptState | "missing"): SipVoiceError {
  return new SipVoiceError("ledger-misuse", `An attempt that is ${state} can't ${step}.`, {
    field: "attemptId",
  });
}

/** A ledger in memory, for tests only: it forgets, so it can't keep a patient from being rung twice after a crash. */
export function memoryLedger(): Ledger {
  const attempts = new Map<AttemptId, Attempt>();
  const isUnderWay = ({ lineUntil }: Attempt): boolean => lineUntil !== undefined;
  const key = { number: "phoneNumber", clinic: "clinicId", trunk: "trunkId" } as const;

  function isFull(cap: AttemptCap, wanted: NewAttempt): boolean {
    const counted = [...attempts.values()].filter(
      (one) =>
        one[key[cap.scope]] === wanted[key[cap.scope]] &&
        (cap.since === "under-way" ? isUnderWay(one) : one.reservedAt >= cap.since) &&
        one.state !== "released" &&
        !(one.outcome && nobodyWasRung(one.outcome)),
    );
    return counted.length + 1 > cap.atMost;
  }

  function finish(attemptId: AttemptId, state: AttemptState, outcome: AttemptOutcome, at: number): Attempt {
    const attempt = attempts.get(attemptId) as Attempt;
    const lineUntil = outcome.outcome === "answered" ? lineUntilOfAnswer(attempt, at) : undefined;
    const finished: Attempt = { ...attempt, state, outcome, finishedAt: at, lineUntil };
    attempts.set(attemptId, finished);
    return finished;
  }

  return {
    async reserve(wanted, caps) {
      const known = attempts.get(wanted.attemptId);
      if (known && !(known.state === "reserved" && known.leaseUntil <= wanted.reservedAt))
        return { kind: "known", attempt: known };
      if (known) attempts.delete(known.attemptId);
      const full = caps.filter((cap) => isFull(cap, wanted));
      if (full.length > 0) {
        if (known) attempts.set(known.attemptId, known);
        return { kind: "capped", caps: full };
      }
      const attempt: Attempt = {
        ...wanted,
        state: "reserved",
        lease: (known?.lease ?? 0) + 1,
        dialingAt: undefined,
        finishedAt: undefined,
        outcome: undefined,
        lineUntil: wanted.leaseUntil,
      };
      attempts.set(attempt.attemptId, attempt);
      return { kind: "reserved", attempt };
    },
    async startDialing(attemptId, lease, at) {
      const attempt = attempts.get(attemptId);
      if (!attempt) throw ledgerMisuse("be dialled", "missing");
      if (attempt.state !== "reserved" || attempt.lease !== lease) return { kind: "lost", attempt };
      const dialing: Attempt = {
        ...attempt,
        state: "dialing",
        dialingAt: at,
        lineUntil: lineUntilOfDial(attempt, at),
      };
      attempts.set(attemptId, dialing);
      return { kind: "dialing", attempt: dialing };
    },
    async settle(attemptId, outcome, at) {
      const attempt = attempts.get(attemptId);
      if (attempt?.state !== "dialing" && attempt?.state !== "unknown")
        throw ledgerMisuse("be settled", attempt?.state ?? "missing");
      return finish(attemptId, outcome.outcome === "unknown" ? "unknown" : "settled", outcome, at);
    },
    async release(attemptId, lease, outcome, at) {
      const attempt = attempts.get(attemptId);
      if (attempt?.state !== "reserved" || attempt.lease !== lease)
        throw ledgerMisuse("be released", attempt?.state ?? "missing");
      return finish(attemptId, "released", outcome, at);
    },
    async freeLine(attemptId) {
      const attempt = attempts.get(attemptId);
      if (attempt?.state === "settled") attempts.set(attemptId, { ...attempt, lineUntil: undefined });
    },
    get: async (attemptId) => attempts.get(attemptId),
    underWay: async () =>
      [...attempts.values()].filter(isUnderWay).sort((a, b) => a.reservedAt - b.reservedAt),
    awaitingReview: async (limit) =>
      [...attempts.values()]
        .filter(({ state }) => state === "unknown")
        .sort((a, b) => (a.finishedAt ?? 0) - (b.finishedAt ?? 0))
        .slice(0, limit),
    lastAttempt: async (phoneNumber, clinicId) =>
      [...attempts.values()]
        .filter((one) => one.phoneNumber === phoneNumber && one.clinicId === clinicId)
        .filter((one) => one.dialingAt !== undefined && !(one.outcome && nobodyWasRung(one.outcome)))
        .sort((a, b) => (a.dialingAt ?? 0) - (b.dialingAt ?? 0))
        .at(-1),
  };
}
