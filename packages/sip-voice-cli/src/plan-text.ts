import { changesAnything, type SipPlan } from "@clinic/sip-voice/trunks";

const signs = { create: "+", update: "~", keep: "=", remove: "-" } as const;

/** A plan as people read it: one line a resource, its fields below, what is foreign at the end. */
export function planText(plan: SipPlan): string {
  const steps = plan.steps.flatMap(({ action, kind, name, id, changes }) => [
    `${signs[action]} ${action.padEnd(6)} ${kind.replace("-", " ")} "${name}"${id ? ` ${id}` : ""}`,
    ...changes.map(({ field, before, after }) =>
      before === undefined
        ? `    ${field}: ${after}`
        : after === undefined
          ? `    ${field}: ${before} is taken out`
          : `    ${field}: ${before} -> ${after}`,
    ),
  ]);
  const foreign = plan.foreign.map(
    ({ kind, id, name }) => `  left alone: ${kind.replace("-", " ")} "${name}" ${id}`,
  );
  const summary = changesAnything(plan) ? [] : ["Nothing to do: the LiveKit project is what the files say."];
  return [...steps, ...foreign, ...summary].join("\n");
}
