import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type RawData, WebSocket, WebSocketServer } from "ws";

/** Why the connection to the model is gone. */
export type ModelLoss = "closed-normally" | "closed-with-error" | "unreachable";

/** What is told of one connection, so that somebody can watch what passes on it. */
export interface ConnectionListener {
  /** A message passed on: from our client library or from the model. */
  onMessage(from: "client" | "model", text: string): void;
  /** The client library closed the connection. */
  onLeft(): void;
}

/** What a {@link ModelWire} tells. */
export interface ModelWireListener {
  /** The client library opens a connection. */
  onConnection?(): ConnectionListener;
  /** The model has taken the session's set-up: it can answer from now on. */
  onReady(): void;
  /** The far end closed the connection, or can't be reached. `code` is the WebSocket close code (RFC 6455, 7.4). */
  onLost(loss: ModelLoss, code: number): void;
}

/** The wire between a model's client library and the model. */
export interface ModelWire {
  /** The base URL to give the client library. */
  readonly baseUrl: string;
  /** Closes everything. */
  close(): Promise<void>;
}

const normal = 1000;
const abnormal = 1006;
/** Codes that must not be sent in a close frame (RFC 6455, 7.4.1). */
const unsendable = new Set([1004, 1005, 1006, 1015]);

/** A socket that answers a close frame without a code with 1000; ws itself would echo that there was none. */
class AnsweringSocket extends WebSocket {
  override close(code: number = normal, reason?: string | Buffer): void {
    super.close(code, reason);
  }
}

/**
 * Relays WebSocket connections from loopback to the model, in the call's own process, and watches them.
 *
 * The Gemini plugin says nothing when the far end closes with 1000 (its session then lives on as a zombie), and throws an
 * unhandled error when one of its own closes is answered with anything but 1000. Both are seen, and mended, here on the wire:
 * without reaching into the plugin.
 */
export async function openModelWire(
  upstreamBaseUrl: string,
  listener: ModelWireListener,
): Promise<ModelWire> {
  const upstreamUrl = upstreamBaseUrl.replace(/\/+$/, "").replace(/^http/, "ws");
  const server: Server = createServer((_request, response) => response.writeHead(426).end());
  const accept = new WebSocketServer({ server, perMessageDeflate: false, WebSocket: AnsweringSocket });
  const fars = new Set<WebSocket>();
  accept.on("connection", (near, request) => {
    near.on("error", () => near.terminate());
    const far = connect(`${upstreamUrl}${request.url ?? "/"}`, request.headers);
    if (far) {
      fars.add(far);
      far.on("close", () => fars.delete(far));
      relay(near, far, listener);
    } else {
      listener.onLost("unreachable", abnormal);
      near.close();
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  // A call's process must be able to end without closing the wire first.
  server.unref();
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    async close() {
      for (const client of accept.clients) client.terminate();
      // Said goodbye to, a far end that is stuck would be waited for, for half a minute.
      for (const far of fars) far.terminate();
      accept.close();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Headers that belong to one hop and are made anew for the next (RFC 9110, 7.6.1; RFC 6455, 4.1). */
const hopHeader = /^(host|connection|upgrade|sec-websocket-.*)$/;

/** Opens the far connection; `undefined` for what is no address, since ws throws for it, out of an event that nobody guards. */
function connect(
  url: string,
  headers: Readonly<Record<string, string | string[] | undefined>>,
): WebSocket | undefined {
  const passed = Object.fromEntries(Object.entries(headers).filter(([name]) => !hopHeader.test(name)));
  try {
    return new WebSocket(url, { headers: passed as Record<string, string>, perMessageDeflate: false });
  } catch {
    return undefined;
  }
}

function relay(near: WebSocket, far: WebSocket, listener: ModelWireListener): void {
  const { onReady, onLost } = listener;
  const watched = listener.onConnection?.();
  const early: { data: RawData; binary: boolean }[] = [];
  let ready = false;
  let over = false;

  near.on("message", (data, binary) => {
    if (far.readyState === WebSocket.OPEN) far.send(data, { binary });
    else if (far.readyState === WebSocket.CONNECTING) early.push({ data, binary });
    watched?.onMessage("client", String(data));
  });
  far.on("open", () => {
    for (const { data, binary } of early.splice(0)) far.send(data, { binary });
  });
  far.on("message", (data, binary) => {
    if (!ready) {
      // The server's first message acknowledges the set-up (BidiGenerateContent's setupComplete).
      ready = true;
      onReady();
    }
    if (near.readyState === WebSocket.OPEN) near.send(data, { binary });
    // Passed on first: what is watched is never late for it.
    watched?.onMessage("model", String(data));
  });
  near.on("close", () => {
    if (!over) watched?.onLeft();
    over = true;
    if (far.readyState === WebSocket.CONNECTING) far.terminate();
    else far.close(normal);
  });
  far.on("error", () => {
    // Always followed by `close`, which tells the rest.
  });
  far.on("close", (code) => {
    if (over) return;
    over = true;
    onLost(ready ? (code === normal ? "closed-normally" : "closed-with-error") : "unreachable", code);
    near.close(unsendable.has(code) ? normal : code);
  });
}
