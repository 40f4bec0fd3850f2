import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { createProxyServer } from "httpxy";
import type { LiveKitAddress } from "../livekit-server/livekit-server.ts";
import type { Telephone } from "../telephone/telephone.ts";
import type { TelephoneLine } from "../telephone/telephone-line.ts";
import { placeInboundCall } from "./inbound-call.ts";
import type { Ring } from "./ring-log.ts";
import { Switchboard } from "./switchboard.ts";
import { answerSipApi, SIP_API_PATH } from "./twirp-endpoint.ts";

/** What the stand-in needs. */
export interface SipStandInOptions {
  /** The real server behind it. */
  readonly livekit: LiveKitAddress;
  /** The telephones that can be dialled and can call. */
  readonly telephones?: Iterable<Telephone>;
}

/**
 * The LiveKit SIP API stand-in: the address of a LiveKit server with SIP. Its `url`, key and secret are what clients and
 * workers get in place of the real server's.
 */
export interface SipStandIn extends LiveKitAddress {
  /** Every time that a telephone was rung, oldest first. */
  rings(): readonly Ring[];
  /** While true, every dial fails with LiveKit's "cpu exhausted" and nobody is rung. */
  cpuExhausted: boolean;
  /** Lets a trunk carry at most this many lines, ringing ones included; `undefined` lifts the limit. */
  limitChannels(trunkId: string, maxChannels: number | undefined): void;
  /** Plugs in another telephone. */
  addTelephone(telephone: Telephone): void;
  /** The telephone with a number. */
  telephone(number: string): Telephone | undefined;
  /** Lines that have not ended, whichever side called. */
  lines(): readonly TelephoneLine[];
  /** Ends every line and closes. Leaves the LiveKit server running. Safe to call twice. */
  stop(): Promise<void>;
}

/**
 * Starts the stand-in on a free port of 127.0.0.1: it answers LiveKit's SIP API for the simulated telephones and passes
 * everything else on, WebSockets included. Keeps nothing on disk.
 */
export async function startSipStandIn({ livekit, telephones = [] }: SipStandInOptions): Promise<SipStandIn> {
  const board = new Switchboard(livekit, telephones, placeInboundCall);
  const proxy = createProxyServer({ target: livekit.httpUrl, ws: true });
  proxy.on("error", (_error, _request, response) => {
    // The server or the client went away in the middle; whoever is left learns it by the closed connection.
    response?.destroy();
  });
  const sockets = new Set<Duplex>();
  const server = createServer((request, response) => {
    if (request.url?.startsWith(SIP_API_PATH)) void answerSipApi(board, request, response);
    else void proxy.web(request, response).catch(() => response.destroy());
  });
  server.on("upgrade", (request, socket, head) => {
    socket.on("error", () => socket.destroy());
    void proxy.ws(request, socket as Socket, {}, head).catch(() => socket.destroy());
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  // A dial with `waitUntilAnswered` may ring for minutes.
  server.requestTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  let stopping: Promise<void> | undefined;

  return {
    url: `ws://127.0.0.1:${port}`,
    httpUrl: `http://127.0.0.1:${port}`,
    apiKey: livekit.apiKey,
    apiSecret: livekit.apiSecret,
    rings: () => board.rings,
    get cpuExhausted() {
      return board.cpuExhausted;
    },
    set cpuExhausted(exhausted) {
      board.cpuExhausted = exhausted;
    },
    limitChannels(trunkId, maxChannels) {
      if (maxChannels === undefined) board.channelLimits.delete(trunkId);
      else board.channelLimits.set(trunkId, maxChannels);
    },
    addTelephone: (telephone) => board.add(telephone),
    telephone: (number) => board.telephones.get(number),
    lines: () => board.lines,
    stop() {
      stopping ??= (async () => {
        await board.close();
        const closed = new Promise<void>((resolve) => server.close(() => resolve()));
        for (const socket of sockets) socket.destroy();
        await closed;
      })();
      return stopping;
    },
  };
}
