import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** As in the server behind it. */
const keptAlive = { keepAliveTimeout: 600_000 };

/** An answer as it goes over the wire. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A request that passes. */
export interface WireRequest {
  readonly method: string;
  /** The path from the base address on, decoded: `Slot?status=free`. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/**
 * Stands between the store and a FHIR server, to do what other servers, and the networks before them, do. It gives an answer of its own,
 * or `undefined` to let the request pass; `pass` asks the server, so that its answer can be changed. `"cut"` cuts the connection.
 */
export type Meddling = (
  request: WireRequest,
  pass: () => Promise<WireAnswer>,
) => Promise<WireAnswer | "cut" | undefined> | WireAnswer | "cut" | undefined;

/** A proxy in front of a FHIR server. */
export interface FhirProxy {
  readonly baseUrl: string;
  /** What it does from now on. */
  meddle(how: Meddling): void;
  close(): Promise<void>;
}

/** Starts a proxy in front of the server at an address. */
export async function startFhirProxy(target: string): Promise<FhirProxy> {
  let meddling: Meddling = () => undefined;
  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const path = (request.url ?? "").replace(/^\/fhir\/r4\/?/, "");
    const method = request.method ?? "GET";
    const pass = async (): Promise<WireAnswer> => {
      const { host: _host, connection: _hop, "content-length": _length, ...kept } = request.headers;
      const headers = kept as Record<string, string>;
      // What is on this server is there under the server's own address.
      const known = body.replaceAll(`"${baseUrl}/`, '"');
      const answer = await fetch(`${target}/${path}`, {
        method,
        headers,
        ...(known === "" ? {} : { body: known }),
      });
      const text = (await answer.text()).replaceAll(target, baseUrl);
      const etag = answer.headers.get("etag");
      const type = { "content-type": answer.headers.get("content-type") ?? "" };
      return { status: answer.status, headers: { ...type, ...(etag ? { etag } : {}) }, body: text };
    };
    const passing = { method, path: decodeURIComponent(path), headers: request.headers, body };
    const answer = (await meddling(passing, pass)) ?? (await pass());
    if (answer === "cut") return void request.socket.destroy();
    response.writeHead(answer.status, answer.headers).end(answer.body);
  }

  const server = createServer(keptAlive, (request, response) => {
    // The server behind is gone: whoever asks sees that too.
    handle(request, response).catch(() => request.socket.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/fhir/r4`;
  return {
    baseUrl,
    meddle(how) {
      meddling = how;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** An answer with a resource, or with what is wrong. */
export function fhirAnswer(
  status: number,
  resource: object,
  headers: Record<string, string> = {},
): WireAnswer {
  return {
    status,
    headers: { "content-type": "application/fhir+json;charset=UTF-8", ...headers },
    body: JSON.stringify(resource),
  };
}

/** An OperationOutcome, as servers send with an error. */
export const outcome = (severity: string): object => ({
  resourceType: "OperationOutcome",
  issue: [{ severity, code: "processing", diagnostics: "something of the server's own" }],
});
