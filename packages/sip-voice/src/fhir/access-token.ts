import { type Clock, systemClock } from "../clock.ts";
import { SipVoiceError } from "../errors.ts";
import { tooSlow, unavailable } from "./store-unavailable.ts";

/** Where the requests to a FHIR server get their credentials. */
export interface AccessTokens {
  /** The `Authorization` header of a request, `Bearer ...`. Throws `store-unavailable` when there is none to be had. */
  authorization(signal: AbortSignal): Promise<string>;
  /** The server refused the last one: the next request needs another. */
  forget(): void;
}

/** A token as a token endpoint gives it. */
export interface GrantedToken {
  /** The token. */
  readonly token: string;
  /** How long it is good, in seconds, where the endpoint says so. */
  readonly expiresIn: number | undefined;
}

/** How long a token is used whose endpoint does not say how long it is good. */
const unknownLifeSeconds = 60;
/** How long before its end a token is renewed: a request that is under way must still find it good. */
const renewedBeforeMs = 30_000;
const grantDeadlineMs = 10_000;

/** Keeps a token until shortly before its end. All who ask while one is fetched get the same. */
export function cachedTokens(
  grant: (signal: AbortSignal) => Promise<GrantedToken>,
  clock: Clock = systemClock,
): AccessTokens {
  let current: { readonly header: string; readonly goodUntil: number } | undefined;
  let fetching: Promise<string> | undefined;

  async function fetchToken(): Promise<string> {
    const askedAt = clock.now();
    const { token, expiresIn = unknownLifeSeconds } = await grant(AbortSignal.timeout(grantDeadlineMs));
    const life = expiresIn * 1000;
    const header = `Bearer ${token}`;
    // A token of less than a minute is used for half of its life.
    current = { header, goodUntil: askedAt + Math.max(life - renewedBeforeMs, life / 2) };
    return header;
  }

  return {
    async authorization(signal) {
      if (current && clock.now() < current.goodUntil) return current.header;
      // Not bound to the deadline of the one who happens to be first: the others need it too.
      fetching ??= fetchToken().finally(() => {
        fetching = undefined;
      });
      return await orAborted(fetching, signal);
    },
    forget() {
      current = undefined;
    },
  };
}

async function orAborted<T>(step: Promise<T>, signal: AbortSignal): Promise<T> {
  step.catch(() => {});
  if (signal.aborted) throw tooSlow(signal.reason);
  let abort = () => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    abort = () => reject(tooSlow(signal.reason));
    signal.addEventListener("abort", abort, { once: true });
  });
  try {
    return await Promise.race([step, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/** The error for a token endpoint that gave no token. */
export function noToken(cause: unknown): SipVoiceError {
  if (SipVoiceError.is(cause)) return cause;
  return unavailable(
    "can't be asked: its token endpoint gave no access token",
    "Check the token address, the client's id, its secret or key, and its scopes.",
    cause,
  );
}
