/**
 * The port to the switch that stops all dialling at once: of every clinic, process and machine on the same database, from the
 * moment that it is written. It is looked at before an attempt is reserved and again right before the dial, and before a text
 * message. Calls that were answered go on. Its conformance suite is `testStopSwitch` in `@clinic/sip-voice/testing`.
 */
export interface StopSwitch {
  /** Since when (RFC 3339) all dialling is stopped; `undefined` when it is not. */
  stoppedAt(): Promise<string | undefined>;
  /** Stops all dialling; the first moment is kept when it is asked for again. */
  stop(at: string): Promise<void>;
  /** Lets calls go on. */
  resume(): Promise<void>;
}

/** A stop switch in memory, for tests. */
export function memoryStopSwitch(): StopSwitch {
  let stoppedAt: string | undefined;
  return {
    stoppedAt: async () => stoppedAt,
    async stop(at) {
      stoppedAt ??= at;
    },
    async resume() {
      stoppedAt = undefined;
    },
  };
}
