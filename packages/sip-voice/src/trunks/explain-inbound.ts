import { allowsAddress } from "./address-mask.ts";
import { chooseRule, pinOf, type RuleChoice, type RuleVerdict } from "./dispatch-choice.ts";
import { normalizedNumber } from "./phone-form.ts";
import type { DispatchRule, InboundTrunk } from "./sip-config-shape.ts";
import type { LiveSipResource } from "./sip-resource.ts";

/** What more is known of a call. */
export interface InboundCallFacts {
  /** The address that the carrier's request comes from; unless given, every address is taken as allowed. */
  readonly sourceAddress?: string;
  /** The host in the caller's SIP address. */
  readonly host?: string;
  /** The PIN that the caller has keyed in. */
  readonly pin?: string;
}

/** What became of one trunk or rule. */
export interface InboundVerdict {
  /** Its id. */
  readonly id: string;
  /** Its name. */
  readonly name: string;
  /** Whether it takes the call. */
  readonly takes: boolean;
  /** Why, or why not. */
  readonly why: string;
}

/** Where a call that comes in would go. */
export interface InboundExplanation {
  /**
   * - `dispatched`: the rule takes the call
   * - `pin-asked`: the rule takes it once the caller has keyed in its PIN
   * - `no-rule`: LiveKit drops the call
   * - `trunk-conflict`, `rule-conflict`: LiveKit refuses to choose and drops the call
   */
  readonly outcome: "dispatched" | "pin-asked" | "no-rule" | "trunk-conflict" | "rule-conflict";
  /** The trunk's id; without a trunk a rule that names none may still take the call. */
  readonly trunkId: string | undefined;
  /** The rule's id. */
  readonly ruleId: string | undefined;
  /** How the room's name begins, or the whole name of a shared room. */
  readonly room: string | undefined;
  /** The agents that come. */
  readonly agents: readonly string[];
  /** Every trunk and why. */
  readonly trunks: readonly InboundVerdict[];
  /** Every rule and why. */
  readonly rules: readonly InboundVerdict[];
}

/**
 * Which trunk and which dispatch rule would take a call, and why the others would not: LiveKit's own matching
 * (`github.com/livekit/protocol/sip`, as livekit-server 1.13.5 uses it), held against it by `prove explain-inbound`.
 *
 * @param from - the caller's number, as the carrier sends it
 * @param to - the number called, as the carrier sends it
 * @example
 * ```ts
 * import { explainInbound } from "@clinic/sip-voice/trunks";
 *
 * const trunk = { id: "ST_1", resource: { name: "clinic", numbers: ["+17205550174"] } };
 * const rule = { id: "SDR_1", resource: { name: "all", rule: { dispatchRuleIndividual: { roomPrefix: "call" } } } };
 * const { outcome, ruleId } = explainInbound("+15105550100", "+17205550174", [trunk], [rule]);
 * console.log(outcome, ruleId); // dispatched SDR_1
 * ```
 */
export function explainInbound(
  from: string,
  to: string,
  trunks: readonly LiveSipResource<InboundTrunk>[],
  rules: readonly LiveSipResource<DispatchRule>[],
  facts: InboundCallFacts = {},
): InboundExplanation {
  const choice = chooseTrunk(from, to, trunks, facts);
  const trunkVerdicts = trunks.map(({ id, resource }, index): InboundVerdict => {
    const why = choice.verdicts[index] ?? "";
    return { id, name: resource.name, takes: id === choice.trunkId, why };
  });
  const nothing = { ruleId: undefined, room: undefined, agents: [], trunks: trunkVerdicts };
  if (choice.conflict) {
    const unasked = rules.map(({ id, resource }) => ({
      ...{ id, name: resource.name, takes: false },
      why: "LiveKit could not choose a trunk.",
    }));
    return { ...nothing, outcome: "trunk-conflict", trunkId: undefined, rules: unasked };
  }
  const { trunkId } = choice;
  const chosen: RuleChoice = chooseRule({ from, to, trunkId, pin: facts.pin }, rules);
  const ruleVerdicts = rules.map(({ id, resource }, index): InboundVerdict => {
    const verdict: RuleVerdict | undefined = chosen.verdicts[index];
    return { id, name: resource.name, takes: id === chosen.rule?.id, why: verdict ?? "" };
  });
  if (!chosen.rule) {
    const outcome = chosen.conflict ? "rule-conflict" : "no-rule";
    return { ...nothing, outcome, trunkId, rules: ruleVerdicts };
  }
  const { id, resource } = chosen.rule;
  return {
    outcome: pinOf(resource) !== "" && !facts.pin ? "pin-asked" : "dispatched",
    trunkId,
    ruleId: id,
    room: roomOf(resource, from, to),
    agents: (resource.roomConfig?.agents ?? []).map(({ agentName }) => agentName ?? ""),
    trunks: trunkVerdicts,
    rules: ruleVerdicts,
  };
}

interface TrunkChoice {
  readonly trunkId: string | undefined;
  readonly conflict: boolean;
  readonly verdicts: readonly string[];
}

function chooseTrunk(
  from: string,
  to: string,
  trunks: readonly LiveSipResource<InboundTrunk>[],
  { sourceAddress, host }: InboundCallFacts,
): TrunkChoice {
  const called = normalizedNumber(to);
  const caller = normalizedNumber(from);
  const matches = trunks.map(({ resource }): "own-number" | "any-number" | string => {
    const { numbers = [], allowedNumbers = [], allowedAddresses } = resource;
    if (numbers.length > 0 && !numbers.some((number) => normalizedNumber(number) === called))
      return "It has other numbers.";
    if (allowedNumbers.length > 0 && !allowedNumbers.some((number) => normalizedNumber(number) === caller))
      return "It does not take this caller: allowedNumbers.";
    if (!allowsAddress(sourceAddress, host, allowedAddresses))
      return "It does not take calls from this address: allowedAddresses.";
    return numbers.length > 0 ? "own-number" : "any-number";
  });
  const own = matches.filter((match) => match === "own-number").length;
  const any = matches.filter((match) => match === "any-number").length;
  const candidate = own > 0 ? "own-number" : "any-number";
  const conflict = own > 1 || (own === 0 && any > 1);
  const chosen = conflict ? -1 : matches.indexOf(candidate);
  return {
    trunkId: trunks[chosen]?.id,
    conflict,
    verdicts: matches.map((match, index) => {
      if (match !== "own-number" && match !== "any-number") return match;
      if (conflict && match === candidate)
        return "It would take the call, and so would another: LiveKit takes none.";
      if (index !== chosen) return "It takes any number; one that has the number itself goes first.";
      return match === "own-number" ? "It has the number." : "It takes any number.";
    }),
  };
}

function roomOf({ rule, hidePhoneNumber }: DispatchRule, from: string, to: string): string {
  const { dispatchRuleDirect, dispatchRuleIndividual, dispatchRuleCallee } = rule;
  if (dispatchRuleDirect) return dispatchRuleDirect.roomName;
  const prefix = (dispatchRuleIndividual ?? dispatchRuleCallee)?.roomPrefix;
  const shown = hidePhoneNumber ? from.slice(from.length <= 4 ? -1 : -4) : from;
  return `${prefix ? `${prefix}_` : ""}${dispatchRuleIndividual ? shown : to}`;
}
