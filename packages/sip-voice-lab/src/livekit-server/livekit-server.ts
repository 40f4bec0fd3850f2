import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { freeTcpPort, freeUdpPort } from "./free-port.ts";
import { LiveKitServerFailed } from "./missing-server.ts";
import { loopbackInterface, serverConfigBody } from "./server-config.ts";
import { ServerProcess } from "./server-process.ts";
import { type FindServerOptions, findServer } from "./server-source.ts";

/** How to reach a LiveKit server. */
export interface LiveKitAddress {
  /** WebSocket address, `ws://127.0.0.1:port`. */
  readonly url: string;
  /** The same address for HTTP. */
  readonly httpUrl: string;
  /** API key, random per run. */
  readonly apiKey: string;
  /** API secret, random per run. */
  readonly apiSecret: string;
}

/** A LiveKit server that the lab started. */
export interface LiveKitServer extends LiveKitAddress {
  /** The last lines that the server logged, for error messages. */
  lastLines(): readonly string[];
  /** Ends the server. Safe to call twice. */
  stop(): Promise<void>;
}

const ATTEMPTS = 3;
const READY_WITHIN_MS = 20_000;
/** A first `docker run` pulls the image. */
const READY_WITHIN_DOCKER_MS = 180_000;

/**
 * Starts a real LiveKit server on free ports of 127.0.0.1 and waits until it answers.
 * The server is killed when this process exits, whatever the reason that Node can see.
 * @throws LiveKitServerMissing when there is none on this machine, LiveKitServerFailed when it does not start.
 */
export async function startLiveKitServer(options: FindServerOptions = {}): Promise<LiveKitServer> {
  const source = await findServer(options);
  const readyWithin = source.kind === "docker" ? READY_WITHIN_DOCKER_MS : READY_WITHIN_MS;
  for (let attempt = 1; ; attempt += 1) {
    const apiKey = `LAB${randomBytes(6).toString("hex")}`;
    const apiSecret = randomBytes(32).toString("base64url");
    const [port, udpPort] = await Promise.all([freeTcpPort(), freeUdpPort()]);
    const config = { port, udpPort, apiKey, apiSecret, loopbackInterface: loopbackInterface() };
    options.signal?.throwIfAborted();
    const child = new ServerProcess(source, serverConfigBody(config));
    const httpUrl = `http://127.0.0.1:${port}`;
    try {
      await answers(httpUrl, child, readyWithin, options.signal);
    } catch (error) {
      await child.stop();
      options.signal?.throwIfAborted();
      // Between finding a free port and the server binding it, another process may take it: choose again.
      const portTaken = child.lastLines.some((line) => line.includes("address already in use"));
      if (portTaken && attempt < ATTEMPTS) continue;
      throw error;
    }
    return {
      url: `ws://127.0.0.1:${port}`,
      httpUrl,
      apiKey,
      apiSecret,
      lastLines: () => child.lastLines,
      stop: () => child.stop(),
    };
  }
}

async function answers(
  httpUrl: string,
  child: ServerProcess,
  withinMs: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!child.hasExited) {
    signal?.throwIfAborted();
    const ok = await fetch(httpUrl, { signal: AbortSignal.timeout(1000) }).then(
      (response) => response.ok,
      () => false,
    );
    if (ok) return;
    if (performance.now() > deadline) {
      throw new LiveKitServerFailed(
        `The LiveKit server did not answer within ${withinMs / 1000} s.`,
        child.lastLines,
      );
    }
    await sleep(40);
  }
  throw new LiveKitServerFailed("The LiveKit server ended before it answered.", child.lastLines);
}
