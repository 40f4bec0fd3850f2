import { normalizedNumber } from "./phone-form.ts";
import type { DispatchRule } from "./sip-config-shape.ts";
import type { LiveSipResource } from "./sip-resource.ts";

/** Why a rule takes a call or not. */
export type RuleVerdict = string;

/** The rule that LiveKit chooses. */
export interface RuleChoice {
  readonly rule: LiveSipResource<DispatchRule> | undefined;
  /** LiveKit refuses to choose: two rules hold for exactly the same, or one is broken. */
  readonly conflict: boolean;
  /** Of every rule. */
  readonly verdicts: readonly RuleVerdict[];
}

interface RoutedCall {
  readonly from: string;
  readonly to: string;
  readonly trunkId: string | undefined;
  readonly pin: string | undefined;
}

/** A rule's PIN; empty without one. */
export function pinOf({ rule }: DispatchRule): string {
  const { dispatchRuleDirect, dispatchRuleIndividual, dispatchRuleCallee } = rule;
  return (dispatchRuleDirect ?? dispatchRuleIndividual ?? dispatchRuleCallee)?.pin ?? "";
}

function roomNameOf({ rule }: DispatchRule): string {
  const { dispatchRuleDirect, dispatchRuleIndividual, dispatchRuleCallee } = rule;
  return dispatchRuleDirect?.roomName ?? (dispatchRuleIndividual ?? dispatchRuleCallee)?.roomPrefix ?? "";
}

/** LiveKit's order of rules, the lowest first: those with a PIN, those for named numbers, then by kind. */
function rank(info: DispatchRule): number {
  const { dispatchRuleDirect, dispatchRuleIndividual } = info.rule;
  const kind = dispatchRuleDirect ? 0 : dispatchRuleIndividual ? 1 : 2;
  const open = pinOf(info) === "" ? 100 : 0;
  return kind + open + (info.inboundNumbers?.length ? 0 : 1000) + (info.numbers?.length ? 0 : 1000);
}

function goesBefore(one: DispatchRule, other: DispatchRule): boolean {
  const difference = rank(one) - rank(other);
  return difference === 0 ? roomNameOf(one) < roomNameOf(other) : difference < 0;
}

/** Everything that a rule holds for, each as one key: two rules may not have one in common. */
export function scopesOf(info: DispatchRule): readonly string[] {
  const orAny = (list: readonly string[] | undefined): readonly string[] => (list?.length ? list : [""]);
  return orAny(info.trunkIds).flatMap((trunk) =>
    orAny(info.inboundNumbers).flatMap((from) =>
      orAny(info.numbers).map((to) =>
        JSON.stringify([pinOf(info), trunk, normalizedNumber(from), normalizedNumber(to)]),
      ),
    ),
  );
}

/** Chooses the rule of a call as LiveKit does. */
export function chooseRule(call: RoutedCall, rules: readonly LiveSipResource<DispatchRule>[]): RuleChoice {
  // LiveKit reads the rules of the call's trunk and those that name no trunk; without a trunk it reads all.
  const read = rules.map(
    ({ resource: { trunkIds = [] } }) =>
      call.trunkId === undefined || trunkIds.length === 0 || trunkIds.includes(call.trunkId),
  );
  const broken = rules.find(({ resource }, index) => read[index] && Object.keys(resource.rule).length === 0);
  if (broken)
    return {
      rule: undefined,
      conflict: true,
      verdicts: rules.map((one) =>
        one === broken
          ? "It does not say into which room a call goes: LiveKit refuses it."
          : "LiveKit could not choose among the rules.",
      ),
    };
  const clash = clashAmong(rules.filter((_rule, index) => read[index]));
  if (clash !== undefined)
    return {
      rule: undefined,
      conflict: true,
      verdicts: rules.map(({ id }) =>
        clash.includes(id)
          ? "It holds for exactly what another rule holds for: LiveKit takes none."
          : "LiveKit could not choose among the rules.",
      ),
    };
  const refusals = rules.map(({ resource }, index) =>
    read[index] ? refusalOf(resource, call) : "It is for other trunks.",
  );
  const fitting = rules.filter((_rule, index) => refusals[index] === undefined);
  const own = fitting.filter(({ resource }) => resource.trunkIds?.length);
  const candidates = own.length > 0 ? own : fitting;
  let best = candidates[0];
  for (const one of candidates) if (best && goesBefore(one.resource, best.resource)) best = one;
  return {
    rule: best,
    conflict: false,
    verdicts: rules.map((one, index) => {
      const refusal = refusals[index];
      if (refusal !== undefined) return refusal;
      if (one === best) return "It takes the call.";
      return candidates.includes(one)
        ? "It holds for the call too; the other one goes first: a PIN, then named numbers, then the kind of room."
        : "It names no trunk; a rule that names the call's trunk goes first.";
    }),
  };
}

function clashAmong(rules: readonly LiveSipResource<DispatchRule>[]): readonly string[] | undefined {
  const holders = new Map<string, string>();
  for (const { id, resource } of rules)
    for (const scope of scopesOf(resource)) {
      const other = holders.get(scope);
      if (other !== undefined) return [other, id];
      holders.set(scope, id);
    }
  return undefined;
}

function refusalOf(info: DispatchRule, { from, to, trunkId, pin }: RoutedCall): string | undefined {
  const { inboundNumbers = [], numbers = [], trunkIds = [] } = info;
  // Here LiveKit compares letter by letter: +1510… and 1510… are two numbers.
  if (inboundNumbers.length > 0 && !inboundNumbers.includes(from))
    return "It is for other callers: inboundNumbers.";
  if (numbers.length > 0 && !numbers.includes(to)) return "It is for other called numbers: numbers.";
  if (pin && pinOf(info) === "") return "It has no PIN, and the caller keyed one in.";
  if (pin && pinOf(info) !== pin) return "It has another PIN.";
  if (trunkIds.length > 0 && trunkId === undefined) return "It is for a trunk, and no trunk takes the call.";
  return undefined;
}
