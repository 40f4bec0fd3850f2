import type { Attempt } from "../outbound/attempt.ts";
import type { AttemptHint } from "../outbound/attempt-hint.ts";
import { dialFailureOfSipStatus } from "../sip/dial-outcome.ts";
import type { TelnyxEvent } from "./telnyx-event.ts";

/** How far Telnyx's clock and ours may be apart. */
const clockSkewMs = 60_000;

/**
 * What a call's event says of an attempt under way. Telnyx does not know our attempts: the call belongs to one if it is the only
 * one that is dialling that number, and began to before the event. Two of one number, and it says nothing.
 */
export function attemptHintOf(event: TelnyxEvent, underWay: readonly Attempt[]): AttemptHint | undefined {
  if (event.type !== "call-answered" && event.type !== "call-ended") return undefined;
  const at = Date.parse(event.at);
  const [attempt, ...others] = underWay.filter(
    ({ phoneNumber, dialingAt }) =>
      phoneNumber === event.to && dialingAt !== undefined && dialingAt <= at + clockSkewMs,
  );
  if (!attempt || others.length > 0) return undefined;
  const { attemptId } = attempt;
  if (event.type === "call-answered") return { attemptId, saw: "answered" };
  const refused = event.sipStatus !== undefined && event.sipStatus >= 400;
  return {
    attemptId,
    saw: "left",
    ...(refused ? { outcome: dialFailureOfSipStatus(event.sipStatus ?? 0) } : {}),
  };
}
