import type { SipFinding, SipFindingRule } from "./finding.ts";
import { pathText, type SipConfigReading } from "./sip-config.ts";
import type { DispatchRule, InboundTrunk, OutboundTrunk } from "./sip-config-shape.ts";
import { type SipResourceKind, sipConfigFiles } from "./sip-resource.ts";
import { ownTrunkReference } from "./variable-reference.ts";

/** What the checks know besides the files. */
export interface SipCheckFacts {
  /** The name under which the agent's worker registers. */
  readonly agentName: string;
}

type Report = (
  finding: Pick<SipFinding, "severity" | "rule" | "found" | "means" | "remedy">,
  ...path: PropertyKey[]
) => void;

const e164 = /^\+[1-9]\d{6,14}$/;

/**
 * Holds the files against what is known to fail silently: ports, transport, user names, number formats, who may call in, and what
 * the dispatch rule does with callers. Needs no network.
 *
 * @example
 * ```ts
 * import { checkSipConfig, readSipConfig } from "@clinic/sip-voice/trunks";
 *
 * const trunk = { name: "telnyx", address: "sip.telnyx.com", numbers: ["+15105550100"] };
 * const reading = readSipConfig({ "outbound_trunk.json": JSON.stringify({ trunk }) }, {});
 * const findings = checkSipConfig(reading, { agentName: "gemini-sip-agent" });
 * console.log(findings.map(({ rule }) => rule)); // [ "address-port", "transport", "credentials" ]
 * ```
 */
export function checkSipConfig(
  reading: SipConfigReading,
  { agentName }: SipCheckFacts,
): readonly SipFinding[] {
  const findings: SipFinding[] = [];
  const reporter =
    (kind: SipResourceKind): Report =>
    (finding, ...path) =>
      findings.push({
        ...finding,
        file: sipConfigFiles[kind].file,
        field: pathText(path),
        ...reading.placeOf(kind, path),
      });
  const { "inbound-trunk": inbound, "outbound-trunk": outbound, "dispatch-rule": rule } = reading.config;
  if (inbound) checkInbound(inbound, reporter("inbound-trunk"));
  if (outbound) checkOutbound(outbound, reporter("outbound-trunk"));
  if (rule) checkRule(rule, reading.has("inbound-trunk"), agentName, reporter("dispatch-rule"));
  return findings;
}

function checkInbound(trunk: InboundTrunk, report: Report): void {
  checkNumbers(trunk.numbers, "numbers", report);
  checkNumbers(trunk.allowedNumbers, "allowedNumbers", report);
  checkCredentials(trunk, report);
  if (trunk.allowedAddresses?.length || trunk.authUsername) return;
  report(
    {
      ...{ rule: "open-trunk", severity: "warning" },
      found: "Anybody may call in through this trunk.",
      means: "Whoever finds your SIP address reaches the agent, under any number.",
      remedy:
        "List your carrier's signalling addresses in allowedAddresses, or set authUsername and authPassword where your carrier can use them.",
    },
    "allowedAddresses",
  );
}

function checkOutbound(trunk: OutboundTrunk, report: Report): void {
  checkAddress(trunk.address, report);
  const { transport = "SIP_TRANSPORT_AUTO" } = trunk;
  if (transport === "SIP_TRANSPORT_AUTO")
    report(
      {
        ...{ rule: "transport", severity: "error" },
        found: "The transport is AUTO.",
        means: "With Telnyx calls end without a ring and without a helpful error.",
        remedy: 'Write "transport": "SIP_TRANSPORT_UDP".',
      },
      "transport",
    );
  else if (transport !== "SIP_TRANSPORT_UDP")
    report(
      {
        ...{ rule: "transport", severity: "warning" },
        found: `The transport is ${transport.slice("SIP_TRANSPORT_".length)}, not UDP.`,
        means: "It works only if the carrier's connection has the same one, on the port of the address.",
        remedy: "Use SIP_TRANSPORT_UDP and port 5060 unless you know that.",
      },
      "transport",
    );
  checkNumbers(trunk.numbers, "numbers", report);
  if (!trunk.numbers?.length)
    report(
      {
        ...{ rule: "number-format", severity: "error" },
        found: "The trunk has no number.",
        means: "LiveKit refuses it: a call needs a number to come from.",
        remedy: 'Write "numbers": ["$' + '{TELNYX_PHONE_NUMBER}"].',
      },
      "numbers",
    );
  checkCredentials(trunk, report);
  if (!trunk.authUsername)
    report(
      {
        ...{ rule: "credentials", severity: "warning" },
        found: "The trunk signs in with no user name.",
        means: "The carrier answers 401, 403 or 407, unless it knows your server by its address.",
        remedy: "Set authUsername and authPassword by reference to TELNYX_SIP_USER and TELNYX_SIP_PASSWORD.",
      },
      "authUsername",
    );
}

function checkAddress(address: string, report: Report): void {
  const port = /^(?:\[[^\]]+\]|[^:]+):(\d{1,5})$/.exec(address)?.[1];
  if (/^sips?:|[@;]|:\/\/|transport=/i.test(address))
    report(
      {
        ...{ rule: "address-form", severity: "error" },
        found: "The address is a URI.",
        means: "LiveKit takes a host and a port only.",
        remedy: "Write it as in sip.telnyx.com:5060, and the transport into its own field.",
      },
      "address",
    );
  else if (port === undefined)
    report(
      {
        ...{ rule: "address-port", severity: "error" },
        found: "The address has no port.",
        means: "Calls fail without a ring and without a helpful error.",
        remedy: "Append :5060, as in sip.telnyx.com:5060.",
      },
      "address",
    );
  else if (port !== "5060" && port !== "5061")
    report(
      {
        ...{ rule: "address-port", severity: "warning" },
        found: `The address has port ${port}.`,
        means: "Carriers listen on 5060 (UDP, TCP) and 5061 (TLS).",
        remedy: "Append :5060 unless your carrier names another port.",
      },
      "address",
    );
}

