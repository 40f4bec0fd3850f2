import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { SipListing } from "@clinic/sip-voice/trunks";
import { afterAll, describe, expect, it } from "vitest";
import { accessSteps, reachSteps } from "./livekit-steps.ts";
import { probeDatabase } from "./probe.ts";
import { databaseStep, geminiStep, telnyxSteps } from "./service-steps.ts";
import { agentStep, routeSteps } from "./sip-steps.ts";
import { variableSteps } from "./variable-steps.ts";

const whole = {
  LIVEKIT_URL: "wss://clinic-1a2b3c.livekit.cloud",
  LIVEKIT_API_KEY: "APIkey",
  LIVEKIT_API_SECRET: "secret",
  GOOGLE_API_KEY: "key",
  SIP_VOICE_DB: "clinic.sqlite",
  TELNYX_SIP_USER: "riverside",
  TELNYX_SIP_PASSWORD: "x",
  TELNYX_PHONE_NUMBER: "+17205550174",
  TELNYX_SIP_SERVER: "sip.telnyx.com",
};
const folder = mkdtempSync(join(tmpdir(), "sip-voice-doctor-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("the doctor's steps", () => {
  it("name every variable that is missing or malformed, at once and in order", () => {
    expect(variableSteps(whole)).toMatchObject([{ state: "ok" }]);
    expect(variableSteps({}).map(({ found }) => found)).toEqual(
      Object.keys(whole).map((name) => `${name} is not set.`),
    );
    const malformed = {
      LIVEKIT_URL: "https://x",
      TELNYX_PHONE_NUMBER: "7205550174",
      TELNYX_SIP_SERVER: "sip.telnyx.com:5060",
    };
    expect(variableSteps({ ...whole, ...malformed }).map(({ found }) => found)).toEqual(
      Object.keys(malformed).map((name) => `${name} is malformed.`),
    );
    expect(variableSteps({ ...whole, GOOGLE_API_KEY: "", GOOGLE_CLOUD_PROJECT: "riverside" })).toMatchObject([
      { state: "ok" },
    ]);
  });

  it.each([
    { code: "ENOTFOUND", found: /no such host/ },
    { code: "ECONNREFUSED", found: /refuses connections/ },
    { code: "ETIMEDOUT", found: /does not answer/ },
    { code: "ERR_TLS_CERT_ALTNAME_INVALID", found: /certificate/ },
  ])("tell why LiveKit is not reached: $code", ({ code, found }) => {
    expect(reachSteps({ reached: false, code })).toMatchObject([
      { subject: "livekit", state: "error", found: expect.stringMatching(found) },
    ]);
  });

  it("tell a clock that is wrong in both directions, and a page that is no LiveKit", () => {
    expect(reachSteps({ reached: true, status: 200, skewSeconds: 3 }).map(({ state }) => state)).toEqual([
      "ok",
      "ok",
    ]);
    expect(reachSteps({ reached: true, status: 200, skewSeconds: 400 })[1]?.found).toContain(
      "400 s ahead of",
    );
    expect(reachSteps({ reached: true, status: 200, skewSeconds: -90 })[1]?.found).toContain("90 s behind");
    expect(reachSteps({ reached: true, status: 404, skewSeconds: undefined })[0]).toMatchObject({
      state: "error",
    });
  });

  it.each([
    { kind: "refused", subject: "credentials" },
    { kind: "too-few-rights", subject: "credentials" },
    { kind: "no-sip", subject: "sip" },
    { kind: "no-api", subject: "livekit" },
  ] as const)("take $kind for a matter of $subject", ({ kind, subject }) => {
    const steps = accessSteps({ ok: false, failure: { kind, means: "m", remedy: "r" } });
    expect(steps.find(({ state }) => state === "error")?.subject).toBe(subject);
  });

  it("tell where a call goes, without the number", () => {
    const trunk = { id: "ST_1", resource: { name: "in", numbers: ["+17205550174"] } };
    const rule = (agentName: string) => ({
      id: "SDR_1",
      resource: { name: "r", rule: { dispatchRuleIndividual: {} }, roomConfig: { agents: [{ agentName }] } },
    });
    const listing = (agentName?: string): SipListing => ({
      inboundTrunks: [trunk],
      outboundTrunks: [],
      dispatchRules: agentName ? [rule(agentName)] : [],
    });
    expect(routeSteps("+17205550174", listing("a"), "a").state).toBe("ok");
    for (const wrong of [listing("b"), listing()]) {
      const step = routeSteps("+17205550174", wrong, "a");
      expect(step.state).toBe("error");
      expect(step.found).not.toContain("5550174");
    }
  });

  it("tell of an agent that did not come, and of one that could not be asked for", () => {
    expect(agentStep({ came: true, afterMs: 500 }, "a").state).toBe("ok");
    expect(agentStep({ came: false, afterMs: 15_000 }, "a")).toMatchObject({
      state: "error",
      found: expect.stringContaining("15 s"),
    });
    expect(agentStep({ failed: "x" }, "a").state).toBe("not-checked");
  });

  it.each([
    [200, "ok"],
    [400, "error"],
    [403, "error"],
    [429, "warning"],
    [500, "not-checked"],
    [undefined, "error"],
  ] as const)("take Gemini's %s for %s", (status, state) => {
    expect(geminiStep(status).state).toBe(state);
  });

  it.each([
    { account: undefined, found: undefined },
    { account: { status: 401 }, found: /refuses TELNYX_API_KEY/ },
    { account: { number: "unknown", fqdns: [] }, found: /not in this Telnyx account/ },
    { account: { number: "unassigned", fqdns: [] }, found: /no SIP connection/ },
    { account: { number: "assigned", fqdns: [] }, found: /no FQDN/ },
    { account: { number: "assigned", fqdns: ["other.sip.livekit.cloud"] }, found: /another LiveKit project/ },
    { account: { number: "assigned", fqdns: ["clinic-1a2b3c.livekit.cloud"] }, found: /LIVEKIT_URL's host/ },
    { account: { number: "assigned", fqdns: ["vjnxecm0tjk.sip.livekit.cloud"] }, found: undefined },
  ] as const)("tell what is wrong at Telnyx: $found", ({ account, found }) => {
    const steps = telnyxSteps({
      dns: "ok",
      account,
      liveKitUrl: whole.LIVEKIT_URL,
      liveKitSipUri: "sip:vjnxecm0tjk.sip.livekit.cloud",
    });
    const error = steps.find(({ state }) => state === "error");
    if (found === undefined) expect(error).toBeUndefined();
    else expect(error?.found).toMatch(found);
  });

  it("tell a host that does not exist from one that could not be looked up", () => {
    const facts = { account: undefined, liveKitUrl: whole.LIVEKIT_URL, liveKitSipUri: undefined };
    expect(telnyxSteps({ ...facts, dns: "no-such-host" })[0]?.state).toBe("error");
    expect(telnyxSteps({ ...facts, dns: "no-answer" })[0]?.state).toBe("warning");
  });

  it("look at the database without making or changing it", () => {
    new DatabaseSync(join(folder, "ready.sqlite")).exec("CREATE TABLE a (b)");
    new DatabaseSync(join(folder, "empty.sqlite")).exec("PRAGMA user_version = 0");
    writeFileSync(
      join(folder, "text.sqlite"),
      "this is no database, and long enough to be looked at as one ".repeat(20),
    );
    const states = ["ready.sqlite", "absent.sqlite", "no/where.sqlite", "text.sqlite", "."].map((path) =>
      probeDatabase(folder, path),
    );
    expect(states).toEqual(["ready", "absent", "no-folder", "not-a-database", "not-a-database"]);
    expect(states.map((state) => databaseStep(state).state)).toEqual(["ok", "ok", "error", "error", "error"]);
    expect(databaseStep(probeDatabase(folder, "empty.sqlite")).state).toBe("warning");
  });
});
