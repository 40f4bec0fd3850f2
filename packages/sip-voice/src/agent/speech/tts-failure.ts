/** Longer than this nobody waits for a service that has had enough of us: a quota of a day names an hour or none at all. */
const longestNamedDelayMs = 120_000;
const firstDelayMs = 1_000;

/** Why a text-to-speech service did not speak. */
export interface TtsFailure {
  /** The HTTP status that it answered with; `undefined` when it did not answer. */
  readonly status: number | undefined;
  /** Whether a quota is used up that waiting a little does not bring back. */
  readonly isQuota: boolean;
  /** How long to wait after the given number of tries; `undefined` when another try is of no use. */
  readonly retryAfterMs: ((tries: number) => number) | undefined;
  /** The failure itself. */
  readonly error: unknown;
}

/**
 * Reads a failure of an agents-js TTS. Google's plugin (1.9.0) looks for the status under a name that its client does not use,
 * and calls every failure a lost connection; Google's own answer, with the status and the delay to keep
 * (`google.rpc.RetryInfo`), is in the message.
 */
export function ttsFailureOf(error: unknown): TtsFailure {
  const { statusCode, message = "" } = error as { statusCode?: unknown; message?: string };
  const written = /"code"\s*:\s*(\d{3})\b/.exec(message)?.[1];
  const known = typeof statusCode === "number" && statusCode >= 100 ? statusCode : undefined;
  const status = known ?? (written === undefined ? undefined : Number(written));
  const seconds = /"retryDelay"\s*:\s*"(\d+(?:\.\d+)?)s"/.exec(message)?.[1];
  const namedMs = seconds === undefined ? undefined : Math.ceil(Number(seconds) * 1000);
  const isQuota =
    status === 429 && (/PerDay/.test(message) || (namedMs !== undefined && namedMs > longestNamedDelayMs));
  const passes = status === undefined || status === 408 || status === 429 || status >= 500;
  return {
    status,
    isQuota,
    error,
    retryAfterMs: passes && !isQuota ? (tries) => namedMs ?? firstDelayMs * 2 ** (tries - 1) : undefined,
  };
}
