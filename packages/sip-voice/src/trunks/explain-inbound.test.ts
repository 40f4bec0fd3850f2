import { describe, expect, it } from "vitest";
import { explainInbound } from "./explain-inbound.ts";
import type { DispatchRule, InboundTrunk } from "./sip-config-shape.ts";

// Whether it agrees with LiveKit in every case is what `prove explain-inbound` tells; this is about what people read.
const trunk = (id: string, fields: Partial<InboundTrunk>) => ({ id, resource: { name: id, ...fields } });
const rule = (id: string, fields: Partial<DispatchRule>) => ({
  id,
  resource: { name: id, rule: { dispatchRuleIndividual: { roomPrefix: "call" } }, ...fields },
});
const caller = "+15105550100";
const clinic = "+17205550174";

describe("explainInbound", () => {
  it("names the trunk, the rule, the room and the agent, and why the others are not it", () => {
    const explanation = explainInbound(
      caller,
      clinic,
      [
        trunk("ST_any", { authUsername: "u" }),
        trunk("ST_own", { numbers: [clinic] }),
        trunk("ST_far", { numbers: ["+17205550175"] }),
      ],
      [
        rule("SDR_all", {}),
        rule("SDR_own", {
          trunkIds: ["ST_own"],
          roomConfig: { agents: [{ agentName: "gemini-sip-agent" }] },
        }),
        rule("SDR_far", { trunkIds: ["ST_far"] }),
      ],
    );
    expect(explanation).toMatchObject({
      outcome: "dispatched",
      trunkId: "ST_own",
      ruleId: "SDR_own",
      room: `call_${caller}`,
      agents: ["gemini-sip-agent"],
    });
    expect(explanation.trunks.map(({ why }) => why)).toEqual([
      "It takes any number; one that has the number itself goes first.",
      "It has the number.",
      "It has other numbers.",
    ]);
    expect(explanation.rules.map(({ why }) => why)).toEqual([
      "It names no trunk; a rule that names the call's trunk goes first.",
      "It takes the call.",
      "It is for other trunks.",
    ]);
  });

  it.each([
    {
      name: "two trunks of one number",
      trunks: [trunk("a", { numbers: [clinic] }), trunk("b", { numbers: [clinic] })],
      rules: [rule("r", {})],
      outcome: "trunk-conflict",
    },
    {
      name: "two rules for the same",
      trunks: [],
      rules: [rule("r", {}), rule("s", {})],
      outcome: "rule-conflict",
    },
    {
      name: "a rule that says nothing",
      trunks: [],
      rules: [rule("r", { rule: {} })],
      outcome: "rule-conflict",
    },
    {
      name: "no rule for the caller",
      trunks: [],
      rules: [rule("r", { inboundNumbers: ["15105550100"] })],
      outcome: "no-rule",
    },
    {
      name: "a PIN",
      trunks: [],
      rules: [rule("r", { rule: { dispatchRuleIndividual: { pin: "1" } } })],
      outcome: "pin-asked",
    },
    { name: "nothing at all", trunks: [], rules: [], outcome: "no-rule" },
  ])("$name: $outcome", ({ trunks, rules, outcome }) => {
    expect(explainInbound(caller, clinic, trunks, rules).outcome).toBe(outcome);
  });
});
