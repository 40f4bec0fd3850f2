import { explainInbound, type InboundExplanation } from "@clinic/sip-voice/trunks";
import type { CommandHost, SharedOptions } from "../command-host.ts";
import type { ExitCode } from "../exit-code.ts";
import type { Project } from "../project.ts";

interface CallOptions extends SharedOptions {
  readonly source?: string;
  readonly pin?: string;
}

/** Adds `explain-inbound <from> <to>`. */
export function explainInboundCommand({ program, does }: CommandHost): void {
  const command = program
    .command("explain-inbound")
    .description("which trunk and rule would take this call, and why the others would not")
    .argument("<from>", "the caller's number, as the carrier sends it")
    .argument("<to>", "the number called")
    .option("--source <address>", "the address that the carrier's request comes from")
    .option("--pin <digits>", "what the caller has keyed in");
  does(command, explain);
}

async function explain(
  project: Project,
  args: readonly string[],
  { source, pin }: CallOptions,
): Promise<ExitCode> {
  const [from = "", to = ""] = args;
  const listed = await (await project.sipSetup()).list();
  if (!listed.ok) {
    project.err(`${listed.failure.means} ${listed.failure.remedy}\n`);
    return 1;
  }
  const { inboundTrunks, dispatchRules } = listed.value;
  const explanation = explainInbound(from, to, inboundTrunks, dispatchRules, {
    ...(source === undefined ? {} : { sourceAddress: source }),
    ...(pin === undefined ? {} : { pin }),
  });
  project.show(explanation, explanationText(explanation));
  return explanation.outcome === "dispatched" ? 0 : 1;
}

const sentences = {
  dispatched: "The call is taken.",
  "pin-asked": "The caller is asked for a PIN first.",
  "no-rule": "No rule takes the call: LiveKit drops it.",
  "trunk-conflict": "Several trunks would take the call: LiveKit drops it.",
  "rule-conflict": "Two rules hold for the same calls: LiveKit drops it.",
} as const;

function explanationText({ outcome, room, agents, trunks, rules }: InboundExplanation): string {
  const lines = (kind: string, all: InboundExplanation["trunks"]): string[] =>
    all.map(({ takes, id, name, why }) => `${takes ? "*" : " "} ${kind} "${name}" ${id}: ${why}`);
  return [
    sentences[outcome],
    ...lines("trunk", trunks),
    ...lines("rule ", rules),
    ...(room === undefined
      ? []
      : [`  room ${room}...`, `  agent ${agents.join(", ") || "none: nobody answers"}`]),
  ].join("\n");
}
