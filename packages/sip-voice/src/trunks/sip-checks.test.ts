import { describe, expect, it } from "vitest";
import { checkCarrierFqdn } from "./carrier-fqdn.ts";
import { checkSipConfig } from "./sip-checks.ts";
import { readSipConfig } from "./sip-config.ts";

const inbound = { name: "in", numbers: ["+17205550174"], allowedAddresses: ["192.76.120.10"] };
const outbound = {
  name: "out",
  address: "sip.telnyx.com:5060",
  transport: "SIP_TRANSPORT_UDP",
  numbers: ["+17205550174"],
  authUsername: "riverside",
  authPassword: "x",
};
const rule = {
  name: "rule",
  trunkIds: [`\${INBOUND_TRUNK_ID}`],
  rule: { dispatchRuleIndividual: { roomPrefix: "call" } },
  roomConfig: { agents: [{ agentName: "gemini-sip-agent" }] },
};

function findingsOf(change: { inbound?: object; outbound?: object; rule?: object }) {
  const files = {
    "inbound_trunk.json": JSON.stringify({ trunk: { ...inbound, ...change.inbound } }, null, 2),
    "outbound_trunk.json": JSON.stringify({ trunk: { ...outbound, ...change.outbound } }, null, 2),
    "dispatch_rule.json": JSON.stringify({ dispatchRule: { ...rule, ...change.rule } }, null, 2),
  };
  const reading = readSipConfig(files, {});
  expect(reading.findings.filter(({ severity }) => severity === "error")).toEqual([]);
  return checkSipConfig(reading, { agentName: "gemini-sip-agent" }).map(
    ({ rule, severity, file, field, line }) => ({
      is: `${severity} ${rule}`,
      at: `${file} ${field}`,
      line,
    }),
  );
}

describe("checkSipConfig", () => {
  it("has nothing to say of a sound set-up", () => {
    expect(findingsOf({})).toEqual([]);
  });

  it.each([
    {
      change: { outbound: { address: "sip.telnyx.com" } },
      is: "error address-port",
      at: "outbound_trunk.json address",
    },
    {
      change: { outbound: { address: "sip.telnyx.com:5080" } },
      is: "warning address-port",
      at: "outbound_trunk.json address",
    },
    {
      change: { outbound: { address: "sip:sip.telnyx.com:5060" } },
      is: "error address-form",
      at: "outbound_trunk.json address",
    },
    {
      change: { outbound: { transport: undefined } },
      is: "error transport",
      at: "outbound_trunk.json transport",
    },
    {
      change: { outbound: { transport: "SIP_TRANSPORT_AUTO" } },
      is: "error transport",
      at: "outbound_trunk.json transport",
    },
    {
      change: { outbound: { transport: "SIP_TRANSPORT_TCP" } },
      is: "warning transport",
      at: "outbound_trunk.json transport",
    },
    {
      change: { outbound: { authUsername: "riverside_clinic" } },
      is: "error username",
      at: "outbound_trunk.json authUsername",
    },
    {
      change: { outbound: { authPassword: undefined } },
      is: "error credentials",
      at: "outbound_trunk.json authPassword",
    },
    {
      change: { outbound: { authUsername: undefined, authPassword: undefined } },
      is: "warning credentials",
      at: "outbound_trunk.json authUsername",
    },
    {
      change: { outbound: { numbers: ["17205550174"] } },
      is: "error number-format",
      at: "outbound_trunk.json numbers[0]",
    },
    { change: { outbound: { numbers: [] } }, is: "error number-format", at: "outbound_trunk.json numbers" },
    {
      change: { inbound: { numbers: ["+17205550174", "(720) 555-0174"] } },
      is: "error number-format",
      at: "inbound_trunk.json numbers[1]",
    },
    {
      change: { inbound: { allowedAddresses: [] } },
      is: "warning open-trunk",
      at: "inbound_trunk.json allowedAddresses",
    },
    { change: { rule: { roomConfig: {} } }, is: "error agent", at: "dispatch_rule.json roomConfig" },
    {
      change: { rule: { roomConfig: { agents: [{ agentName: "other" }] } } },
      is: "error agent",
      at: "dispatch_rule.json roomConfig.agents[0].agentName",
    },
    {
      change: { rule: { rule: { dispatchRuleDirect: { roomName: "lobby" } } } },
      is: "error shared-room",
      at: "dispatch_rule.json rule",
    },
    {
      change: { rule: { rule: { dispatchRuleIndividual: { pin: "4711" } } } },
      is: "warning pin",
      at: "dispatch_rule.json rule",
    },
    {
      change: { rule: { hidePhoneNumber: true } },
      is: "warning hidden-number",
      at: "dispatch_rule.json hidePhoneNumber",
    },
    {
      change: { rule: { trunkIds: [] } },
      is: "warning rule-without-trunk",
      at: "dispatch_rule.json trunkIds",
    },
    {
      change: { rule: { inboundNumbers: ["5105550100"] } },
      is: "error number-format",
      at: "dispatch_rule.json inboundNumbers[0]",
    },
  ])("$is at $at", ({ change, is, at }) => {
    const findings = findingsOf(change);
    expect(findings).toEqual([{ is, at, line: expect.any(Number) }]);
  });

  it("knows that a rule's own trunk is missing", () => {
    const reading = readSipConfig({ "dispatch_rule.json": JSON.stringify({ dispatchRule: rule }) }, {});
    expect(checkSipConfig(reading, { agentName: "gemini-sip-agent" })).toMatchObject([
      { rule: "rule-without-trunk", severity: "error" },
    ]);
  });
});

describe("checkCarrierFqdn", () => {
  const liveKitUrl = "wss://clinic-1a2b3c.livekit.cloud";
  const liveKitSipUri = "sip:vjnxecm0tjk.sip.livekit.cloud";
  it.each([
    { fqdn: "vjnxecm0tjk.sip.livekit.cloud", liveKitUrl, liveKitSipUri, found: undefined },
    { fqdn: "vjnxecm0tjk.eu.sip.livekit.cloud", liveKitUrl, liveKitSipUri, found: undefined },
    { fqdn: "vjnxecm0tjk.sip.livekit.cloud", liveKitUrl, found: undefined },
    { fqdn: "otherproject.sip.livekit.cloud", liveKitUrl, liveKitSipUri, found: /another LiveKit project/ },
    { fqdn: "clinic-1a2b3c.livekit.cloud", liveKitUrl, found: /LIVEKIT_URL's host/ },
    { fqdn: "sip:vjnxecm0tjk.sip.livekit.cloud", liveKitUrl, found: /a URI/ },
    { fqdn: "sip.clinic.example", liveKitUrl, found: /not LiveKit Cloud's/ },
    {
      fqdn: "vjnxecm0tjk.sip.livekit.cloud",
      liveKitUrl: "wss://livekit.clinic.example",
      found: /LIVEKIT_URL is not/,
    },
    { fqdn: "sip.clinic.example", liveKitUrl: "wss://livekit.clinic.example", found: undefined },
    {
      fqdn: "old.clinic.example",
      liveKitUrl: "wss://livekit.clinic.example",
      liveKitSipUri: "sip.clinic.example",
      found: /not LIVEKIT_SIP_URI's/,
    },
  ])("$fqdn: $found", ({ found, ...facts }) => {
    const finding = checkCarrierFqdn(facts);
    if (found === undefined) expect(finding).toBeUndefined();
    else expect(finding?.found).toMatch(found);
  });
});
