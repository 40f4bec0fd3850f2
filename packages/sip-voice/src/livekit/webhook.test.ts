import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { AccessToken } from "livekit-server-sdk";
import { afterEach, describe, expect, it } from "vitest";
import type { AttemptHint } from "../outbound/attempt-hint.ts";
import type { WebhookHandler } from "../outbound/webhook.ts";
import { liveKitWebhook } from "./webhook.ts";

const key = { apiKey: "key", apiSecret: "secret".repeat(8) };
const seen: AttemptHint[][] = [];
afterEach(() => {
  seen.length = 0;
});

const handler = (
  onHints = (hints: readonly AttemptHint[]): void | Promise<void> => void seen.push([...hints]),
) => liveKitWebhook({ ...key, onHints });

/** The header as LiveKit's server makes it: a token with the body's SHA-256. */
async function signature(body: string, { apiKey, apiSecret } = key): Promise<string> {
  const token = new AccessToken(apiKey, apiSecret);
  token.sha256 = createHash("sha256").update(body).digest("base64");
  return await token.toJwt();
}

function left(more: object = {}, id = "EV_1"): string {
  const participant = {
    sid: "PA_1",
    identity: "phone-spring:c-1:1",
    kind: "SIP",
    attributes: { "sip.callStatus": "ringing", "sip.callID": "SCL_1" },
    disconnectReason: "USER_UNAVAILABLE",
    ...more,
  };
  return JSON.stringify({
    event: "participant_left",
    id,
    createdAt: "1795370000",
    room: { name: "call-1" },
    participant,
  });
}

async function post(webhook: WebhookHandler, body: string, authorization?: string): Promise<number> {
  const headers = new Headers({ "content-type": "application/webhook+json" });
  if (authorization !== undefined) headers.set("authorization", authorization);
  return (await webhook(new Request("http://127.0.0.1/", { method: "POST", headers, body }))).status;
}

describe("liveKitWebhook", () => {
  it.each([
    ["nobody took the call", {}, [{ saw: "left", outcome: { outcome: "no-answer" } }]],
    [
      "it was declined",
      { disconnectReason: "USER_REJECTED" },
      [{ saw: "left", outcome: { outcome: "declined" } }],
    ],
    ["the reason says nothing", { disconnectReason: "CLIENT_INITIATED" }, [{ saw: "left" }]],
    ["the trunk failed", { disconnectReason: "SIP_TRUNK_FAILURE" }, [{ saw: "left" }]],
    [
      "it had been answered",
      { attributes: { "sip.callStatus": "hangup", "sip.callIDFull": "x", "sip.callID": "SCL_1" } },
      [{ saw: "answered", sipCallId: "SCL_1" }, { saw: "left" }],
    ],
  ])("hints that a telephone left: %s", async (_name, more, expected) => {
    const body = left(more);
    expect(await post(await handler(), body, await signature(body))).toBe(204);
    expect(seen).toMatchObject([expected.map((hint) => ({ attemptId: "spring:c-1:1", ...hint }))]);
    expect(seen[0]?.map((hint) => "outcome" in hint)).toEqual(expected.map((hint) => "outcome" in hint));
  });

  it.each([
    ["a browser that calls itself a telephone", left({ kind: "STANDARD" })],
    ["somebody else", left({ identity: "operator" })],
    ["another event", JSON.stringify({ event: "room_finished", id: "EV_2", room: { name: "call-1" } })],
    ["an event of tomorrow's server", JSON.stringify({ event: "room_moved", id: "EV_3", novelty: { a: 1 } })],
  ])("takes %s and says nothing", async (_name, body) => {
    expect(await post(await handler(), body, await signature(body))).toBe(204);
    expect(seen).toEqual([]);
  });

  it("takes nothing whose sender it can't prove", async () => {
    const webhook = await handler();
    const body = left();
    expect(await post(webhook, body)).toBe(401);
    expect(await post(webhook, body, "")).toBe(401);
    expect(await post(webhook, body, await signature(left({}, "EV_2")))).toBe(401);
    expect(await post(webhook, body, await signature(body, { ...key, apiSecret: "other".repeat(8) }))).toBe(
      401,
    );
    expect(await post(webhook, `${body} `, await signature(body))).toBe(401);
    expect((await webhook(new Request("http://127.0.0.1/"))).status).toBe(405);
    expect(await post(webhook, " ".repeat(1_000_001), await signature(body))).toBe(413);
    expect(seen).toEqual([]);
  });

  it("acts once on an event that comes several times, also at the same moment", async () => {
    const webhook = await handler();
    const body = left();
    const authorization = await signature(body);
    const statuses = await Promise.all([1, 2, 3].map(() => post(webhook, body, authorization)));
    expect(statuses).toEqual([204, 204, 204]);
    expect(seen).toHaveLength(1);
  });

  it("has LiveKit send an event again that could not be acted on", async () => {
    let failures = 1;
    const webhook = await handler(async (hints) => {
      if (failures-- > 0) throw new Error("database gone");
      seen.push([...hints]);
    });
    const body = left();
    expect(await post(webhook, body, await signature(body))).toBe(500);
    expect(await post(webhook, body, await signature(body))).toBe(204);
    expect(seen).toHaveLength(1);
  });

  it("takes the requests of node:http", async () => {
    const webhook = await handler();
    const server = createServer(
      async (request, response) => void response.writeHead((await webhook(request)).status).end(),
    );
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
      const body = left();
      const headers = { authorization: await signature(body) };
      expect((await fetch(url, { method: "POST", headers, body })).status).toBe(204);
      expect((await fetch(url, { method: "POST", body })).status).toBe(401);
      expect((await fetch(url)).status).toBe(405);
    } finally {
      server.close();
    }
    expect(seen).toHaveLength(1);
  });

  it.each(["apiKey", "apiSecret"] as const)("is not set up without %s", async (field) => {
    await expect(liveKitWebhook({ ...key, [field]: "", onHints: () => {} })).rejects.toMatchObject({
      code: "invalid-option",
      field,
    });
  });
});
