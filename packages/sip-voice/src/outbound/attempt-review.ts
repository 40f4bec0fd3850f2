import type { AttemptId } from "../call/identifiers.ts";
import type { Clock } from "../clock.ts";
import { SipVoiceError } from "../errors.ts";
import { type DialFailure, dialFailure } from "../sip/dial-outcome.ts";
import { type Attempt, type AttemptOutcome, telephoneIdentity } from "./attempt.ts";
import type { Ledger } from "./ledger.ts";

/**
 * What a person found out about an attempt that was `unknown`, in the carrier's or LiveKit's list of calls. `trunk-refused`
 * and `trunk-capacity` say that nobody was rung: the attempt's caps are given back.
 */
export type ReviewedOutcome = "answered" | Exclude<DialFailure["outcome"], "unknown" | "cancelled">;

/** What came of {@link settleReviewed}. */
export type Review =
  /** It is settled. */
  | { readonly settled: true; readonly attempt: Attempt }
  /** It was not waiting for a review: there is no such attempt, or it is known by now what became of it. */
  | { readonly settled: false; readonly attempt: Attempt | undefined };

/**
 * Settles an attempt that is `unknown` with what a person found out. `ledger.awaitingReview` lists those attempts. Nothing is
 * dialled; whether the number may be called again is for the policy's caps to say, as with every attempt.
 *
 * @throws SipVoiceError `store-unavailable`
 * @example
 * ```ts
 * import { settleReviewed, systemClock } from "@clinic/sip-voice";
 * import { openClinicDatabase } from "@clinic/sip-voice/sqlite";
 *
 * const { ledger, close } = openClinicDatabase("clinic.db");
 * for (const { attemptId, dialingAt } of await ledger.awaitingReview(100)) console.log(attemptId, new Date(dialingAt ?? 0));
 * const review = await settleReviewed(ledger, systemClock, "autumn:patient-7:1", "no-answer");
 * console.log(review.settled);
 * close();
 * ```
 */
export async function settleReviewed(
  ledger: Ledger,
  clock: Clock,
  attemptId: AttemptId,
  found: ReviewedOutcome,
): Promise<Review> {
  const attempt = await ledger.get(attemptId);
  if (attempt?.state !== "unknown") return { settled: false, attempt };
  const outcome: AttemptOutcome =
    found === "answered"
      ? { outcome: "answered", participantIdentity: telephoneIdentity(attemptId), sipCallId: "" }
      : dialFailure(found);
  try {
    const settled = await ledger.settle(attemptId, outcome, clock.now());
    // Whatever call there was is long over.
    await ledger.freeLine(attemptId);
    return { settled: true, attempt: { ...settled, lineUntil: undefined } };
  } catch (error) {
    if (!SipVoiceError.is(error) || error.code !== "ledger-misuse") throw error;
    return { settled: false, attempt: await ledger.get(attemptId) };
  }
}
