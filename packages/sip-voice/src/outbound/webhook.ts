import { SipVoiceError } from "../errors.ts";

/** A request as it came, its body unread: a `Request` of the web, as Hono has it, or an `IncomingMessage` of `node:http`. */
export type WebhookRequest = {
  /** The HTTP method. */
  readonly method?: string | undefined;
  /** The headers, in either way. */
  readonly headers:
    | {
        /** A header's value, by its name in any case. */
        get(name: string): string | null;
      }
    | Readonly<Record<string, string | readonly string[] | undefined>>;
} & ({ readonly body: AsyncIterable<Uint8Array> | null } | AsyncIterable<Uint8Array>);

/** What to answer; there is no body. */
export interface WebhookAnswer {
  /** The HTTP status: 204 when it was taken, also when it came before; another has the sender try again or give up. */
  readonly status: 204 | 401 | 405 | 413 | 500;
}

/**
 * Takes a webhook; never rejects. In Hono `async (context) => new Response(null, await webhook(context.req.raw))`, with `node:http`
 * `async (request, response) => response.writeHead((await webhook(request)).status).end()`. Nothing may read the body before.
 */
export type WebhookHandler = (request: WebhookRequest) => Promise<WebhookAnswer>;

/** A webhook whose sender was proven. */
export interface ProvenWebhook {
  /** Names the event: a sender that got no answer sends it again. */
  readonly eventId: string;
  /** Acts on it; what it throws has the sender try again. */
  act(): Promise<void>;
}

/** Proves who sent a body: `undefined` when it was not the one it should be, or too long ago. */
type Prove = (
  body: string,
  header: (name: string) => string | undefined,
) => Promise<ProvenWebhook | undefined>;

const longestBody = 1_000_000;
/** So many events are remembered: a sender gives up long before. */
const mostRemembered = 10_000;

/** The body as it was signed; `undefined` when it is longer than any webhook. */
async function rawBody(request: WebhookRequest): Promise<string | undefined> {
  const chunks = "body" in request && request.body !== undefined ? request.body : request;
  const decoder = new TextDecoder();
  let text = "";
  let length = 0;
  for await (const chunk of (chunks ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > longestBody) return undefined;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function headerOf({ headers }: WebhookRequest, name: string): string | undefined {
  if (typeof headers.get === "function") return headers.get(name) ?? undefined;
  const value = (headers as Readonly<Record<string, string | readonly string[] | undefined>>)[name];
  return typeof value === "string" ? value : value?.[0];
}

/** A handler that acts once on each proven event. An event on which it failed may come again. */
export function webhookHandler(prove: Prove): WebhookHandler {
  const seen = new Map<string, Promise<void>>();

  async function take(request: WebhookRequest): Promise<WebhookAnswer["status"]> {
    if (request.method !== "POST") return 405;
    const body = await rawBody(request);
    if (body === undefined) return 413;
    const proven = await prove(body, (name) => headerOf(request, name));
    if (!proven) return 401;
    const { eventId } = proven;
    const acted = seen.get(eventId) ?? proven.act();
    seen.set(eventId, acted);
    const [oldest] = seen.keys();
    if (seen.size > mostRemembered && oldest !== undefined) seen.delete(oldest);
    try {
      await acted;
      return 204;
    } catch {
      seen.delete(eventId);
      return 500;
    }
  }

  // A connection that breaks while the body is read has nobody to answer to.
  return async (request) => ({ status: await take(request).catch(() => 500 as const) });
}

/** The error for a webhook that is set up without what it proves its sender by. */
export function webhookMisuse(field: string, remedy: string): SipVoiceError {
  return new SipVoiceError("invalid-option", `The webhook has no usable ${field}.`, { field, remedy });
}
