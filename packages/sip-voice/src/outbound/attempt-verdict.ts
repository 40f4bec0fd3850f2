import type { CallRecord } from "../call/call-log.ts";
import { type DialFailure, dialFailure } from "../sip/dial-outcome.ts";
import { type Attempt, type AttemptOutcome, telephoneIdentity } from "./attempt.ts";
import type { AttemptHint } from "./attempt-hint.ts";
import { longestRingingSeconds } from "./attempt-line.ts";

/** What the room says about an attempt's telephone; `not-asked` also when LiveKit did not answer. */
export type TelephoneSight =
  | { readonly seen: "answered"; readonly sipCallId: string }
  | { readonly seen: "present" | "absent" | "not-asked" };

/** Everything that is known of an attempt whose process may be gone. */
export interface AttemptEvidence {
  /** Its telephone in the room. */
  readonly telephone: TelephoneSight;
  /** What the agent wrote; `undefined` when nothing is there, or it could not be read. */
  readonly record: CallRecord | undefined;
  /** What was heard about it. */
  readonly hints: readonly AttemptHint[];
}

/** What is to be done with an attempt. */
export type AttemptVerdict =
  /** Nobody was rung, and whoever reserved it may no longer dial. */
  | { readonly verdict: "release" }
  /** It is known what became of it; `isOver` when its telephone has left. */
  | { readonly verdict: "settle"; readonly outcome: AttemptOutcome; readonly isOver: boolean }
  /** It was answered, and its telephone has left. */
  | { readonly verdict: "free-line" }
  /** Nothing definite was learned in the time that a call can take: a person has to look. */
  | { readonly verdict: "give-up" }
  /** Not yet: look again then. */
  | { readonly verdict: "wait"; readonly until: number };

/**
 * How long after the ringing whoever dialled may still be at it: LiveKit's answer comes up to 10 s late, the ledger may need
 * 5 s, and both may be tried on a machine that is busy. What they learn is more exact than what can be seen from outside.
 */
const ownProcessGraceMs = 30_000;

/** From when on an attempt that is being dialled may be judged from outside. */
export function judgedFrom({ dialingAt = 0, ringingTimeoutSeconds }: Attempt): number {
  return dialingAt + (ringingTimeoutSeconds ?? longestRingingSeconds) * 1000 + ownProcessGraceMs;
}

/** Whether the clock was moved back so far that an instant and a length of time say nothing any more. */
function clockWentBack(now: number, from: number, until: number): boolean {
  return now < from - (until - from);
}

function answer(
  { attemptId }: Attempt,
  { telephone, hints }: AttemptEvidence,
): AttemptOutcome & { outcome: "answered" } {
  const hinted = hints.find((hint) => hint.saw === "answered" && hint.sipCallId);
  const sipCallId =
    telephone.seen === "answered"
      ? telephone.sipCallId
      : ((hinted?.saw === "answered" ? hinted.sipCallId : undefined) ?? "");
  return { outcome: "answered", participantIdentity: telephoneIdentity(attemptId), sipCallId };
}

/** Whether somebody saw the telephone answered: the room, the agent that talked on it, or a hint. */
function wasAnswered({ telephone, record, hints }: AttemptEvidence): boolean {
  return (
    telephone.seen === "answered" ||
    hints.some(({ saw }) => saw === "answered") ||
    (record?.entries.some(({ event }) => event.type === "transition" && event.event === "connected") ?? false)
  );
}

/** Why nobody answered, where that is definite: absence alone never is. */
function whyUnanswered({ telephone, record, hints }: AttemptEvidence): DialFailure | undefined {
  for (const hint of hints) if (hint.saw === "left" && hint.outcome) return hint.outcome;
  // The agent was in the room from before the dial: it saw the telephone ring, and leave by itself.
  const rang = record?.entries.some(({ event }) => event.type === "transition" && event.event === "rang");
  const leftByItself = record?.finalState?.endedBy === "patient";
  return rang && leftByItself && telephone.seen === "absent" ? dialFailure("no-answer") : undefined;
}

function judgeDialed(attempt: Attempt, evidence: AttemptEvidence, now: number): AttemptVerdict | undefined {
  const hasLeft = evidence.telephone.seen === "absent" || evidence.hints.some(({ saw }) => saw === "left");
  if (wasAnswered(evidence)) {
    const isOver = evidence.telephone.seen !== "answered" && hasLeft;
    return { verdict: "settle", outcome: answer(attempt, evidence), isOver };
  }
  const outcome = whyUnanswered(evidence);
  if (outcome) return { verdict: "settle", outcome, isOver: true };
  const { dialingAt = now, lineUntil = now } = attempt;
  const isHopeless = now >= lineUntil || clockWentBack(now, dialingAt, lineUntil);
  // A telephone that is there may still be answered, whatever the clock says; LiveKit ends it at the call's limit.
  if (
    attempt.state === "dialing" &&
    isHopeless &&
    !(now < dialingAt && evidence.telephone.seen === "present")
  ) {
    return { verdict: "give-up" };
  }
  return undefined;
}

/**
 * What is to be done with an attempt, from what is known of it. Pure. Only what somebody saw settles it; that a telephone is
 * not there says nothing, and nothing of all this ever leads to a second dial.
 */
export function judgeAttempt(attempt: Attempt, evidence: AttemptEvidence, now: number): AttemptVerdict {
  const { state, reservedAt, leaseUntil, dialingAt = 0, lineUntil = now } = attempt;
  switch (state) {
    case "reserved":
      // Whoever holds it finds out before it dials: to release it too early costs an attempt, never a ring.
      return now >= leaseUntil || clockWentBack(now, reservedAt, leaseUntil)
        ? { verdict: "release" }
        : { verdict: "wait", until: leaseUntil };
    case "dialing": {
      const from = judgedFrom(attempt);
      if (now < from && !clockWentBack(now, dialingAt, lineUntil)) return { verdict: "wait", until: from };
      return judgeDialed(attempt, evidence, now) ?? { verdict: "wait", until: lineUntil };
    }
    case "unknown":
      return judgeDialed(attempt, evidence, now) ?? { verdict: "wait", until: Number.POSITIVE_INFINITY };
    case "settled": {
      const { telephone, hints, record } = evidence;
      const hasLeft = telephone.seen === "absent" || hints.some(({ saw }) => saw === "left");
      const isOver = hasLeft || (telephone.seen === "not-asked" && record?.finalState !== undefined);
      const lapsed = now >= lineUntil || clockWentBack(now, attempt.finishedAt ?? now, lineUntil);
      return isOver || lapsed ? { verdict: "free-line" } : { verdict: "wait", until: lineUntil };
    }
    case "released":
      return { verdict: "wait", until: Number.POSITIVE_INFINITY };
  }
}
