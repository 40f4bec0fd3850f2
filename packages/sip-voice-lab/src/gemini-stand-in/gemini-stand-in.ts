import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";
import { speak } from "../voice/speech.ts";
import { CleanClosingSocket } from "./clean-closing-socket.ts";
import { type GeminiFailure, PlannedFailures } from "./failure.ts";
import { GeminiSession, type SessionSurroundings } from "./gemini-session.ts";
import type { GeminiScript } from "./script.ts";
import { answerSpeech, refuse, type SpeechSurroundings } from "./speech-generation.ts";
import type { GeminiStandInEvent } from "./stand-in-event.ts";

/** What {@link startGeminiStandIn} takes. */
export interface GeminiStandInOptions {
  /** What the model says and does. */
  script: GeminiScript;
  /** Time from the end of the caller's words, or from a request, to the first sound; 0 by default. */
  thinkTimeMs?: number;
  /** How many times faster than real time speech is sent; 4 by default. */
  pace?: number;
  /** Whether a turn completes when its speech would have been played (as Gemini does, the default) or has been sent. */
  turnCompletes?: "after-playback" | "at-once";
  /** The API key that is accepted; `"gemini-stand-in"` by default. */
  apiKey?: string;
  /**
   * The code that answers a client's close frame: 1000 as Gemini does (the default), or 1005 for none at all, which
   * makes LiveKit's plugin emit an error after its session has let go of it.
   */
  closeAnswer?: 1000 | 1005;
  /** Told of everything that happens, as it happens. */
  onEvent?: (event: GeminiStandInEvent) => void;
}

/** A running Gemini Live stand-in. */
export interface GeminiStandIn {
  /** For `httpOptions.baseUrl` or `GOOGLE_GEMINI_BASE_URL`. */
  readonly baseUrl: string;
  /** The API key that it accepts. */
  readonly apiKey: string;
  /** Everything that has happened, oldest first. */
  readonly events: readonly GeminiStandInEvent[];
  /** Every session so far, oldest first; the closed ones too. LiveKit's plugin opens two and closes the first. */
  readonly sessions: readonly GeminiSession[];
  /** Sets the think-time for the replies to come, in milliseconds. */
  setThinkTime(milliseconds: number): void;
  /** Puts another script in place, for the replies to come. */
  setScript(script: GeminiScript): void;
  /** Makes something go wrong, the next time or several times, in whichever session; a session has a `failNext` of its own. */
  failNext(failure: GeminiFailure, times?: number): void;
  /** Forgets what was to go wrong and has not happened yet. */
  failNoMore(): void;
  /** Closes every open session: 1000, 1011 …; 1005 is a close without a code, 1006 a cut connection. */
  closeSessions(code: number, reason?: string): void;
  /** Makes the open sessions take no notice of anything, or listen again. Sessions to come listen. */
  setDeaf(deaf: boolean): void;
  /** Announces to the open sessions that their connection will end, and ends it then; after 5 s unless given. */
  goAway(timeLeftMs?: number): void;
  /** Takes back the tool calls that have no answer. */
  cancelToolCalls(): void;
  /** Resolves with the first event, past ones included, that fits; rejects after `timeoutMs` (10 s by default). */
  waitFor<Event extends GeminiStandInEvent>(
    fits: (event: GeminiStandInEvent) => event is Event,
    timeoutMs?: number,
  ): Promise<Event>;
  waitFor(fits: (event: GeminiStandInEvent) => boolean, timeoutMs?: number): Promise<GeminiStandInEvent>;
  /** Cuts every connection and stops listening. */
  stop(): Promise<void>;
}

const LIVE_PATH =
  /^\/+ws\/google\.ai\.generativelanguage\.v1(alpha|beta)\.GenerativeService\.BidiGenerateContent$/;

/**
 * Starts a stand-in for Gemini Live (BidiGenerateContent) on a free port of 127.0.0.1. It follows a script; what the
 * caller says it knows only from the tone tags in the sound that reaches it. Asked for speech (streamGenerateContent of a
 * text-to-speech model), it speaks.
 */
