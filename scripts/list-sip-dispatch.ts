/** `pnpm list-sip-dispatch [--json]`: the dispatch rules of a LiveKit project: which agent takes which call. */
import type { SIPDispatchRuleInfo } from "livekit-server-sdk";
import { showListing } from "./livekit-sip.ts";

interface DispatchRow {
  readonly id: string;
  readonly name: string;
  /** The trunks that it holds for; none means all. */
  readonly trunkIds: readonly string[];
  /** How a call gets its room. */
  readonly room: string;
  /** The agents that are dispatched into the room. */
  readonly agents: readonly string[];
}

process.exitCode = await showListing<DispatchRow>({
  about: "Lists the SIP dispatch rules of a LiveKit project: which room and which agent a call gets.",
  whenEmpty: "This LiveKit project has no SIP dispatch rule: nobody takes a call that comes in.",
  async list(client) {
    const rules = await client.listSipDispatchRule();
    return rules.map(({ sipDispatchRuleId: id, name, trunkIds, rule, roomConfig }) => ({
      id,
      name,
      trunkIds,
      room: roomOf(rule?.rule),
      agents: roomConfig?.agents.map(({ agentName }) => agentName) ?? [],
    }));
  },
  cells: ({ id, name, trunkIds, room, agents }) => ({
    id,
    name,
    trunks: trunkIds.join(", ") || "all",
    room,
    agents: agents.join(", ") || "none",
  }),
});

function roomOf(rule: NonNullable<SIPDispatchRuleInfo["rule"]>["rule"] | undefined): string {
  switch (rule?.case) {
    case "dispatchRuleDirect":
      return `${rule.value.roomName}, shared by all calls`;
    case "dispatchRuleIndividual":
      return `${rule.value.roomPrefix}..., one a call`;
    case "dispatchRuleCallee":
      return `${rule.value.roomPrefix}..., by the number called`;
    default:
      return "none";
  }
}
