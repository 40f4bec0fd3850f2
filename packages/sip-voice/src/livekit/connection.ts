import { SipVoiceError } from "../errors.ts";

/** How to reach a LiveKit server. */
export interface LiveKitConnection {
  /** Its address: `wss://…`, `ws://…`, `https://…` or `http://…`. */
  readonly url: string;
  /** The API key. */
  readonly apiKey: string;
  /** The API secret. */
  readonly apiSecret: string;
}

/** The server's address as its HTTP API wants it. */
export function httpUrlOf({ url }: LiveKitConnection): string {
  return url.replace(/^ws/, "http");
}

/** Loads livekit-server-sdk, an optional peer dependency, on first use. */
export async function loadServerSdk(): Promise<typeof import("livekit-server-sdk")> {
  try {
    return await import("livekit-server-sdk");
  } catch (cause) {
    throw new SipVoiceError("missing-package", "livekit-server-sdk is not installed.", {
      field: "livekit-server-sdk",
      remedy: "Install it beside @clinic/sip-voice: npm install livekit-server-sdk",
      cause,
    });
  }
}

/** The error for a server that did not answer, or did not take the credentials. */
export function liveKitUnavailable(cause: unknown): SipVoiceError {
  // A token that the server does not take is answered in plain text, without a code.
  const { code, status } = (cause ?? {}) as { code?: unknown; status?: unknown };
  const refused = code === "unauthenticated" || code === "permission_denied" || status === 401;
  return new SipVoiceError(
    "livekit-unavailable",
    refused ? "LiveKit refused the credentials." : "LiveKit did not do what it was asked.",
    {
      remedy: refused
        ? "Check LIVEKIT_API_KEY and LIVEKIT_API_SECRET, and that they belong to LIVEKIT_URL."
        : "Check that the server at LIVEKIT_URL runs and can be reached from here.",
      cause,
    },
  );
}

/** Whether the server said that the room, dispatch or participant does not exist (any more). */
export function isGone(error: unknown): boolean {
  const seen = error as { code?: unknown; status?: unknown } | undefined;
  return seen?.code === "not_found" || seen?.status === 404;
}