export async function startGeminiStandIn(options: GeminiStandInOptions): Promise<GeminiStandIn> {
  // The first sentence loads and warms the voice; the first caller shall not wait for that.
  await speak("Hello, this is the clinic.");
  const apiKey = options.apiKey ?? "gemini-stand-in";
  const events: GeminiStandInEvent[] = [];
  const sessions: GeminiSession[] = [];
  const watchers = new Set<(event: GeminiStandInEvent) => void>();
  const failures = new PlannedFailures();
  const surroundings: SessionSurroundings = {
    script: options.script,
    thinkTimeMs: options.thinkTimeMs ?? 0,
    pace: options.pace ?? 4,
    turnCompletes: options.turnCompletes ?? "after-playback",
    failures,
    resumable: new Map(),
    emit: (sessionId, body) => {
      const event = { at: Date.now(), sessionId, ...body } as GeminiStandInEvent;
      events.push(event);
      options.onEvent?.(event);
      for (const watcher of watchers) watcher(event);
    },
  };

  const server = createServer((request, response) => {
    const { failures, emit } = surroundings;
    const speech = { apiKey, failures, thinkTimeMs: () => surroundings.thinkTimeMs };
    void answerHttp(request, response, { ...speech, emit: (body) => emit("speech", body) }).catch(() =>
      response.destroy(),
    );
  });
  const sockets = new WebSocketServer({ noServer: true, WebSocket: CleanClosingSocket });
  server.on("upgrade", (request, socket, head) => {
    // The plugin's path begins with two slashes, which `new URL(path, base)` would take for a host.
    const url = new URL(`http://127.0.0.1${request.url ?? "/"}`);
    const refusal = LIVE_PATH.test(url.pathname) ? failures.take("connect")?.status : 404;
    if (refusal !== undefined) {
      socket.end(`HTTP/1.1 ${refusal} Refused by the Gemini stand-in\r\nConnection: close\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (accepted) => {
      accepted.closeAnswer = options.closeAnswer ?? 1000;
      const session = new GeminiSession(`gemini-${sessions.length + 1}`, accepted, surroundings);
      sessions.push(session);
      const key = url.searchParams.get("key") ?? request.headers["x-goog-api-key"];
      if (key !== apiKey) session.refuse(1007, "API key not valid. Please pass a valid API key.");
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const openSessions = () => sessions.filter((session) => session.open);

  const waitFor = (fits: (event: GeminiStandInEvent) => boolean, timeoutMs = 10_000) =>
    new Promise<GeminiStandInEvent>((resolve, reject) => {
      const past = events.find(fits);
      if (past !== undefined) {
        resolve(past);
        return;
      }
      const settle = () => {
        clearTimeout(timer);
        watchers.delete(watcher);
      };
      const watcher = (event: GeminiStandInEvent) => {
        if (!fits(event)) return;
        settle();
        resolve(event);
      };
      const timer = setTimeout(() => {
        settle();
        const seen = events.map((event) => event.type).join(", ");
        reject(new Error(`the Gemini stand-in saw no such event within ${timeoutMs} ms; it saw: ${seen}`));
      }, timeoutMs);
      watchers.add(watcher);
    });

  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    apiKey,
    events,
    sessions,
    setThinkTime: (milliseconds) => {
      surroundings.thinkTimeMs = milliseconds;
    },
    setScript: (script) => {
      surroundings.script = script;
    },
    failNext: (failure, times = 1) => failures.add(failure, times),
    failNoMore: () => failures.clear(),
    closeSessions: (code, reason) => {
      for (const session of openSessions()) session.close(code, reason);
    },
    setDeaf: (deaf) => {
      for (const session of openSessions()) session.deaf = deaf;
    },
    goAway: (timeLeftMs = 5_000) => {
      for (const session of openSessions()) session.goAway(timeLeftMs);
    },
    cancelToolCalls: () => {
      for (const session of openSessions()) session.cancelToolCalls();
    },
    waitFor: waitFor as GeminiStandIn["waitFor"],
    stop: async () => {
      for (const socket of sockets.clients) socket.terminate();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Over HTTP the stand-in generates speech; whoever asks for anything else is told so, in the shape of Google's errors. */
async function answerHttp(
  request: IncomingMessage,
  response: ServerResponse,
  surroundings: SpeechSurroundings,
): Promise<void> {
  if (await answerSpeech(request, response, surroundings)) return;
  const asked = `${request.method} ${request.url}`;
  refuse(response, 404, "NOT_FOUND", `The Gemini stand-in of the lab speaks only the Live API, not ${asked}`);
}
