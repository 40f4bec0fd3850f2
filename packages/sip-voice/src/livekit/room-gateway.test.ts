import { afterEach, describe, expect, it, vi } from "vitest";
import { SipVoiceError } from "../errors.ts";
import type { RoomGateway } from "../outbound/room-gateway.ts";
import { parsePhoneNumber } from "../phone/phone-number.ts";
import { liveKitRoomGateway } from "./room-gateway.ts";

interface SeenRequest {
  readonly method: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Stands in for the network: answers LiveKit's HTTP API, and offers another region to whoever wants to try there again. */
function network(answer: () => Response | Promise<Response>): SeenRequest[] {
  const seen: SeenRequest[] = [];
  vi.stubGlobal("fetch", async (input: URL | string, init?: RequestInit) => {
    const url = new URL(input);
    if (url.pathname === "/settings/regions")
      return Response.json({ regions: [{ url: "https://elsewhere.livekit.cloud" }] });
    seen.push({
      method: url.pathname.split("/").at(-1) ?? "",
      body: JSON.parse(String(init?.body)) as SeenRequest["body"],
    });
    return await answer();
  });
  return seen;
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

function twirpError(code: string, status: number, meta?: Readonly<Record<string, string>>): Response {
  const text = JSON.stringify({ code, msg: "twirp error", ...(meta ? { meta } : {}) });
  return new Response(text, { status, headers: { "content-type": "application/json" } });
}

const gateway = (url = "ws://127.0.0.1:7880") =>
  liveKitRoomGateway({ url, apiKey: "key", apiSecret: "secret".repeat(8) });

const operator = parsePhoneNumber("+15105550199");

interface Step {
  readonly name: string;
  readonly run: (rooms: RoomGateway) => Promise<unknown>;
}

const mayBeGone: readonly (Step & { readonly whenGone: unknown })[] = [
  { name: "removeRoom", run: (rooms) => rooms.removeRoom("call-1"), whenGone: undefined },
  { name: "participants", run: (rooms) => rooms.participants("call-1"), whenGone: [] },
  { name: "withdrawAgent", run: (rooms) => rooms.withdrawAgent("call-1", "AD_1"), whenGone: undefined },
  {
    name: "removeParticipant",
    run: (rooms) => rooms.removeParticipant("call-1", "operator-1"),
    whenGone: undefined,
  },
  {
    name: "updateSubscriptions",
    run: (rooms) => rooms.updateSubscriptions("call-1", "phone-1", ["TR_1"], false),
    whenGone: undefined,
  },
];
const mustBeThere: readonly Step[] = [
  {
    name: "createRoom",
    run: (rooms) => rooms.createRoom("call-1", { metadata: "{}", emptyTimeoutSeconds: 30 }),
  },
  { name: "dispatchAgent", run: (rooms) => rooms.dispatchAgent("call-1", "gemini-sip-agent", "{}") },
];
const steps: readonly Step[] = [...mayBeGone, ...mustBeThere];

describe("liveKitRoomGateway", () => {
  it("makes a room that tells why it is there, and that goes when it is empty", async () => {
    const seen = network(() => Response.json({ name: "call-1" }));
    await (await gateway()).createRoom("call-1", {
      metadata: '{"attemptId":"t-1"}',
      emptyTimeoutSeconds: 30,
    });
    expect(seen).toMatchObject([
      { method: "CreateRoom", body: { name: "call-1", metadata: '{"attemptId":"t-1"}', emptyTimeout: 30 } },
    ]);
  });

  it("tells who is in a room", async () => {
    network(() =>
      Response.json({
        participants: [
          { identity: "agent-1", kind: "AGENT", attributes: { "clinic.ready": "t-1" }, name: "Agent" },
          { identity: "phone-1", kind: "SIP", attributes: { "sip.callStatus": "active" } },
          { identity: "visitor-1", attributes: {}, permission: { canUpdateMetadata: true } },
        ],
      }),
    );
    expect(await (await gateway()).participants("call-1")).toEqual([
      { identity: "agent-1", kind: 4, attributes: { "clinic.ready": "t-1" }, mayChangeAttributes: false },
      {
        identity: "phone-1",
        kind: 3,
        attributes: { "sip.callStatus": "active" },
        mayChangeAttributes: false,
      },
      { identity: "visitor-1", kind: 0, attributes: {}, mayChangeAttributes: true },
    ]);
  });

  it("dispatches an agent by name with its brief, and gives the dispatch's id", async () => {
    const seen = network(() => Response.json({ id: "AD_1", room: "call-1" }));
    expect(await (await gateway()).dispatchAgent("call-1", "gemini-sip-agent", "brief")).toBe("AD_1");
    expect(seen).toMatchObject([
      {
        method: "CreateDispatch",
        body: { room: "call-1", agentName: "gemini-sip-agent", metadata: "brief" },
      },
    ]);
  });

  it("has a member no longer hear a track, and takes one out of a room", async () => {
    const seen = network(() => Response.json({}));
    const rooms = await gateway();
    await rooms.updateSubscriptions("call-1", "phone-1", ["TR_1"], false);
    await rooms.updateSubscriptions("call-1", "phone-1", ["TR_1"], true);
    await rooms.removeParticipant("call-1", "operator-1");
    expect(seen).toMatchObject([
      { method: "UpdateSubscriptions", body: { room: "call-1", identity: "phone-1", trackSids: ["TR_1"] } },
      { method: "UpdateSubscriptions", body: { identity: "phone-1", trackSids: ["TR_1"], subscribe: true } },
      { method: "RemoveParticipant", body: { room: "call-1", identity: "operator-1" } },
    ]);
    expect(seen[0]?.body.subscribe ?? false).toBe(false);
  });

  it("takes a dispatch of a room back", async () => {
    const seen = network(() => Response.json({}));
    await (await gateway()).withdrawAgent("call-1", "AD_1");
    expect(seen).toMatchObject([{ method: "DeleteDispatch", body: { room: "call-1", dispatchId: "AD_1" } }]);
  });

  describe.each([
    { name: "not_found", answer: () => twirpError("not_found", 404) },
    { name: "404 in plain text", answer: () => new Response("not found", { status: 404 }) },
  ])("when the server says $name", ({ answer }) => {
    it.each(mayBeGone)("$name takes it for gone", async ({ run, whenGone }) => {
      network(answer);
      expect(await run(await gateway())).toEqual(whenGone);
    });

    it.each(mustBeThere)("$name can't go on", async ({ run }) => {
      network(answer);
      await expect(run(await gateway())).rejects.toMatchObject({ code: "livekit-unavailable" });
    });
  });

  describe.each([
    { name: "500", answer: () => twirpError("internal", 500) },
    { name: "503 in plain text", answer: () => new Response("no healthy upstream", { status: 503 }) },
    { name: "a lost connection", answer: () => Promise.reject(new TypeError("fetch failed")) },
  ])("after $name", ({ answer }) => {
    it.each(steps)("$name says that LiveKit is unavailable, and what to look at", async ({ run }) => {
      network(answer);
      const error: unknown = await run(await gateway()).catch((thrown: unknown) => thrown);
      if (!SipVoiceError.is(error)) throw error;
      expect(error).toMatchObject({ code: "livekit-unavailable" });
      expect(error.remedy).toMatch(/LIVEKIT_URL runs/);
      expect(error.cause).toBeDefined();
    });
  });

  describe.each([
    { name: "401 in plain text", answer: () => new Response("invalid token", { status: 401 }) },
    { name: "unauthenticated", answer: () => twirpError("unauthenticated", 401) },
    { name: "permission_denied", answer: () => twirpError("permission_denied", 403) },
  ])("after $name", ({ answer }) => {
    it.each(steps)(
      "$name says that the credentials were refused, and repeats none of them",
      async ({ run }) => {
        network(answer);
        const error: unknown = await run(await gateway()).catch((thrown: unknown) => thrown);
        if (!SipVoiceError.is(error)) throw error;
        expect(error.code).toBe("livekit-unavailable");
        expect(error.message).toMatch(/refused the credentials/);
        expect(error.remedy).toMatch(/LIVEKIT_API_SECRET/);
        expect(error.message).not.toContain("secretsecret");
      },
    );
  });

  it.each([
    { name: "503", answer: () => new Response("no healthy upstream", { status: 503 }) },
    { name: "a lost connection", answer: () => Promise.reject(new TypeError("fetch failed")) },
  ])(
    "asks LiveKit Cloud for an agent once, also after $name: a second dispatch would bring a second agent",
    async ({ answer }) => {
      vi.spyOn(console, "warn").mockImplementation(() => {});
      const seen = network(answer);
      const rooms = await gateway("wss://clinic.livekit.cloud");
      await expect(rooms.dispatchAgent("call-1", "gemini-sip-agent", "brief")).rejects.toThrow();
      expect(seen).toHaveLength(1);
    },
  );
});

describe("a transfer", () => {
  it("hands the telephone to the operator's number", async () => {
    const seen = network(() => Response.json({}));
    expect(await (await gateway()).transfer("call-1", "phone-1", operator)).toEqual({ transferred: true });
    expect(seen).toMatchObject([
      {
        method: "TransferSIPParticipant",
        body: { roomName: "call-1", participantIdentity: "phone-1", transferTo: "tel:+15105550199" },
      },
    ]);
  });

  it.each([
    {
      name: "the operator's line is busy",
      answer: () =>
        twirpError("resource_exhausted", 429, { sip_status: "Busy Here", sip_status_code: "486" }),
      reason: "busy",
    },
    {
      name: "the operator did not answer",
      answer: () =>
        twirpError("unavailable", 503, { sip_status: "Temporarily Unavailable", sip_status_code: "480" }),
      reason: "no-answer",
    },
    {
      name: "the operator declined",
      answer: () => twirpError("permission_denied", 403, { sip_status: "Decline", sip_status_code: "603" }),
      reason: "refused",
    },
    {
      name: "the recorded timeout of a REFER",
      answer: () => twirpError("deadline_exceeded", 408),
      reason: "unknown",
    },
    { name: "a 500", answer: () => twirpError("internal", 500), reason: "unknown" },
    {
      name: "a lost connection",
      answer: () => Promise.reject(new TypeError("fetch failed")),
      reason: "unknown",
    },
  ])("is $reason after $name, and is asked for once", async ({ answer, reason }) => {
    const seen = network(answer);
    const rooms = await gateway("wss://clinic.livekit.cloud");
    expect(await rooms.transfer("call-1", "phone-1", operator)).toEqual({ transferred: false, reason });
    expect(seen).toHaveLength(1);
  });
});
