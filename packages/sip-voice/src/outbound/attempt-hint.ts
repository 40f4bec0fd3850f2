import type { AttemptId } from "../call/identifiers.ts";
import type { DialFailure } from "../sip/dial-outcome.ts";

/**
 * What a webhook, or anybody else who heard of it, says about the telephone of an attempt. It may come late, twice, in any
 * order, or never: it makes reconciliation quicker, and nothing depends on it.
 *
 * - `answered`: it was seen as `active`, or left with attributes that it gets only when it is answered (`sip.callIDFull`)
 * - `left`: it is gone; `outcome` when the reason says why nobody answered
 */
export type AttemptHint =
  | { readonly attemptId: AttemptId; readonly saw: "answered"; readonly sipCallId?: string }
  | { readonly attemptId: AttemptId; readonly saw: "left"; readonly outcome?: DialFailure };
