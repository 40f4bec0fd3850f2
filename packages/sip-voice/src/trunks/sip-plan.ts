import { canonicalForm, type Json } from "./canonical-form.ts";
import { scopesOf } from "./dispatch-choice.ts";
import type { SipFinding } from "./finding.ts";
import { normalizedNumber } from "./phone-form.ts";
import { changesBetween, type SipChange } from "./sip-change.ts";
import type { SipConfig } from "./sip-config.ts";
import type { DispatchRule, InboundTrunk } from "./sip-config-shape.ts";
import {
  kindName,
  type LiveSipResource,
  listedOf,
  type SipListing,
  type SipResourceKind,
  sipConfigFiles,
  sipResourceKinds,
} from "./sip-resource.ts";
import { withTrunkIds } from "./variable-reference.ts";

/** The ids that an earlier set-up has left in `.env.sip`. */
export interface KnownTrunkIds {
  /** The inbound trunk's. */
  readonly INBOUND_TRUNK_ID?: string | undefined;
  /** The outbound trunk's. */
  readonly OUTBOUND_TRUNK_ID?: string | undefined;
}

/** What a plan does with one resource. */
export interface SipPlanStep {
  /** Make it, change it, leave it as it is, or remove it. */
  readonly action: "create" | "update" | "keep" | "remove";
  /** What it is. */
  readonly kind: SipResourceKind;
  /** Its name. */
  readonly name: string;
  /** Its id, where it exists. */
  readonly id: string | undefined;
  /** What changes, field by field; secrets are hidden. */
  readonly changes: readonly SipChange[];
}

/** A resource of the project that no file describes. It is left alone. */
export interface ForeignSipResource {
  /** What it is. */
  readonly kind: SipResourceKind;
  /** Its id. */
  readonly id: string;
  /** Its name. */
  readonly name: string;
}

/** What it takes to make a LiveKit project what the files say. */
export interface SipPlan {
  /** Each resource, in the order of the work. */
  readonly steps: readonly SipPlanStep[];
  /** What is left alone. */
  readonly foreign: readonly ForeignSipResource[];
  /** What was found while planning. With an error among them the plan can't be applied. */
  readonly findings: readonly SipFinding[];
  /** The files as they were. */
  readonly config: SipConfig;
  /** The project as it was. */
  readonly basis: SipListing;
  /** The ids that were known. */
  readonly known: KnownTrunkIds;
}

/** Whether a plan changes anything. */
export function changesAnything({ steps }: SipPlan): boolean {
  return steps.some(({ action }) => action !== "keep");
}

/**
 * Compares the files with a LiveKit project. A resource is found by the id that is known, then by its name; everything else in
 * the project is foreign and left alone.
 *
 * @param config - what the files ask for
 * @param live - what the project has
 * @param known - the ids in `.env.sip`
 * @example
 * ```ts
 * import { planSipSetup } from "@clinic/sip-voice/trunks";
 *
 * const config = { "inbound-trunk": { name: "clinic", numbers: ["+15105550100"] } };
 * const empty = { inboundTrunks: [], outboundTrunks: [], dispatchRules: [] };
 * console.log(planSipSetup(config, empty, {}).steps[0]?.action); // create
 * ```
 */
export function planSipSetup(config: SipConfig, live: SipListing, known: KnownTrunkIds): SipPlan {
  const findings: SipFinding[] = [];
  const ids: { INBOUND_TRUNK_ID?: string; OUTBOUND_TRUNK_ID?: string } = {};
  const steps: SipPlanStep[] = [];
  for (const kind of sipResourceKinds) {
    const wanted = config[kind];
    if (wanted === undefined) continue;
    const found = findOwn(kind, wanted.name, live, known, findings);
    const { variable } = sipConfigFiles[kind];
    if (variable && found) ids[variable] = found.id;
    const target = canonicalForm(withTrunkIds(wanted as unknown as Json, ids));
    const changes = changesBetween(found?.resource as Json | undefined, target);
    if (changes.hidden) findings.push(hiddenSecret(kind));
    steps.push({
      action: !found ? "create" : changes.list.length > 0 ? "update" : "keep",
      kind,
      name: wanted.name,
      id: found?.id,
      changes: changes.list,
    });
  }
  const foreign = foreignOf(live, steps);
  findings.push(...overlaps(config, live, foreign, ids));
  return { steps, foreign, findings, config, basis: live, known };
}

/** A plan that removes what the files describe, the rule before the trunks that it names. What is foreign stays. */
export function planSipRemoval(config: SipConfig, live: SipListing, known: KnownTrunkIds): SipPlan {
  const plan = planSipSetup(config, live, known);
  const steps = plan.steps
    .filter(({ id }) => id !== undefined)
    .map((step): SipPlanStep => ({ ...step, action: "remove", changes: [] }))
    .reverse();
  const findings = plan.findings.filter(({ rule }) => rule === "ambiguous-name" || rule === "wrong-id");
  return { ...plan, steps, findings };
}

