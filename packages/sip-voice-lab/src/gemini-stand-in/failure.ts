/** Something that the Gemini stand-in is told to do wrong, once. */
export type GeminiFailure =
  /** The next connection is refused over HTTP with this status. */
  | { at: "connect"; status: number }
  /** The next session is closed instead of set up; 1005 is a close without a code, 1006 a cut connection. */
  | { at: "setup"; close: number; reason?: string }
  /** The next session's setup gets no answer. */
  | { at: "setup"; silent: true }
  /** The next reply is an empty turn, or never comes. */
  | { at: "reply"; kind: "empty" | "silent" }
  /** The next reply stops after so many milliseconds of its sound, and its turn never completes. */
  | { at: "reply"; kind: "stall"; afterMs: number }
  /**
   * The next reply is a tool call that is never answered: it has no name, so that LiveKit's plugin leaves it out, as it does
   * with a call whose speech was interrupted (agents-js#2249). Until it is answered the session hears nothing.
   */
  | { at: "reply"; kind: "unanswered-call" }
  /** The session is closed instead of the next reply. */
  | { at: "reply"; kind: "close"; code: number; reason?: string }
  /** The next request for speech is refused; `retryDelay` as in `"7s"`, `quotaId` as in `"GenerateRequestsPerDay..."`. */
  | { at: "speech"; status: number; retryDelay?: string; quotaId?: string; kind?: never }
  /** The next request for speech is answered without sound, or never. */
  | { at: "speech"; kind: "empty" | "silent"; status?: never };

/** The failures that are still to happen. */
export class PlannedFailures {
  readonly #planned: GeminiFailure[] = [];

  /** Plans a failure, some times in a row. */
  add(failure: GeminiFailure, times: number): void {
    for (let count = 0; count < times; count += 1) this.#planned.push(failure);
  }

  /** Forgets them: what is planned no longer happens. */
  clear(): void {
    this.#planned.length = 0;
  }

  /** Takes the next failure planned for this moment that fits, if there is one. */
  take<At extends GeminiFailure["at"]>(
    at: At,
    fits: (failure: Extract<GeminiFailure, { at: At }>) => boolean = () => true,
  ): Extract<GeminiFailure, { at: At }> | undefined {
    type Fitting = Extract<GeminiFailure, { at: At }>;
    const index = this.#planned.findIndex((failure) => failure.at === at && fits(failure as Fitting));
    return index < 0 ? undefined : (this.#planned.splice(index, 1)[0] as Fitting);
  }
}
