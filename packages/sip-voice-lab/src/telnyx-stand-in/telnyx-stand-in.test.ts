import { parsePhoneNumber } from "@clinic/sip-voice";
import { type TelnyxEvent, telnyxMessenger, telnyxWebhook } from "@clinic/sip-voice/telnyx";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type SignedWebhook, startTelnyxStandIn, type TelnyxStandIn } from "./telnyx-stand-in.ts";

let telnyx: TelnyxStandIn;
beforeEach(async () => {
  telnyx = await startTelnyxStandIn();
});
afterEach(() => telnyx.close());

const to = parsePhoneNumber("+15105550111");
const from = "+15105550100";
const text = "Riverside Clinic: see you on Tuesday at 10:00.";
const messenger = (more: object = {}) =>
  telnyxMessenger({ apiKey: telnyx.apiKey, from, baseUrl: telnyx.url, ...more });

describe("telnyxMessenger", () => {
  it("sends a message once", async () => {
    const result = await (await messenger()).send({ to, text });
    expect(telnyx.messages).toEqual([{ id: expect.any(String), from, to, text }]);
    expect(result).toEqual({ sent: true, messageId: telnyx.messages[0]?.id });
  });

  it.each([
    [403, "40300", "opted-out", "never"],
    [422, "40310", "invalid-number", "never"],
    [400, "40001", "invalid-number", "never"],
    [429, "10011", "rate-limited", "later"],
    [429, "99999", "rate-limited", "later"],
    [401, "10009", "sender-refused", "after-review"],
    [402, "20100", "sender-refused", "after-review"],
    [422, "40305", "sender-refused", "after-review"],
    [422, "40321", "refused", "after-review"],
    [500, "10007", "unknown", "after-review"],
    [503, "10007", "unknown", "after-review"],
  ])("takes %i with code %s for %s, and does not try again", async (status, code, reason, retry) => {
    telnyx.answer(to, { status, code });
    expect(await (await messenger()).send({ to, text })).toEqual({ sent: false, reason, retry });
    expect(telnyx.requests).toBe(1);
  });

  it("does not know what became of a message whose answer was lost, and does not send it again", async () => {
    telnyx.answer(to, "lost");
    expect(await (await messenger()).send({ to, text })).toMatchObject({ sent: false, reason: "unknown" });
    expect(telnyx.messages).toHaveLength(1);
  });

  it("does not know either where nobody answers, or it is given up", async () => {
    const elsewhere = await messenger({ baseUrl: "http://127.0.0.1:9/v2" });
    expect(await elsewhere.send({ to, text })).toMatchObject({ reason: "unknown" });
    const signal = AbortSignal.abort();
    expect(await (await messenger()).send({ to, text }, { signal })).toMatchObject({ reason: "unknown" });
  });

  it("goes by what it is given, whatever the environment says", async () => {
    process.env.TELNYX_BASE_URL = "http://127.0.0.1:9";
    process.env.TELNYX_API_KEY = "other";
    try {
      expect(await (await messenger()).send({ to, text })).toMatchObject({ sent: true });
    } finally {
      delete process.env.TELNYX_BASE_URL;
      delete process.env.TELNYX_API_KEY;
    }
  });

  it.each(["apiKey", "from"])("is not set up without %s", async (field) => {
    await expect(messenger({ [field]: "" })).rejects.toMatchObject({ code: "invalid-option", field });
  });
});

describe("telnyxWebhook", () => {
  const received = (said: string) => ({ direction: "inbound", from: { phone_number: to }, text: said });

  async function stage() {
    const events: TelnyxEvent[] = [];
    const onEvent = (event: TelnyxEvent): void => void events.push(event);
    const webhook = await telnyxWebhook({ publicKey: telnyx.publicKey, onEvent });
    const post = async ({ body, headers }: SignedWebhook) =>
      (await webhook(new Request("http://127.0.0.1/", { method: "POST", body, headers }))).status;
    return { events, post };
  }

  it("takes what is signed with the account's key", async () => {
    const { events, post } = await stage();
    const at = Date.now();
    expect(await post(telnyx.webhook("message.received", received("Stop."), { at }))).toBe(204);
    expect(events).toEqual([
      { type: "text-received", at: new Date(at).toISOString(), from: to, wants: "stop" },
    ]);
  });

  it("takes nothing that is forged, changed, or too old", async () => {
    const { events, post } = await stage();
    const { body, headers } = telnyx.webhook("message.received", received("STOP"));
    const { "telnyx-signature-ed25519": _signature, ...unsigned } = headers;
    expect(await post({ body, headers: unsigned })).toBe(401);
    expect(await post({ body: body.replace("STOP", "stop"), headers })).toBe(401);
    expect(await post({ body, headers: { ...headers, "telnyx-timestamp": "1" } })).toBe(401);
    for (const minutes of [-6, 6]) {
      const at = Date.now() + minutes * 60_000;
      expect(await post(telnyx.webhook("message.received", received("STOP"), { at }))).toBe(401);
    }
    const other = await startTelnyxStandIn();
    expect(await post(other.webhook("message.received", received("STOP")))).toBe(401);
    await other.close();
    expect(events).toEqual([]);
  });

  it("acts once on an event that comes twice", async () => {
    const { events, post } = await stage();
    for (const _time of [1, 2]) {
      expect(await post(telnyx.webhook("message.received", received("START"), { id: "e-1" }))).toBe(204);
    }
    expect(events).toHaveLength(1);
  });

  it.each(["", "not a key", "AAAA"])("is not set up with the key %j", async (publicKey) => {
    await expect(telnyxWebhook({ publicKey })).rejects.toMatchObject({
      code: "invalid-option",
      field: "publicKey",
    });
  });
});
