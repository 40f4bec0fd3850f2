/** What became of a dial attempt: a closed set, so that a `switch` over it can be exhaustive. */
export type DialOutcomeName =
  | "answered"
  | "busy"
  | "no-answer"
  | "declined"
  | "invalid-number"
  | "trunk-capacity"
  | "trunk-refused"
  | "unreachable"
  | "agent-unavailable"
  | "refused-by-policy"
  | "cancelled"
  | "unknown";

/** Whether calling the same number again may make sense: by a program later, or only after a person looked at it. */
export type Retry = "never" | "later" | "after-review";

/** A dial attempt in which nobody was reached, or of which that is not known (`unknown`). */
export interface DialFailure {
  /** What became of the attempt. */
  readonly outcome: Exclude<DialOutcomeName, "answered" | "refused-by-policy">;
  /** Whether to try again. */
  readonly retry: Retry;
  /** The SIP response code (RFC 3261, section 21), when the far end gave one. */
  readonly sipStatus?: number;
}

const retryOf: Record<DialFailure["outcome"], Retry> = {
  busy: "later",
  "no-answer": "later",
  declined: "after-review",
  "invalid-number": "never",
  "trunk-capacity": "later",
  "trunk-refused": "after-review",
  unreachable: "later",
  "agent-unavailable": "later",
  cancelled: "later",
  unknown: "after-review",
};

/** Makes a failure with the `retry` that belongs to its outcome. */
export function dialFailure(outcome: DialFailure["outcome"], sipStatus?: number): DialFailure {
  return { outcome, retry: retryOf[outcome], ...(sipStatus === undefined ? {} : { sipStatus }) };
}

const byStatus: Readonly<Record<number, DialFailure["outcome"]>> = {
  401: "trunk-refused",
  404: "invalid-number",
  407: "trunk-refused",
  408: "no-answer",
  410: "invalid-number",
  480: "no-answer",
  484: "invalid-number",
  486: "busy",
  487: "no-answer",
  488: "trunk-refused",
  600: "busy",
  603: "declined",
  604: "invalid-number",
  607: "declined",
};
// Not every limit is one: "daily spent limit" and "rate exceeds the profile's maximum" (a price) are for a person to mend.
const aboutCapacity = /channel|concurren|capacity|(?:call|rate) limit|(?:call|request)s? rate|too many/i;

/**
 * The outcome of a call that the far end refused with a SIP status (RFC 3261, section 21; 607 is RFC 8197).
 * `reason` is the status line's text: carriers tell a full trunk (`User channel limit exceeded`) from a refused one only there.
 */
export function dialFailureOfSipStatus(status: number, reason = ""): DialFailure {
  if (status === 403)
    return dialFailure(aboutCapacity.test(reason) ? "trunk-capacity" : "trunk-refused", status);
  const listed = byStatus[status];
  if (listed) return dialFailure(listed, status);
  if (status >= 600) return dialFailure("declined", status);
  if (status >= 500 || status < 400) return dialFailure("unreachable", status);
  return dialFailure("trunk-refused", status);
}

interface ServerErrorLike {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly metadata?: { readonly sip_status?: string; readonly sip_status_code?: string } | null;
  readonly sipStatus?: string;
  readonly sipStatusCode?: number;
  readonly status?: number;
}

/** Twirp codes with which the server says that it did not even try: nobody was rung. */
const notTried = new Set([
  "bad_route",
  "failed_precondition",
  "invalid_argument",
  "malformed",
  "not_found",
  "permission_denied",
  "unauthenticated",
  "unimplemented",
]);

/**
 * The outcome behind an error of livekit-server-sdk's `createSipParticipant`.
 * Whatever leaves open whether a telephone rang is `unknown`: a lost answer is not a failed call.
 * Shapes recorded with livekit-server-sdk 2.19.2 and livekit-server 1.13.5.
 *
 * @example
 * ```ts
 * import { dialFailureOfError } from "@clinic/sip-voice";
 *
 * dialFailureOfError({ code: "resource_exhausted", sipStatusCode: 486 }); // { outcome: "busy", retry: "later", sipStatus: 486 }
 * ```
 */
export function dialFailureOfError(error: unknown): DialFailure {
  if (typeof error !== "object" || error === null) return dialFailure("unknown");
  const seen = error as ServerErrorLike;
  const status = seen.sipStatusCode ?? Number(seen.metadata?.sip_status_code ?? Number.NaN);
  // 0 and provisional statuses come of absent values; they say nothing of how the call ended.
  if (Number.isInteger(status) && status >= 300)
    return dialFailureOfSipStatus(status, seen.sipStatus ?? seen.metadata?.sip_status);
  if (typeof seen.message === "string" && seen.message.includes("cpu exhausted"))
    return dialFailure("trunk-capacity");
  if (seen.code === "canceled" && seen.status === 408) return dialFailure("no-answer");
  // A token that the server does not take is answered in plain text, without a code.
  const refused = seen.code === undefined && seen.status === 401;
  if (refused || (typeof seen.code === "string" && notTried.has(seen.code)))
    return dialFailure("trunk-refused");
  return dialFailure("unknown");
}
