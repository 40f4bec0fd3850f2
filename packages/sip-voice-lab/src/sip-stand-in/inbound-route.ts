import { createHash, randomBytes } from "node:crypto";
import type { SIPDispatchRuleInfo, SIPInboundTrunkInfo } from "@livekit/protocol";
import { livekitId } from "../telephone/sip-leg.ts";
import type { SipResources } from "./sip-resources.ts";

/** Where an inbound call goes. */
export interface InboundRoute {
  readonly trunk: SIPInboundTrunkInfo;
  readonly rule: SIPDispatchRuleInfo;
}

/** Finds the trunk and the dispatch rule of a call; the most specific wins, as in LiveKit. */
export function routeInbound(resources: SipResources, from: string, to: string): InboundRoute | undefined {
  const trunks = [...resources.inbound.values()].filter(
    (trunk) => listsOrAny(trunk.numbers, to) && listsOrAny(trunk.allowedNumbers, from),
  );
  const trunk = trunks.find((candidate) => candidate.numbers.includes(to)) ?? trunks[0];
  if (!trunk) return undefined;
  const rules = [...resources.rules.values()].filter(
    (rule) =>
      listsOrAny(rule.trunkIds, trunk.sipTrunkId) &&
      listsOrAny(rule.inboundNumbers, from) &&
      listsOrAny(rule.numbers, to) &&
      // A simulated caller enters no PIN.
      !rule.rule?.rule.value?.pin,
  );
  const rule = rules.find((candidate) => candidate.trunkIds.includes(trunk.sipTrunkId)) ?? rules[0];
  return rule ? { trunk, rule } : undefined;
}

/** Identity, name, room and attributes of an inbound SIP participant. */
export interface InboundParticipant {
  readonly identity: string;
  readonly name: string;
  readonly room: string;
  readonly attributes: Record<string, string>;
}

/** Shapes an inbound participant as LiveKit does (`recorded/inbound-sip-participant.json`). */
export function inboundParticipant(
  route: InboundRoute,
  call: { from: string; to: string; hidden: boolean; callId: string; sequence: number },
): InboundParticipant {
  const { rule, trunk } = route;
  const { from, to, hidden } = call;
  const hide = hidden || rule.hidePhoneNumber;
  const identity = hidden
    ? `sip_${randomBytes(8).toString("hex")}`
    : `sip_${hide ? createHash("sha256").update(from).digest("hex").slice(0, 16) : from}`;
  const shown = hidden ? "anonymous" : hide ? from.slice(-4) : from;
  return {
    identity,
    name: `Phone ${shown}`,
    room: roomName(rule, shown, to),
    attributes: {
      ...rule.attributes,
      "sip.callID": call.callId,
      "sip.callIDFull": `${call.sequence}-24954@127.0.0.1`,
      "sip.callTag": `24954SIPp${call.sequence}`,
      "sip.callStatus": "ringing",
      "sip.ruleID": rule.sipDispatchRuleId,
      "sip.trunkID": trunk.sipTrunkId,
      ...(hide ? {} : { "sip.hostname": "127.0.0.1", "sip.phoneNumber": from, "sip.trunkPhoneNumber": to }),
    },
  };
}

function roomName(info: SIPDispatchRuleInfo, from: string, to: string): string {
  const rule = info.rule?.rule;
  const random = (yes: boolean): string => (yes ? `_${livekitId("")}` : "");
  switch (rule?.case) {
    case "dispatchRuleIndividual":
      return withPrefix(rule.value.roomPrefix, from) + random(!rule.value.noRandomness);
    case "dispatchRuleCallee":
      return withPrefix(rule.value.roomPrefix, to) + random(rule.value.randomize);
    default:
      return rule?.value?.roomName ?? "";
  }
}

// LiveKit puts its own underscore after the prefix: prefix `call-` gives `call-_+1510...`.
function withPrefix(prefix: string, rest: string): string {
  return prefix === "" ? rest : `${prefix}_${rest}`;
}

function listsOrAny(list: readonly string[], value: string): boolean {
  return list.length === 0 || list.includes(value);
}