function findOwn(
  kind: SipResourceKind,
  name: string,
  live: SipListing,
  known: KnownTrunkIds,
  findings: SipFinding[],
): LiveSipResource | undefined {
  const { variable, file } = sipConfigFiles[kind];
  const listed = listedOf(live, kind);
  const id = variable ? known[variable]?.trim() || undefined : undefined;
  const byId = listed.find((one) => one.id === id);
  if (byId) return byId;
  if (id !== undefined && variable) {
    const elsewhere = sipResourceKinds.find((other) => listedOf(live, other).some((one) => one.id === id));
    findings.push({
      file,
      field: variable,
      ...(elsewhere
        ? {
            ...{ rule: "wrong-id", severity: "error" },
            found: `${variable} is the id of an ${kindName(elsewhere)}.`,
            means: "Calls would go through the wrong trunk.",
            remedy: "Clear it in .env.sip: it is written anew.",
          }
        : {
            ...{ rule: "gone", severity: "warning" },
            found: `The ${kindName(kind)} ${id} of .env.sip is not in this LiveKit project.`,
            means: "Somebody removed it, or LIVEKIT_URL is another project now.",
            remedy: "Check LIVEKIT_URL. If it is right, apply the plan.",
          }),
    } as SipFinding);
  }
  const byName = listed.filter(({ resource }) => resource.name === name);
  if (byName.length > 1)
    findings.push({
      ...{ rule: "ambiguous-name", severity: "error", file, field: "name" },
      found: `The project has ${byName.length} of this name: ${byName.map((one) => one.id).join(", ")}.`,
      means: "Nobody can tell which one is meant.",
      remedy: variable ? `Set ${variable} to the right one, or remove the others.` : "Remove all but one.",
    });
  return byName[0];
}

function hiddenSecret(kind: SipResourceKind): SipFinding {
  return {
    ...{ rule: "hidden-secret", severity: "warning", file: sipConfigFiles[kind].file, field: "authPassword" },
    found: "LiveKit does not show the trunk's password.",
    means: "Whether it is the one of the file can't be told; it is left as it is.",
    remedy: "To set a new one, change another field of the trunk too, such as metadata.",
  };
}

function foreignOf(live: SipListing, steps: readonly SipPlanStep[]): ForeignSipResource[] {
  const own = new Set(steps.map(({ id }) => id));
  return sipResourceKinds.flatMap((kind) =>
    listedOf(live, kind)
      .filter(({ id }) => !own.has(id))
      .map(({ id, resource }) => ({ kind, id, name: resource.name })),
  );
}

/** Foreign trunks and rules that hold for what the files' hold for: LiveKit refuses ours, or drops calls. */
function overlaps(
  config: SipConfig,
  live: SipListing,
  foreign: readonly ForeignSipResource[],
  ids: KnownTrunkIds,
): SipFinding[] {
  const isForeign = ({ id }: LiveSipResource): boolean => foreign.some((one) => one.id === id);
  const findings: SipFinding[] = [];
  const { "inbound-trunk": trunk, "dispatch-rule": rule } = config;
  if (trunk)
    for (const other of live.inboundTrunks.filter(isForeign).filter((one) => meets(one.resource, trunk)))
      findings.push({
        ...{ rule: "overlapping-trunks", severity: "error", file: "inbound_trunk.json", field: "numbers" },
        found: `The trunk ${other.id} takes calls to the same numbers.`,
        means: "LiveKit refuses a second trunk for them.",
        remedy: "Remove the other one, or give the file its name.",
      });
  if (rule) {
    const scopes = new Set(scopesOf(withTrunkIds(rule as unknown as Json, ids) as unknown as DispatchRule));
    for (const other of live.dispatchRules.filter(isForeign)) {
      if (!scopesOf(other.resource).some((scope) => scopes.has(scope))) continue;
      findings.push({
        ...{ rule: "overlapping-rules", severity: "error", file: "dispatch_rule.json", field: "trunkIds" },
        found: `The rule ${other.id} holds for exactly the same calls.`,
        means: "LiveKit refuses a second rule for them.",
        remedy: "Remove the other one, or give the file its name.",
      });
    }
  }
  return findings;
}

function meets(one: InboundTrunk, other: InboundTrunk): boolean {
  return common(one.numbers, other.numbers) && common(one.allowedNumbers, other.allowedNumbers);
}

/** Whether two lists hold the same number, or are both empty and so hold every number. */
function common(one: readonly string[] = [], other: readonly string[] = []): boolean {
  if (one.length === 0 || other.length === 0) return one.length === other.length;
  const numbers = new Set(one.map(normalizedNumber));
  return other.some((number) => numbers.has(normalizedNumber(number)));
}
