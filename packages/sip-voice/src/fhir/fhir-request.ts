import type { AccessTokens } from "./access-token.ts";
import { jsonOf } from "./fhir-answer.ts";
import { withAttempts } from "./request-attempts.ts";
import { lost, refused, tooSlow } from "./store-unavailable.ts";

/** What requests to a server go through. */
export interface RequestPath {
  readonly tokens: AccessTokens | undefined;
  readonly send: typeof fetch;
}

/** Requests within one deadline. */
export interface FhirRequests {
  /** Makes a request and gives its answer, whatever the status; a read (the request has no method) is made again where that may help. */
  ask(url: string, init?: RequestInit): Promise<Response>;
  /** The JSON of an answer; throws for a status that is not one of success. `undefined` when there is nothing in it. */
  json(answer: Response): Promise<unknown>;
}

/** Takes no more of an answer, so that its connection is free again. */
export async function discard(answer: Response): Promise<void> {
  await answer.body?.cancel();
}

/** The {@link FhirRequests} that end at an instant of `performance.now()`. */
export function fhirRequests(
  { tokens, send }: RequestPath,
  until: number,
  signal: AbortSignal,
): FhirRequests {
  async function once(url: string, init: RequestInit): Promise<Response> {
    const authorization = await tokens?.authorization(signal);
    const headers = {
      accept: "application/fhir+json",
      ...(authorization === undefined ? {} : { authorization }),
      ...(init.headers as Record<string, string> | undefined),
    };
    try {
      // Nobody is followed to where our token and a patient's data would be sent next.
      return await send(url, { ...init, headers, signal, redirect: "error" });
    } catch (cause) {
      throw signal.aborted ? tooSlow(cause) : lost(cause);
    }
  }

  return {
    async ask(url, init = {}) {
      const isRead = init.method === undefined;
      const attempt = () => once(url, init);
      const answer = await withAttempts(isRead, until, signal, attempt);
      if (answer.status !== 401 || !tokens) return answer;
      // The token may have been revoked; the server has not looked at the request.
      tokens.forget();
      await discard(answer);
      return await withAttempts(isRead, until, signal, attempt);
    },
    async json(answer) {
      if (!answer.ok) {
        await discard(answer);
        throw refused(answer.status);
      }
      if (answer.status === 204 || answer.headers.get("content-length") === "0") return undefined;
      try {
        return await jsonOf(answer);
      } catch (cause) {
        throw signal.aborted ? tooSlow(cause) : cause;
      }
    },
  };
}
