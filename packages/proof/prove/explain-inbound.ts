/** `explainInbound` says of a call what LiveKit's own matching does with it: each call against each set of trunks and rules, decided by LiveKit's Go functions. */
import { explainInbound, type InboundExplanation } from "@clinic/sip-voice/trunks";
import { type Claim, ClaimTally } from "../src/claim.ts";
import type { RunContext } from "../src/run-context.ts";
import { type MatchingCase, matchingCases } from "./explain-inbound/cases.ts";
import { type LiveKitVerdict, liveKitVerdicts } from "./explain-inbound/livekit-matching.ts";

const outcomes = ["dispatched", "pin-asked", "no-rule", "trunk-conflict", "rule-conflict"] as const;

/** Runs LiveKit's functions over the cases and holds the explanations against them. */
export async function prove({ signal, progress }: RunContext): Promise<readonly Claim[]> {
  const cases = matchingCases();
  progress(`running LiveKit's matching over ${cases.length} calls (go run; the first time it builds)`);
  const verdicts = await liveKitVerdicts(cases, signal);
  const agrees = new ClaimTally("Trunk, rule and outcome are those of LiveKit's own functions.");
  const rooms = new ClaimTally("The room begins as LiveKit names it.");
  const told = new ClaimTally(
    "Every trunk and every rule comes with its reason, and only the chosen ones take the call.",
  );
  const seen = new Map<string, number>();
  for (const [index, one] of cases.entries()) {
    const verdict = verdicts[index];
    if (verdict?.name !== one.name) throw new Error(`The Go program left out "${one.name}".`);
    const explanation = explain(one);
    seen.set(verdict.outcome, (seen.get(verdict.outcome) ?? 0) + 1);
    const ours = [explanation.outcome, explanation.trunkId ?? "", explanation.ruleId ?? ""].join(" ");
    const theirs = [verdict.outcome, verdict.trunk, verdict.rule].join(" ");
    agrees.try(ours === theirs, `${one.name}: ours "${ours}", LiveKit's "${theirs}"`);
    if (verdict.outcome === "dispatched") tryRoom(rooms, one, explanation, verdict);
    told.try(isTold(explanation), one.name);
  }
  for (const outcome of outcomes) agrees.note(`${outcome} ${seen.get(outcome) ?? 0}`);
  const reached = new ClaimTally("The calls meet every outcome.");
  for (const outcome of outcomes) reached.try((seen.get(outcome) ?? 0) > 0, `${outcome} never came`);
  return [agrees.result(), rooms.result(), told.result(), reached.result()];
}

function explain({ from, to, source, host, pin, trunks, rules }: MatchingCase): InboundExplanation {
  return explainInbound(
    from,
    to,
    trunks.map(({ sipTrunkId: id, ...resource }) => ({ id, resource })),
    rules.map(({ sipDispatchRuleId: id, ...resource }) => ({ id, resource })),
    { sourceAddress: source, host, pin },
  );
}

function tryRoom(
  rooms: ClaimTally,
  { name }: MatchingCase,
  explanation: InboundExplanation,
  verdict: LiveKitVerdict,
): void {
  rooms.try(
    explanation.room === verdict.room,
    `${name}: ours "${explanation.room}", LiveKit's "${verdict.room}"`,
  );
}

function isTold({ trunks, rules, trunkId, ruleId }: InboundExplanation): boolean {
  const right = (id: string | undefined, all: InboundExplanation["trunks"]): boolean =>
    all.every((one) => one.why !== "" && one.takes === (one.id === id));
  return right(trunkId, trunks) && right(ruleId, rules);
}
