import { readFileSync } from "node:fs";
import { afterEach, describe, expect, it, vi } from "vitest";
import { SipVoiceError } from "../errors.ts";
import { parsePhoneNumber } from "../phone/phone-number.ts";
import { liveKitDialer } from "./dialer.ts";

interface RecordedFailure {
  readonly endpoint_answered: string;
  readonly message: string;
  readonly code: string | null;
  readonly status: number | null;
  readonly metadata: Readonly<Record<string, string>> | null;
}

const recorded = JSON.parse(
  readFileSync(
    new URL("../../../sip-voice-lab/test/recorded/sip-dial-failures.json", import.meta.url),
    "utf8",
  ),
) as { readonly failures: readonly RecordedFailure[]; readonly answered: { readonly sipCallId: string } };

interface SeenRequest {
  readonly url: URL;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal | null | undefined;
}

/** Stands in for the network: answers LiveKit's HTTP API, and offers another region to whoever wants to try there again. */
function network(answer: (request: SeenRequest) => Response | Promise<Response>): SeenRequest[] {
  const seen: SeenRequest[] = [];
  vi.stubGlobal("fetch", async (input: URL | string, init?: RequestInit) => {
    const url = new URL(input);
    if (url.pathname === "/settings/regions")
      return Response.json({ regions: [{ url: "https://elsewhere.livekit.cloud" }] });
    const request: SeenRequest = {
      url,
      headers: new Headers(init?.headers),
      body: JSON.parse(String(init?.body)) as SeenRequest["body"],
      signal: init?.signal,
    };
    seen.push(request);
    return await answer(request);
  });
  return seen;
}

afterEach(() => {
  vi.unstubAllGlobals();
});

/** An error as LiveKit's server sends it (twirp). */
function twirpError({ message, code, status, metadata }: RecordedFailure): Response {
  const text = JSON.stringify({
    code: code ?? "internal",
    msg: message,
    ...(metadata ? { meta: metadata } : {}),
  });
  // Not Response.json: the SDK takes no other content type than exactly this one for an error with a code.
  return new Response(text, { status: status ?? 500, headers: { "content-type": "application/json" } });
}

const request = {
  roomName: "call-1",
  phoneNumber: parsePhoneNumber("+15105550111"),
  participantIdentity: "phone-attempt-1",
  ringingTimeoutSeconds: 25,
  callLimitSeconds: 300,
};

const dialer = (url = "wss://clinic.livekit.cloud", more: { hidePhoneNumber?: boolean } = {}) =>
  liveKitDialer({ url, apiKey: "key", apiSecret: "secret".repeat(8), trunkId: "ST_clinic", ...more });

