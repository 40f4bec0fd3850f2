import { join } from "node:path";
import {
  applySipPlan,
  changesAnything,
  planSipRemoval,
  planSipSetup,
  type SipApplication,
  type SipPlan,
} from "@clinic/sip-voice/trunks";
import type { CommandHost, SharedOptions } from "../command-host.ts";
import { writeVariables } from "../environment-files.ts";
import type { ExitCode } from "../exit-code.ts";
import { planText } from "../plan-text.ts";
import { findingLines, type Project } from "../project.ts";
import { textTable } from "../text-table.ts";

/** Adds `trunks list|plan|apply|destroy`. */
export function trunksCommand({ program, does }: CommandHost): void {
  const trunks = program
    .command("trunks")
    .description("SIP trunks and the dispatch rule, from the files in sip_config/");
  does(
    trunks.command("list").description("list the trunks of the LiveKit project, with the ids for .env.sip"),
    list,
  );
  does(trunks.command("plan").description("show what apply would change; exit code 3 if it would"), plan);
  does(
    trunks
      .command("apply")
      .description("make the LiveKit project what the files say, and write the ids to .env.sip"),
    apply,
  );
  does(
    trunks
      .command("destroy")
      .description("remove what the files describe from the LiveKit project, after asking")
      .option("--yes", "do not ask"),
    destroy,
  );
}

async function list(project: Project): Promise<ExitCode> {
  const listed = await (await project.sipSetup()).list();
  if (!listed.ok) return fail(project, listed.failure);
  const { inboundTrunks, outboundTrunks } = listed.value;
  const rows = [
    ...inboundTrunks.map(({ id, resource }) => ({
      ...{ variable: "INBOUND_TRUNK_ID", id, name: resource.name, numbers: resource.numbers ?? [] },
      opensTo: [...(resource.allowedAddresses ?? []), ...(resource.authUsername ? ["password"] : [])],
    })),
    ...outboundTrunks.map(({ id, resource }) => ({
      ...{ variable: "OUTBOUND_TRUNK_ID", id, name: resource.name, numbers: resource.numbers ?? [] },
      address: resource.address,
    })),
  ];
  const cells = rows.map((row) => ({
    ...{ variable: row.variable, id: row.id, name: row.name, numbers: row.numbers.join(", ") },
    "address or who may call in": "address" in row ? row.address : row.opensTo.join(", ") || "anybody",
  }));
  project.show(rows, rows.length === 0 ? "This LiveKit project has no SIP trunk." : textTable(cells));
  return 0;
}

async function plan(project: Project): Promise<ExitCode> {
  const made = await makePlan(project, planSipSetup);
  if (typeof made === "number") return made;
  showPlan(project, made);
  if (hasErrors(made)) return 1;
  return changesAnything(made) ? 3 : 0;
}

async function apply(project: Project): Promise<ExitCode> {
  const made = await makePlan(project, planSipSetup);
  if (typeof made === "number") return made;
  if (!project.json) showPlan(project, made);
  const application = await applySipPlan(await project.sipSetup(), made);
  if ("ids" in application) {
    const ids = Object.entries(application.ids).filter((entry): entry is [string, string] =>
      Boolean(entry[1]),
    );
    await writeVariables(join(project.folder, ".env.sip"), Object.fromEntries(ids));
    const shadowed = ids
      .filter(([name, id]) => (project.environment[name] ?? id) !== id)
      .map(([name]) => name);
    if (shadowed.length > 0)
      project.err(
        `warning: ${shadowed.join(", ")} of the process's environment hides what .env.sip says now.\n`,
      );
  }
  return showApplication(project, application);
}

async function destroy(
  project: Project,
  _args: readonly string[],
  options: SharedOptions & { yes?: boolean },
): Promise<ExitCode> {
  const made = await makePlan(project, planSipRemoval);
  if (typeof made === "number") return made;
  if (made.steps.length === 0)
    return showApplication(project, { outcome: "nothing-to-do", done: [], ids: {} });
  if (!options.yes) {
    project.err(`${planText(made)}\n`);
    const host = new URL(project.connection().url).host;
    const answer = await project.ask(`Calls end where these are removed. Type ${host} to remove them: `);
    if (answer?.trim() !== host) {
      project.err("Nothing was removed.\n");
      return 3;
    }
  }
  const application = await applySipPlan(await project.sipSetup(), made);
  const removed = application.done.flatMap(({ step }) =>
    step.kind === "inbound-trunk"
      ? ["INBOUND_TRUNK_ID"]
      : step.kind === "outbound-trunk"
        ? ["OUTBOUND_TRUNK_ID"]
        : [],
  );
  if (removed.length > 0)
    await writeVariables(
      join(project.folder, ".env.sip"),
      Object.fromEntries(removed.map((name) => [name, ""])),
    );
  return showApplication(project, application);
}

/** The plan, or the exit code where there is none. */
async function makePlan(project: Project, planning: typeof planSipSetup): Promise<SipPlan | ExitCode> {
  const { reading, findings } = await project.sipConfig();
  if (Object.keys(reading.config).length === 0 && findings.length === 0) {
    project.err(
      `There is no sip_config/ in ${project.folder}. \`sip-voice init\` makes one, or pass --folder.\n`,
    );
    return 2;
  }
  const setup = await project.sipSetup();
  if (findings.some(({ severity }) => severity === "error")) {
    project.show({ findings }, findingLines(findings).trimEnd());
    return 1;
  }
  const listed = await setup.list();
  if (!listed.ok) return fail(project, listed.failure);
  const made = planning(reading.config, listed.value, project.known);
  return { ...made, findings: [...findings, ...made.findings] };
}

function hasErrors({ findings }: SipPlan): boolean {
  return findings.some(({ severity }) => severity === "error");
}

function showPlan(project: Project, made: SipPlan): void {
  const { steps, foreign, findings } = made;
  project.show({ steps, foreign, findings }, `${findingLines(findings)}${planText(made)}`);
}

function showApplication(project: Project, application: SipApplication): ExitCode {
  const done = application.done.map(({ step, id }) => ({
    action: step.action,
    kind: step.kind,
    name: step.name,
    id,
  }));
  const { outcome } = application;
  const failure = outcome === "failed" ? application.failure : undefined;
  const lines = done.map(
    ({ action, kind, name, id }) => `${pastOf[action]} ${kind.replace("-", " ")} "${name}" ${id}`,
  );
  const words = failure ? `${failure.means} ${failure.remedy}` : sentences[outcome as keyof typeof sentences];
  project.show({ outcome, done, ...(failure ? { failure } : {}) }, [...lines, words].join("\n"));
  return outcome === "applied" || outcome === "nothing-to-do" ? 0 : 1;
}

const pastOf = { create: "created", update: "changed", keep: "kept", remove: "removed" } as const;

const sentences = {
  applied: "Done.",
  "nothing-to-do": "Nothing to do.",
  "has-errors": "Nothing was changed: mend the errors above first.",
  "stale-plan": "Nothing was changed: the LiveKit project has changed meanwhile. Run it again.",
  "applied-twice":
    "Somebody else applied the same files at this moment; what was made twice was taken back. Run it again.",
} as const;

/** Says why LiveKit did not do it. */
function fail(
  project: Project,
  failure: { readonly kind: string; readonly means: string; readonly remedy: string },
): ExitCode {
  if (project.json) project.show({ outcome: "failed", failure }, "");
  project.err(`${failure.means} ${failure.remedy}\n`);
  return 1;
}
