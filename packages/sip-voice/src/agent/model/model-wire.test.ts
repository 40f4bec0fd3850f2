import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { type ModelLoss, type ModelWire, openModelWire } from "./model-wire.ts";

/** What was opened by a case is closed after it. */
const open: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/** A far end that takes the connection and then says nothing, not even goodbye. */
async function deafFarEnd() {
  let bytes = 0;
  let left: () => void = () => {};
  const gone = new Promise<void>((resolve) => {
    left = resolve;
  });
  const server = createServer();
  server.on("upgrade", ({ headers }, socket) => {
    const accept = createHash("sha1")
      .update(`${headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest("base64");
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    socket.on("data", (data) => {
      bytes += data.length;
    });
    socket.on("error", () => {});
    socket.on("end", left);
    open.push(() => void socket.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  open.push(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, heard: () => bytes, gone };
}

type Told = "ready" | readonly [ModelLoss, number];

/** The far end: a real WebSocket server on loopback. */
async function farEnd(options: { readonly acceptAfterMs?: number } = {}) {
  const requests: IncomingMessage[] = [];
  const heard: (string | Buffer)[] = [];
  const sockets: WebSocket[] = [];
  const server = new WebSocketServer({
    host: "127.0.0.1",
    port: 0,
    verifyClient: (_info, take) => void setTimeout(() => take(true), options.acceptAfterMs ?? 0),
  });
  server.on("connection", (socket, request) => {
    requests.push(request);
    sockets.push(socket);
    socket.on("message", (data, binary) => heard.push(binary ? (data as Buffer) : String(data)));
  });
  await once(server, "listening");
  open.push(async () => {
    for (const socket of sockets) socket.terminate();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    heard,
    sockets,
    server,
  };
}

async function wireTo(upstream: string): Promise<{ wire: ModelWire; told: Told[] }> {
  const told: Told[] = [];
  const wire = await openModelWire(upstream, {
    onReady: () => told.push("ready"),
    onLost: (loss, code) => told.push([loss, code]),
  });
  open.push(() => wire.close());
  return { wire, told };
}

/** The near end, as the model's library has it. */
function nearEnd(wire: ModelWire, path = "/live", headers: Record<string, string> = {}) {
  const socket = new WebSocket(`${wire.baseUrl.replace(/^http/, "ws")}${path}`, { headers });
  const heard: (string | Buffer)[] = [];
  socket.on("message", (data, binary) => heard.push(binary ? (data as Buffer) : String(data)));
  socket.on("error", () => {});
  const closed = once(socket, "close").then(([code]) => code as number);
  open.push(() => socket.terminate());
  return { socket, heard, closed, opened: once(socket, "open") };
}

async function until(look: () => boolean): Promise<void> {
  await expect.poll(look, { timeout: 5_000, interval: 5 }).toBe(true);
}

/** A wire whose far end has said its first message. */
async function readyWire() {
  const far = await farEnd();
  const { wire, told } = await wireTo(far.url);
  const near = nearEnd(wire);
  await until(() => far.sockets.length === 1);
  const farSocket = far.sockets[0]!;
  farSocket.send("setupComplete");
  await until(() => near.heard.length === 1);
  return { far, farSocket, near, told, wire };
}

describe("a model wire", () => {
  it("relays texts and bytes both ways, in order", async () => {
    const { far, farSocket, near } = await readyWire();
    const sent = ["one", Buffer.from([0, 1, 255]), "مرحبا", Buffer.alloc(100_000, 7), ""];
    for (const data of sent) {
      near.socket.send(data);
      farSocket.send(data);
    }
    await until(() => far.heard.length === sent.length && near.heard.length === sent.length + 1);
    expect(far.heard).toEqual(sent);
    expect(near.heard.slice(1)).toEqual(sent);
  });

  it("keeps what is sent before the far end is there, and sends it first", async () => {
    const far = await farEnd({ acceptAfterMs: 80 });
    const { wire } = await wireTo(far.url);
    const near = nearEnd(wire);
    await near.opened;
    for (const data of ["setup", Buffer.from([1]), "audio"]) near.socket.send(data);
    expect(far.sockets).toHaveLength(0);
    await until(() => far.sockets.length === 1);
    near.socket.send("later");
    await until(() => far.heard.length === 4);
    expect(far.heard).toEqual(["setup", Buffer.from([1]), "audio", "later"]);
  });

  it.each(["", "/", "///"])(
    "passes path, query and headers on (base URL with %j at its end)",
    async (end) => {
      const far = await farEnd();
      const { wire } = await wireTo(far.url + end);
      nearEnd(wire, "//ws/google.BidiGenerateContent?key=a%20b&alt=ws", {
        "x-goog-api-key": "a-key",
        "user-agent": "test/1",
      });
      await until(() => far.requests.length === 1);
      const { url, headers } = far.requests[0]!;
      expect(url).toBe("//ws/google.BidiGenerateContent?key=a%20b&alt=ws");
      expect(headers).toMatchObject({ "x-goog-api-key": "a-key", "user-agent": "test/1" });
      // The address is the far end's own, and not the wire's.
      expect(`http://${headers.host}`).toBe(far.url);
    },
  );

  it("keeps a path in the base URL", async () => {
    const far = await farEnd();
    const { wire } = await wireTo(`${far.url}/proxy/`);
    nearEnd(wire, "/live?x=1");
    await until(() => far.requests.length === 1);
    expect(far.requests[0]?.url).toBe("/proxy/live?x=1");
  });

  it("is ready at the first message of the far end, and says so once", async () => {
    const far = await farEnd();
    const { wire, told } = await wireTo(far.url);
    const near = nearEnd(wire);
    near.socket.once("open", () => near.socket.send("setup"));
    await until(() => far.heard.length === 1);
    expect(told).toEqual([]);
    for (const data of ["setupComplete", "more"]) far.sockets[0]?.send(data);
    await until(() => near.heard.length === 2);
    expect(told).toEqual(["ready"]);
  });

  it.each([
    {
      end: "closes with 1000",
      close: (far: WebSocket) => far.close(1000),
      loss: "closed-normally",
      code: 1000,
      near: 1000,
    },
    {
      end: "closes without a code",
      close: (far: WebSocket) => far.close(),
      loss: "closed-with-error",
      code: 1005,
      near: 1000,
    },
    {
      end: "breaks off",
      close: (far: WebSocket) => far.terminate(),
      loss: "closed-with-error",
      code: 1006,
      near: 1000,
    },
    {
      end: "closes with 1011",
      close: (far: WebSocket) => far.close(1011),
      loss: "closed-with-error",
      code: 1011,
      near: 1011,
    },
    {
      end: "closes with 1008",
      close: (far: WebSocket) => far.close(1008),
      loss: "closed-with-error",
      code: 1008,
      near: 1008,
    },
    {
      end: "closes with 4001",
      close: (far: WebSocket) => far.close(4001),
      loss: "closed-with-error",
      code: 4001,
      near: 4001,
    },
  ] as const)("is lost ($loss) when the far end $end", async ({ close, loss, code, near: seen }) => {
    const { farSocket, near, told } = await readyWire();
    close(farSocket);
    expect(await near.closed).toBe(seen);
    expect(told).toEqual(["ready", [loss, code]]);
  });

  it("passes on what the far end said before it closed", async () => {
    const { farSocket, near } = await readyWire();
    farSocket.send("last words");
    farSocket.close(1011);
    await near.closed;
    expect(near.heard).toEqual(["setupComplete", "last words"]);
  });

  it.each([1000, 1005, 1011])(
    "is unreachable when the far end closes with %d before it said anything",
    async (code) => {
      const far = await farEnd();
      const { wire, told } = await wireTo(far.url);
      const near = nearEnd(wire);
      await until(() => far.sockets.length === 1);
      far.sockets[0]?.close(...(code === 1005 ? [] : [code]));
      await near.closed;
      expect(told).toEqual([["unreachable", code]]);
    },
  );

  it("is unreachable when nobody listens at the far end", async () => {
    const far = await farEnd();
    await new Promise((resolve) => far.server.close(resolve));
    const { wire, told } = await wireTo(far.url);
    const near = nearEnd(wire);
    expect(await near.closed).toBe(1000);
    expect(told).toEqual([["unreachable", 1006]]);
  });

  it("is unreachable when the far end does not speak WebSocket", async () => {
    const tcp = createTcpServer(
      (socket) => void socket.end("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n"),
    );
    tcp.listen(0, "127.0.0.1");
    await once(tcp, "listening");
    open.push(() => void tcp.close());
    const { wire, told } = await wireTo(`http://127.0.0.1:${(tcp.address() as AddressInfo).port}`);
    const near = nearEnd(wire);
    expect(await near.closed).toBe(1000);
    expect(told).toEqual([["unreachable", 1006]]);
  });

  it.each(["ftp://127.0.0.1:1", "gemini.invalid", "http://"])(
    "is unreachable, and ends no process, when the base URL is %j",
    async (upstream) => {
      const { wire, told } = await wireTo(upstream);
      const near = nearEnd(wire);
      expect(await near.closed).toBe(1000);
      expect(told).toEqual([["unreachable", 1006]]);
    },
  );

  it("answers a near end that closes without a code with 1000, and is not lost by it", async () => {
    const { farSocket, near, told } = await readyWire();
    const farClosed = once(farSocket, "close");
    near.socket.close();
    expect(await near.closed).toBe(1000);
    expect((await farClosed)[0]).toBe(1000);
    expect(told).toEqual(["ready"]);
  });

  it("is not lost when the near end breaks off", async () => {
    const { farSocket, near, told } = await readyWire();
    const farClosed = once(farSocket, "close");
    near.socket.terminate();
    expect((await farClosed)[0]).toBe(1000);
    expect(told).toEqual(["ready"]);
  });

  it("is not lost when the near end goes before the far end is there", async () => {
    const far = await farEnd({ acceptAfterMs: 40 });
    const { wire, told } = await wireTo(far.url);
    const near = nearEnd(wire);
    await near.opened;
    near.socket.close();
    expect(await near.closed).toBe(1000);
    await new Promise((resolve) => setTimeout(resolve, 80));
    expect(told).toEqual([]);
  });

  it("is not lost when the library closes the first of its two connections; the second goes on", async () => {
    const { far, near, told, wire } = await readyWire();
    const second = nearEnd(wire);
    await until(() => far.sockets.length === 2);
    near.socket.close();
    expect(await near.closed).toBe(1000);
    far.sockets[1]?.send("setupComplete");
    second.socket.send("audio");
    await until(() => second.heard.length === 1 && far.heard.includes("audio"));
    expect(told.filter((one) => one !== "ready")).toEqual([]);
    far.sockets[1]?.close(1000);
    expect(await second.closed).toBe(1000);
    expect(told.at(-1)).toEqual(["closed-normally", 1000]);
  });

  it("turns down what is not a WebSocket", async () => {
    const far = await farEnd();
    const { wire } = await wireTo(far.url);
    expect((await fetch(wire.baseUrl)).status).toBe(426);
  });

  it("listens on loopback only", async () => {
    const { wire } = await wireTo("http://127.0.0.1:1");
    expect(new URL(wire.baseUrl).hostname).toBe("127.0.0.1");
  });

  it("lets go of both ends when it is closed, and is not lost by it", async () => {
    const { farSocket, near, told, wire } = await readyWire();
    const farClosed = once(farSocket, "close");
    await wire.close();
    expect(await near.closed).toBe(1006);
    await farClosed;
    expect(told).toEqual(["ready"]);
    await expect(fetch(wire.baseUrl)).rejects.toThrow();
  });

  it("lets go of a far end that answers nothing any more", async () => {
    const { url, heard, gone } = await deafFarEnd();
    const { wire } = await wireTo(url);
    const near = nearEnd(wire);
    near.socket.once("open", () => near.socket.send("setup"));
    await until(() => heard() > 0);
    await wire.close();
    // A graceful close would be waited for, for 30 s.
    await gone;
  });
});
