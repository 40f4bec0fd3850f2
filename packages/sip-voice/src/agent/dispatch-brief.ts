import { type CallBrief, isBriefExpired, parseCallBrief } from "../call/brief.ts";
import { SipVoiceError } from "../errors.ts";

/** What a dispatch's metadata tells the agent. */
export type DispatchBrief =
  /** Nothing: a call that came in, through a dispatch rule or a token. */
  | { readonly kind: "none" }
  /** An outbound call to be made ready for. */
  | { readonly kind: "brief"; readonly brief: CallBrief }
  /** A brief whose time is over: the call was given up, and its room may be gone. */
  | { readonly kind: "expired" }
  /** Something else. Nobody's telephone rings for it; somebody who is on the line hears an apology. */
  | { readonly kind: "malformed"; readonly error: SipVoiceError };

/**
 * How long before its expiry a brief is given up: connecting takes a moment, and an agent that connects to a room which
 * has just been removed would bring it back.
 */
const connectMarginMs = 1_000;

/** Reads a dispatch's metadata. */
export function readDispatchBrief(metadata: string, now: number): DispatchBrief {
  if (metadata.trim() === "") return { kind: "none" };
  try {
    const brief = parseCallBrief(metadata);
    return isBriefExpired(brief, now + connectMarginMs) ? { kind: "expired" } : { kind: "brief", brief };
  } catch (error) {
    if (SipVoiceError.is(error)) return { kind: "malformed", error };
    throw error;
  }
}