function checkNumbers(numbers: readonly string[] | undefined, field: string, report: Report): void {
  for (const [index, number] of (numbers ?? []).entries()) {
    if (e164.test(number)) continue;
    report(
      {
        ...{ rule: "number-format", severity: "error" },
        found: "It is no number in +E.164 form.",
        means: "It matches no call, or the carrier refuses it.",
        remedy: "Write plus, country code and number without spaces, as in +15105550100.",
      },
      field,
      index,
    );
  }
}

function checkCredentials(
  { authUsername, authPassword }: Pick<OutboundTrunk, "authUsername" | "authPassword">,
  report: Report,
): void {
  const complain = (
    rule: SipFindingRule,
    field: string,
    sentences: readonly [string, string, string],
  ): void => {
    const [found, means, remedy] = sentences;
    report({ rule, severity: "error", found, means, remedy }, field);
  };
  if (authUsername?.includes("_"))
    complain("username", "authUsername", [
      "The user name has an underscore.",
      "Telnyx takes it in the portal and then refuses each call.",
      "Choose another one of letters and digits, in the portal and in TELNYX_SIP_USER.",
    ]);
  if (authUsername && !authPassword)
    complain("credentials", "authPassword", [
      "There is a user name and no password.",
      "Each call is refused.",
      "Set authPassword by reference to TELNYX_SIP_PASSWORD.",
    ]);
  if (authPassword && !authUsername)
    complain("credentials", "authUsername", [
      "There is a password and no user name.",
      "Each call is refused.",
      "Set authUsername by reference to TELNYX_SIP_USER.",
    ]);
}

function checkRule(rule: DispatchRule, hasInbound: boolean, agentName: string, report: Report): void {
  checkAgents(rule, agentName, report);
  checkNumbers(rule.numbers, "numbers", report);
  checkNumbers(rule.inboundNumbers, "inboundNumbers", report);
  const warn = (
    finding: Pick<SipFinding, "rule" | "found" | "means" | "remedy">,
    ...path: PropertyKey[]
  ): void => report({ severity: "warning", ...finding }, ...path);
  const { dispatchRuleDirect: direct, dispatchRuleIndividual: individual, dispatchRuleCallee } = rule.rule;
  if (direct || (dispatchRuleCallee && !dispatchRuleCallee.randomize))
    report(
      {
        ...{ rule: "shared-room", severity: "error" },
        found: "Callers share a room.",
        means: "Two patients who call at one time hear each other.",
        remedy: "Use dispatchRuleIndividual: a room for each call.",
      },
      "rule",
    );
  if ((direct ?? individual ?? dispatchRuleCallee)?.pin)
    warn(
      {
        rule: "pin",
        found: "The rule has a PIN.",
        means: "Callers hear LiveKit ask for it before the agent says a word.",
        remedy: "Take the PIN out.",
      },
      "rule",
    );
  if (rule.hidePhoneNumber)
    warn(
      {
        rule: "hidden-number",
        found: "The rule hides the caller's number.",
        means: "The agent finds no patient by it and asks everybody who they are.",
        remedy: "Take hidePhoneNumber out unless you want that.",
      },
      "hidePhoneNumber",
    );
  if (!rule.trunkIds?.length)
    warn(
      {
        rule: "rule-without-trunk",
        found: "The rule names no trunk.",
        means: "It takes the calls of every trunk that has no rule of its own.",
        remedy: `Write "trunkIds": ["${ownTrunkReference.INBOUND_TRUNK_ID}"].`,
      },
      "trunkIds",
    );
  else if (!hasInbound && rule.trunkIds.includes(ownTrunkReference.INBOUND_TRUNK_ID))
    report(
      {
        ...{ rule: "rule-without-trunk", severity: "error" },
        found: "The rule names the trunk beside it, and inbound_trunk.json is missing.",
        means: "There is no trunk that the rule could hold for.",
        remedy: "Add inbound_trunk.json, or write a trunk's id.",
      },
      "trunkIds",
    );
}

function checkAgents({ roomConfig }: DispatchRule, agentName: string, report: Report): void {
  const names = (roomConfig?.agents ?? []).map((agent) => agent.agentName ?? "");
  if (names.includes(agentName)) {
    if (names.length > 1)
      report(
        {
          ...{ rule: "agent", severity: "warning" },
          found: `The rule brings ${names.length} agents.`,
          means: "They talk over each other, unless they are made for it.",
          remedy: `Leave "${agentName}" alone there.`,
        },
        "roomConfig",
        "agents",
      );
    return;
  }
  const [other] = names.filter((name) => name !== "");
  report(
    {
      ...{ rule: "agent", severity: "error" },
      found: other ? `The rule names another agent, "${other}".` : "The rule names no agent.",
      means: "The caller hears ringing, then nothing: an agent with a name never comes by itself.",
      remedy: `Write "roomConfig": { "agents": [{ "agentName": "${agentName}" }] }.`,
    },
    ...(other ? ["roomConfig", "agents", 0, "agentName"] : ["roomConfig"]),
  );
}
