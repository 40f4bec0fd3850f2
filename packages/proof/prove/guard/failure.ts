import type { GeminiSession, GeminiStandIn, GeminiStandInEvent } from "@clinic/sip-voice-lab";
import type { FailureMode } from "./plan.ts";

/** How long a model may take before its answer is late, as `docs/guides/watchdog.md` has it. */
const lateMs = 3_000;
/** How much sound the model says before it stalls, and how long a pause in it may be. */
const stallAfterMs = 600;
const pauseMs = 1_000;

/** Failures that need something to answer; the others happen by themselves. */
export const needsAnswer: ReadonlySet<FailureMode> = new Set(["silent", "empty", "stall", "unanswered-call"]);

/** What the record may call a failure. */
export const causesOf: Readonly<Record<FailureMode, readonly string[]>> = {
  "closed-1000": ["closed-normally"],
  "closed-1005": ["closed-with-error"],
  "closed-1006": ["closed-with-error"],
  "closed-1011": ["closed-with-error"],
  refused: ["closed-with-error"],
  "going-away": ["going-away"],
  // The reply that fails may be the one to whether it heard: then it shows no sign of having done so.
  silent: ["no-reply", "deaf"],
  empty: ["empty-reply", "deaf"],
  stall: ["stalled"],
  "unanswered-call": ["unanswered-tool-call"],
  // Deaf to the caller, or to what it was asked.
  deaf: ["deaf", "no-reply"],
};

/** Makes a session fail, now or with its next reply. */
export function makeFail(gemini: GeminiStandIn, session: GeminiSession, mode: FailureMode): void {
  switch (mode) {
    case "refused":
      gemini.failNext({ at: "connect", status: 503 });
      session.close(1011);
      break;
    case "going-away":
      session.goAway(5_000);
      break;
    case "deaf":
      session.deaf = true;
      break;
    case "stall":
      session.failNext({ at: "reply", kind: "stall", afterMs: stallAfterMs });
      break;
    case "silent":
    case "empty":
    case "unanswered-call":
      session.failNext({ at: "reply", kind: mode });
      break;
    default:
      session.close(Number(mode.slice("closed-".length)));
  }
}

/** When a planned failure happened, in milliseconds since 1970; `undefined` while it has not. */
export function failedAt(
  events: readonly GeminiStandInEvent[],
  sessionId: string,
  mode: FailureMode,
): number | undefined {
  const event = events.find((one) => one.type === "failed" && one.sessionId === sessionId);
  if (!event) return undefined;
  // Silence fails at the moment at which something should have been heard.
  if (mode === "silent") return event.at + lateMs;
  return mode === "stall" ? event.at + stallAfterMs + pauseMs : event.at;
}

/** When a deaf session has failed, by the end of what the caller said. */
export function deafAt(saidAt: number): number {
  return saidAt + lateMs;
}
