import type { DispatchRule } from "@clinic/sip-voice/trunks";
import type { CommandHost } from "../command-host.ts";
import type { ExitCode } from "../exit-code.ts";
import type { Project } from "../project.ts";
import { textTable } from "../text-table.ts";

/** Adds `dispatch list`. */
export function dispatchCommand({ program, does }: CommandHost): void {
  const dispatch = program
    .command("dispatch")
    .description("dispatch rules: which room and which agent a call gets");
  does(dispatch.command("list").description("list the dispatch rules of the LiveKit project"), list);
}

async function list(project: Project): Promise<ExitCode> {
  const listed = await (await project.sipSetup()).list();
  if (!listed.ok) {
    project.err(`${listed.failure.means} ${listed.failure.remedy}\n`);
    return 1;
  }
  const rows = listed.value.dispatchRules.map(({ id, resource }) => ({
    id,
    name: resource.name,
    trunkIds: resource.trunkIds ?? [],
    room: roomOf(resource),
    agents: (resource.roomConfig?.agents ?? []).map(({ agentName }) => agentName),
  }));
  const cells = rows.map(({ id, name, trunkIds, room, agents }) => ({
    ...{ id, name, trunks: trunkIds.join(", ") || "all", room, agents: agents.join(", ") || "none" },
  }));
  const empty = "This LiveKit project has no SIP dispatch rule: nobody takes a call that comes in.";
  project.show(rows, rows.length === 0 ? empty : textTable(cells));
  return 0;
}

function roomOf({ rule }: DispatchRule): string {
  const { dispatchRuleDirect, dispatchRuleIndividual, dispatchRuleCallee } = rule;
  if (dispatchRuleDirect) return `${dispatchRuleDirect.roomName}, shared by all calls`;
  if (dispatchRuleIndividual) return `${dispatchRuleIndividual.roomPrefix ?? ""}..., one a call`;
  return dispatchRuleCallee ? `${dispatchRuleCallee.roomPrefix ?? ""}..., by the number called` : "none";
}
