import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { liveKitSipSetup } from "@clinic/sip-voice/livekit";
import {
  applySipPlan,
  changesAnything,
  planSipRemoval,
  planSipSetup,
  readSipConfig,
  type SipPlan,
  type SipSetup,
} from "@clinic/sip-voice/trunks";
import { afterEach, expect, test } from "vitest";
import { type SipStandIn, startSipStandIn } from "./sip-stand-in.ts";

const apiKey = "devkey";
const apiSecret = "a-secret-of-the-lab-that-is-long-enough";
const nobody = "http://127.0.0.1:1";
const ends: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** The stand-in alone: nothing here passes on to the LiveKit server behind it. */
async function standIn(): Promise<SipStandIn> {
  const livekit = { url: "ws://127.0.0.1:1", httpUrl: nobody, apiKey, apiSecret };
  const sip = await startSipStandIn({ livekit });
  ends.push(() => sip.stop());
  return sip;
}

const files = (address = "sip.telnyx.com:5060", prefix = "call") => ({
  "inbound_trunk.json": JSON.stringify({
    trunk: {
      name: "in",
      numbers: ["+17205550174"],
      ringing_timeout: "30s",
      krispEnabled: true,
      metadata: "x",
    },
  }),
  "outbound_trunk.json": JSON.stringify({
    trunk: {
      ...{
        name: "out",
        address,
        transport: "SIP_TRANSPORT_UDP",
        numbers: ["+17205550174"],
        fromHost: "clinic.example",
      },
      ...{ authUsername: "riverside", authPassword: "not-a-real-one", headers: { "X-Clinic": "riverside" } },
    },
  }),
  "dispatch_rule.json": JSON.stringify({
    dispatch_rule: {
      name: "rule",
      trunk_ids: [`\${INBOUND_TRUNK_ID}`],
      rule: { dispatchRuleIndividual: { room_prefix: prefix } },
      room_config: { agents: [{ agent_name: "gemini-sip-agent", metadata: "{}" }], tags: { my_tag: "1" } },
    },
  }),
});

async function planFor(setup: SipSetup, texts = files(), known = {}, plan = planSipSetup): Promise<SipPlan> {
  const { config, findings } = readSipConfig(texts, {});
  expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
  const listed = await setup.list();
  if (!listed.ok) throw new Error(listed.failure.kind);
  return plan(config, listed.value, known);
}

test("plan, apply, plan: nothing to do; a changed file: exactly that change; then all of it is removed", async () => {
  const setup = await liveKitSipSetup(await standIn());
  const applied = await applySipPlan(setup, await planFor(setup));
  if (applied.outcome !== "applied") throw new Error(JSON.stringify(applied));
  const again = await planFor(setup, files(), applied.ids);
  expect(again.steps.map(({ action, changes }) => [action, changes])).toEqual([
    ["keep", []],
    ["keep", []],
    ["keep", []],
  ]);
  const changed = files("sip.telnyx.eu:5060", "phone");
  const plan = await planFor(setup, changed, applied.ids);
  expect(plan.steps.map(({ action, changes }) => [action, changes.map(({ field }) => field)])).toEqual([
    ["keep", []],
    ["update", ["address"]],
    ["update", ["rule"]],
  ]);
  expect(await applySipPlan(setup, plan)).toMatchObject({ outcome: "applied", ids: applied.ids });
  expect(changesAnything(await planFor(setup, changed, applied.ids))).toBe(false);
  await applySipPlan(setup, await planFor(setup, changed, applied.ids, planSipRemoval));
  const left = await setup.list();
  expect(left).toEqual({ ok: true, value: { inboundTrunks: [], outboundTrunks: [], dispatchRules: [] } });
});

test("what LiveKit refuses has a kind and a remedy", async () => {
  const sip = await standIn();
  const kindOf = async (connection: { url: string; apiKey: string; apiSecret: string }): Promise<string> => {
    const listed = await (await liveKitSipSetup(connection)).list();
    return listed.ok ? "listed" : listed.failure.kind;
  };
  expect(await kindOf(sip)).toBe("listed");
  expect(await kindOf({ url: sip.url, apiKey, apiSecret: "the-secret-of-another-project-altogether" })).toBe(
    "refused",
  );
  expect(await kindOf({ url: "ws://127.0.0.1:1", apiKey, apiSecret })).toBe("unreachable");
  const setup = await liveKitSipSetup(sip);
  const gone = await setup.remove("inbound-trunk", "ST_gone");
  expect(gone).toMatchObject({ ok: false, failure: { kind: "gone" } });
  const invalid = await setup.create({ kind: "inbound-trunk", resource: { name: "open to the world" } });
  expect(invalid).toMatchObject({ ok: false, failure: { kind: "invalid" } });
});

test.each([
  {
    kind: "no-sip",
    status: 500,
    body: { code: "internal", msg: "twirp error unknown: sip not connected (redis required)" },
  },
  { kind: "too-few-rights", status: 401, body: { code: "unauthenticated", msg: "permissions denied" } },
  {
    kind: "conflict",
    status: 400,
    body: {
      code: "invalid_argument",
      msg: 'Conflicting inbound SIP Trunks: "<new>" and "ST_other", using the same number(s) ["+17205550174"] without AllowedNumbers set',
    },
  },
  {
    kind: "conflict",
    status: 400,
    body: {
      code: "invalid_argument",
      msg: 'Dispatch rule for the same trunk, inbound number, number, and PIN combination already exists in dispatch rule "SDR_other" "x"',
    },
  },
  { kind: "no-api", status: 404, body: undefined },
  { kind: "failed", status: 503, body: { code: "unavailable", msg: "no" } },
])("LiveKit's words for $kind", async ({ kind, status, body }) => {
  const server = createServer((_request, response) => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(body ? JSON.stringify(body) : "404 page not found");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  ends.push(() => new Promise((resolve) => server.close(resolve)));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const setup = await liveKitSipSetup({ url, apiKey, apiSecret });
  const answer = await setup.create({
    kind: "inbound-trunk",
    resource: { name: "a", numbers: ["+17205550174"] },
  });
  expect(answer).toMatchObject({ ok: false, failure: { kind } });
  if (kind === "conflict") expect(JSON.stringify(answer)).toMatch(/(ST|SDR)_other/);
  expect(JSON.stringify(answer)).not.toContain("0174");
});
