import { maskPhoneNumber } from "@clinic/sip-voice";
import {
  explainInbound,
  type SipFinding,
  type SipListing,
  type SipPlan,
  sipFindingLine,
} from "@clinic/sip-voice/trunks";
import { type DoctorStep, unchecked, well } from "./doctor-step.ts";

/** What is wrong with the files in `sip_config/`. */
export function fileSteps(findings: readonly SipFinding[], present: boolean): readonly DoctorStep[] {
  if (!present)
    return [unchecked("files", "There is no sip_config/ here: the trunks are taken as they are.")];
  const steps = findings.map(stepOf("files"));
  return steps.length > 0 ? errorsFirst(steps) : [well("files", "The files in sip_config/ are sound.")];
}

/** Whether the LiveKit project is what the files say. */
export function planSteps(plan: SipPlan): readonly DoctorStep[] {
  const changes = plan.steps.filter(({ action }) => action !== "keep");
  const pending = changes.map(
    ({ action, kind, name }): DoctorStep => ({
      subject: "trunks",
      state: "error",
      found: `The ${kind.replace("-", " ")} "${name}" ${action === "create" ? "is not in the LiveKit project" : "differs from its file"}.`,
      means: "Calls do not go the way that the files say.",
      remedy: "Run `sip-voice trunks plan`, then `sip-voice trunks apply`.",
    }),
  );
  const steps = [...plan.findings.map(stepOf("trunks")), ...pending];
  return steps.length > 0
    ? errorsFirst(steps)
    : [well("trunks", "The LiveKit project is what the files say.")];
}

/** A caller whom no list names. */
const anybody = "+15105550100";

/** Whether a call to the clinic's number reaches the agent. */
export function routeSteps(
  number: string,
  { inboundTrunks, dispatchRules }: SipListing,
  agentName: string,
): DoctorStep {
  const { outcome, agents, trunks, rules } = explainInbound(anybody, number, inboundTrunks, dispatchRules);
  const clinic = maskPhoneNumber(number);
  if (outcome === "dispatched" && agents.includes(agentName))
    return well("inbound", `Calls to ${clinic} bring the agent.`);
  const reasons = [...trunks, ...rules].map(({ name, why }) => `"${name}": ${why}`).join(" ");
  return {
    ...{ subject: "inbound", state: "error" },
    found:
      outcome === "dispatched"
        ? `Calls to ${clinic} go to a room into which "${agentName}" does not come.`
        : `Calls to ${clinic} are not taken (${outcome}). ${reasons}`,
    means: "Callers hear ringing, or nothing, until they give up.",
    remedy:
      "`sip-voice explain-inbound <from> <to>` shows each trunk and rule; mend it in sip_config/ and apply.",
  };
}

/** Whether the agent came when it was dispatched. */
export type AgentAnswer = { readonly came: boolean; readonly afterMs: number } | { readonly failed: string };

/** What the agent's answer to a dispatch means. */
export function agentStep(answer: AgentAnswer, agentName: string): DoctorStep {
  if ("failed" in answer) return unchecked("agent", `LiveKit did not dispatch it: ${answer.failed}`);
  if (answer.came)
    return well(
      "agent",
      `"${agentName}" came ${(answer.afterMs / 1000).toFixed(1)} s after it was dispatched.`,
    );
  return {
    ...{ subject: "agent", state: "error" },
    found: `"${agentName}" did not come within ${Math.round(answer.afterMs / 1000)} s.`,
    means:
      "Callers hear ringing and nobody answers. LiveKit drops the dispatch of a worker that is absent, busy or otherwise named, without an error.",
    remedy:
      "Start the worker (`gemini-sip`) with the same LIVEKIT_URL and agent name; look whether it reports itself full (SIP_VOICE_MOST_CALLS).",
  };
}

function stepOf(subject: DoctorStep["subject"]): (finding: SipFinding) => DoctorStep {
  return (finding) => {
    const { severity: state, means, remedy } = finding;
    return { subject, state, found: sipFindingLine({ ...finding, means: "", remedy: "" }), means, remedy };
  };
}

function errorsFirst(steps: readonly DoctorStep[]): readonly DoctorStep[] {
  return [
    ...steps.filter(({ state }) => state === "error"),
    ...steps.filter(({ state }) => state !== "error"),
  ];
}