describe("liveKitDialer", () => {
  it("gives who answered and LiveKit's id of the call", async () => {
    const seen = network(() => Response.json(recorded.answered));
    expect(await (await dialer()).dial(request)).toEqual({
      outcome: "answered",
      participantIdentity: "phone-attempt-1",
      sipCallId: recorded.answered.sipCallId,
    });
    expect(seen).toHaveLength(1);
  });

  it("asks for one ring of the trunk, waits for the answer, and bounds ringing and call", async () => {
    const seen = network(() => Response.json(recorded.answered));
    const before = { ...request };
    await (await dialer(undefined, { hidePhoneNumber: true })).dial(request);
    expect(seen[0]?.url.href).toBe("https://clinic.livekit.cloud/twirp/livekit.SIP/CreateSIPParticipant");
    expect(seen[0]?.headers.get("authorization")).toMatch(/^Bearer /);
    expect(seen[0]?.body).toMatchObject({
      sipTrunkId: "ST_clinic",
      sipCallTo: "+15105550111",
      roomName: "call-1",
      participantIdentity: "phone-attempt-1",
      waitUntilAnswered: true,
      ringingTimeout: "25s",
      maxCallDuration: "300s",
      hidePhoneNumber: true,
    });
    // The SDK writes into what it is given.
    expect(request).toEqual(before);
  });

  it("gives the patient's name to nobody", async () => {
    const seen = network(() => Response.json(recorded.answered));
    await (await dialer()).dial(request);
    expect(seen[0]?.body.participantName).toBe("Patient");
    expect(seen[0]?.body.participantMetadata ?? "").toBe("");
  });

  it.each(["ws://127.0.0.1:7880", "http://127.0.0.1:7880"])("reaches a server at %s", async (url) => {
    const seen = network(() => Response.json(recorded.answered));
    await (await dialer(url)).dial(request);
    expect(seen[0]?.url.origin).toBe("http://127.0.0.1:7880");
  });

  const outcomes: Readonly<Record<string, object>> = {
    "486 Busy Here": { outcome: "busy", retry: "later", sipStatus: 486 },
    "603 Decline": { outcome: "declined", retry: "after-review", sipStatus: 603 },
    "404 Not Found": { outcome: "invalid-number", retry: "never", sipStatus: 404 },
    "403 User channel limit exceeded D1 (Telnyx: trunk full)": {
      outcome: "trunk-capacity",
      retry: "later",
      sipStatus: 403,
    },
    "180 Ringing and then nothing, ringingTimeout 5 s": { outcome: "no-answer", retry: "later" },
    "nothing: the SIP service itself was overloaded and dialled nobody": {
      outcome: "trunk-capacity",
      retry: "later",
    },
  };

  it.each(recorded.failures)(
    "takes $endpoint_answered for what it was, and rings no second time",
    async (failure) => {
      // As the server sent it: the SDK itself puts the SIP status into the message.
      const message = failure.metadata ? "sip error" : failure.message;
      const seen = network(() => twirpError({ ...failure, message }));
      expect(await (await dialer()).dial(request)).toEqual(outcomes[failure.endpoint_answered]);
      expect(seen).toHaveLength(1);
    },
  );

  it.each([
    { name: "500 without a SIP status", answer: () => twirpError(failed("internal", 500)) },
    { name: "503 in plain text", answer: () => new Response("no healthy upstream", { status: 503 }) },
    {
      name: "502 in HTML",
      answer: () => new Response("<html>", { status: 502, headers: { "content-type": "text/html" } }),
    },
    { name: "deadline_exceeded", answer: () => twirpError(failed("deadline_exceeded", 408)) },
    { name: "an answer that is no JSON", answer: () => new Response("OK") },
    { name: "a lost connection", answer: () => Promise.reject(new TypeError("fetch failed")) },
    {
      name: "the client's own timeout",
      answer: () => Promise.reject(new DOMException("The operation timed out.", "TimeoutError")),
    },
  ])("does not know what came of $name, and rings no second time", async ({ answer }) => {
    const seen = network(answer);
    expect(await (await dialer()).dial(request)).toEqual({ outcome: "unknown", retry: "after-review" });
    expect(seen).toHaveLength(1);
  });

  it.each([
    { code: "unauthenticated", status: 401 },
    { code: "permission_denied", status: 403 },
    { code: "not_found", status: 404 },
    { code: "invalid_argument", status: 400 },
  ])("knows that nobody was rung when LiveKit itself said $code", async ({ code, status }) => {
    network(() => twirpError(failed(code, status)));
    expect(await (await dialer()).dial(request)).toEqual({ outcome: "trunk-refused", retry: "after-review" });
  });

  it("knows that nobody was rung when the credentials were refused in plain text", async () => {
    network(() => new Response("invalid token", { status: 401 }));
    expect(await (await dialer()).dial(request)).toEqual({ outcome: "trunk-refused", retry: "after-review" });
  });

  it("waits longer for the answer than it lets the telephone ring", async () => {
    const timeouts: number[] = [];
    const real = AbortSignal.timeout.bind(AbortSignal);
    vi.spyOn(AbortSignal, "timeout").mockImplementation((ms) => {
      timeouts.push(ms);
      return real(ms);
    });
    network(() => Response.json(recorded.answered));
    await (await dialer()).dial(request);
    vi.restoreAllMocks();
    expect(timeouts).toEqual([35_000]);
  });

  it("never throws", async () => {
    network(() => {
      throw new SipVoiceError("livekit-unavailable", "gone");
    });
    await expect((await dialer()).dial(request)).resolves.toMatchObject({ outcome: "unknown" });
  });
});

function failed(code: string, status: number): RecordedFailure {
  return { endpoint_answered: "", message: "twirp error", code, status, metadata: null };
}
