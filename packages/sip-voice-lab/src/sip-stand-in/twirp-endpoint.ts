import type { IncomingMessage, ServerResponse } from "node:http";
import { grantsOf, InvalidToken } from "./authorization.ts";
import { ResponseLost } from "./outbound-call.ts";
import { type EncodedRequest, type ProtoJson, SIP_METHODS } from "./sip-methods.ts";
import type { Switchboard } from "./switchboard.ts";
import { TwirpError } from "./twirp-error.ts";

/** Path under which LiveKit serves its SIP API. */
export const SIP_API_PATH = "/twirp/livekit.SIP/";

/** Answers one request to the SIP API, in JSON or protobuf as the client asks, with LiveKit's errors. */
export async function answerSipApi(
  board: Switchboard,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const grants = await grantsOf(request, board.livekit);
    const { run, contentType } = route(request);
    const message = await run(board, grants, decode(await readBody(request), contentType));
    if (contentType === "application/protobuf") {
      send(response, 200, contentType, message?.toBinary() ?? new Uint8Array());
    } else {
      const json = message?.toJson({ emitDefaultValues: true, useProtoFieldName: true }) ?? {};
      send(response, 200, contentType, JSON.stringify(json));
    }
  } catch (error) {
    answerError(error, request, response);
  }
}

function route(request: IncomingMessage) {
  const path = (request.url ?? "").split("?")[0] ?? "";
  const contentType = (request.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  const run = SIP_METHODS.get(path.slice(SIP_API_PATH.length));
  const badRoute = (message: string): TwirpError =>
    new TwirpError("bad_route", message, { twirp_invalid_route: `${request.method} ${request.url}` });
  if (request.method !== "POST")
    throw badRoute(`unsupported method "${request.method}" (only POST is allowed)`);
  if (!run) throw badRoute(`no handler for path "${path}"`);
  if (contentType !== "application/json" && contentType !== "application/protobuf") {
    throw badRoute(`unexpected Content-Type: "${request.headers["content-type"] ?? ""}"`);
  }
  return { run, contentType } as const;
}

function decode(body: Buffer, contentType: string): EncodedRequest {
  if (contentType === "application/protobuf") return { binary: body };
  try {
    return { json: JSON.parse(body.toString("utf8")) as ProtoJson };
  } catch {
    throw new TwirpError("malformed", "the json request could not be decoded");
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function answerError(error: unknown, request: IncomingMessage, response: ServerResponse): void {
  if (error instanceof ResponseLost) {
    request.socket.destroy();
    return;
  }
  if (error instanceof InvalidToken) {
    send(response, 401, "text/plain; charset=utf-8", error.message);
    return;
  }
  const twirp = error instanceof TwirpError ? error : new TwirpError("internal", describe(error));
  // Exactly this content type: the SDK compares the whole header before it reads code and metadata.
  send(response, twirp.httpStatus, "application/json", JSON.stringify(twirp));
}

function describe(error: unknown): string {
  return `LiveKit SIP API stand-in: ${error instanceof Error ? error.message : String(error)}`;
}

function send(
  response: ServerResponse,
  status: number,
  contentType: string,
  body: string | Uint8Array,
): void {
  // The client may have given up on its request long ago.
  if (response.destroyed || response.headersSent) return;
  response.writeHead(status, { "content-type": contentType, "content-length": Buffer.byteLength(body) });
  response.end(body);
}
