import type { AttemptId } from "../call/identifiers.ts";
import type { DecisionRecord } from "./decision-record.ts";

/** A decision of the policy with the attempt that it was made for. */
export interface LoggedDecision {
  /** The attempt. */
  readonly attemptId: AttemptId;
  /** The clinic that wanted to call. */
  readonly clinicId: string;
  /**
   * What was decided on: whether the attempt may be reserved, whether the telephone may be dialled right now, or whether a
   * text message may be sent.
   */
  readonly about: "reserve" | "dial" | "message";
  /** The decision; it holds no telephone number. */
  readonly record: DecisionRecord;
}

/**
 * The port to what the policy decided, kept beside the ledger: it shows later why somebody was called, or was not. Nothing is
 * ever changed in it. Its conformance suite is `testDecisionLog` in `@clinic/sip-voice/testing`.
 */
export interface DecisionLog {
  /** Adds a decision; when this resolves it is durable. */
  append(decision: LoggedDecision): Promise<void>;
  /** The decisions on an attempt, in the order in which they were made. */
  ofAttempt(attemptId: AttemptId): Promise<readonly LoggedDecision[]>;
  /** The decisions of a clinic that were made last, the newest first. */
  recent(query: {
    readonly clinicId: string;
    /** Only those that allowed the attempt, or only those that refused it. */
    readonly allowed?: boolean;
    readonly limit: number;
  }): Promise<readonly LoggedDecision[]>;
}

/** A decision log in memory, for tests. */
export function memoryDecisionLog(): DecisionLog {
  const decisions: LoggedDecision[] = [];
  return {
    append: async (decision) => void decisions.push(structuredClone(decision)),
    ofAttempt: async (attemptId) => decisions.filter((one) => one.attemptId === attemptId),
    recent: async ({ clinicId, allowed, limit }) =>
      decisions
        .filter((one) => one.clinicId === clinicId && (allowed ?? one.record.allowed) === one.record.allowed)
        .reverse()
        .slice(0, limit),
  };
}
