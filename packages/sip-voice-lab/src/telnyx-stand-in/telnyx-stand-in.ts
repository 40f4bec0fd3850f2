import { generateKeyPairSync, type KeyObject, randomUUID, sign } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { isLabNumber } from "../telephone/lab-number.ts";

/** A message that the stand-in took. */
export interface TakenMessage {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly text: string;
}

/** How the stand-in answers a message to a number. */
export type MessageAnswer =
  /** It takes it. */
  | "taken"
  /** It takes it, and the answer is lost. */
  | "lost"
  /** It refuses it with this HTTP status and Telnyx error code. */
  | { readonly status: number; readonly code: string };

/** A webhook as Telnyx sends it: what is posted, with its signature. */
export interface SignedWebhook {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Stands in for Telnyx's messaging API and for what signs its webhooks; on loopback only, for 555-01xx numbers only. */
export interface TelnyxStandIn {
  /** The API's address, for `telnyxMessenger({ baseUrl })`. */
  readonly url: string;
  /** The one key that it takes. */
  readonly apiKey: string;
  /** The account's public key, as Telnyx's portal shows it. */
  readonly publicKey: string;
  /** The messages that it took, in order. */
  readonly messages: readonly TakenMessage[];
  /** How often it was asked to send, whatever came of it. */
  readonly requests: number;
  /** Has messages to a number answered so from now on. */
  answer(to: string, answer: MessageAnswer): void;
  /** Signs an event as Telnyx does; `at` is when, the present unless given. */
  webhook(
    type: string,
    payload: object,
    options?: { readonly id?: string; readonly at?: number },
  ): SignedWebhook;
  /** Stops listening. */
  close(): Promise<void>;
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = "";
  for await (const chunk of request) text += chunk;
  return JSON.parse(text) as Record<string, unknown>;
}

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

const failure = (code: string, title: string): object => ({ errors: [{ code, title, detail: title }] });

/** The 32 bytes of the key itself, which stand at the end of its SPKI form (RFC 8410). */
const rawPublicKey = (key: KeyObject): string =>
  key.export({ format: "der", type: "spki" }).subarray(-32).toString("base64");

/** Starts a {@link TelnyxStandIn} on a free port. */
export async function startTelnyxStandIn(): Promise<TelnyxStandIn> {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const apiKey = `KEY-of-the-stand-in-${randomUUID()}`;
  const messages: TakenMessage[] = [];
  const answers = new Map<string, MessageAnswer>();
  let requests = 0;

  async function send(request: IncomingMessage, response: ServerResponse): Promise<void> {
    requests++;
    if (request.headers.authorization !== `Bearer ${apiKey}`) {
      return reply(response, 401, failure("10009", "Authentication failed"));
    }
    const { to, from, text } = await bodyOf(request);
    if (typeof to !== "string" || !isLabNumber(to)) {
      return reply(response, 422, failure("40310", "Invalid 'to' address"));
    }
    const answer = answers.get(to) ?? "taken";
    if (typeof answer === "object")
      return reply(response, answer.status, failure(answer.code, "As it was told"));
    const message = { id: randomUUID(), from: String(from), to, text: String(text) };
    messages.push(message);
    if (answer === "lost") return void response.destroy();
    const [parts, status] = [Math.ceil(message.text.length / 160), "queued"];
    reply(response, 200, {
      data: {
        record_type: "message",
        ...message,
        from: { phone_number: from },
        to: [{ phone_number: to, status }],
        parts,
      },
    });
  }

  const server = createServer((request, response) => {
    const isSend = request.method === "POST" && request.url === "/v2/messages";
    if (!isSend) return reply(response, 404, failure("10005", "Resource not found"));
    send(request, response).catch(() => reply(response, 400, failure("10023", "Invalid JSON")));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v2`,
    apiKey,
    publicKey: rawPublicKey(publicKey),
    messages,
    get requests() {
      return requests;
    },
    answer: (to, answer) => void answers.set(to, answer),
    webhook(type, payload, { id = randomUUID(), at = Date.now() } = {}) {
      const occurred_at = new Date(at).toISOString();
      const body = JSON.stringify({
        data: { record_type: "event", id, event_type: type, occurred_at, payload },
      });
      const timestamp = String(Math.floor(at / 1000));
      const signature = sign(null, Buffer.from(`${timestamp}|${body}`), privateKey).toString("base64");
      return {
        body,
        headers: {
          "content-type": "application/json",
          "telnyx-timestamp": timestamp,
          "telnyx-signature-ed25519": signature,
        },
      };
    },
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
