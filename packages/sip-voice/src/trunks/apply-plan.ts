import { canonicalForm, type Json } from "./canonical-form.ts";
import { sameJson } from "./sip-change.ts";
import { changesAnything, type KnownTrunkIds, type SipPlan, type SipPlanStep } from "./sip-plan.ts";
import { type LiveSipResource, listedOf, type SipListing, sipConfigFiles } from "./sip-resource.ts";
import type { SipResource, SipSetup, SipSetupFailure } from "./sip-setup.ts";
import { withTrunkIds } from "./variable-reference.ts";

/** A step that was carried out. */
export interface AppliedSipStep {
  /** The step. */
  readonly step: SipPlanStep;
  /** The resource's id. */
  readonly id: string;
}

/** What became of a plan. In every case `done` tells what was carried out, so that nothing is left unsaid. */
export type SipApplication =
  | {
      /** The project is what the files say; `ids` go into `.env.sip`. */
      readonly outcome: "applied" | "nothing-to-do";
      readonly done: readonly AppliedSipStep[];
      readonly ids: KnownTrunkIds;
    }
  | {
      /** The plan has errors among its findings: nothing was tried. */
      readonly outcome: "has-errors";
      readonly done: readonly AppliedSipStep[];
    }
  | {
      /** The project has changed since the plan was made: nothing was tried. */
      readonly outcome: "stale-plan";
      readonly done: readonly AppliedSipStep[];
    }
  | {
      /** Somebody else made the same resource at the same moment; ours of it was taken back. */
      readonly outcome: "applied-twice";
      readonly done: readonly AppliedSipStep[];
      readonly step: SipPlanStep;
    }
  | {
      /** LiveKit did not carry out a step; those after it were not tried. */
      readonly outcome: "failed";
      readonly done: readonly AppliedSipStep[];
      readonly step: SipPlanStep | undefined;
      readonly failure: SipSetupFailure;
    };

/**
 * Carries out a plan, step by step, in an order in which calls always find a whole set-up. Applied again it does nothing. Looks
 * first whether the project is still what the plan was made for, and after each creation whether somebody else has made the same:
 * then it takes its own back, so that two plans applied at once never leave two trunks of one name.
 *
 * @example
 * ```ts
 * import { applySipPlan, type SipPlan, type SipSetup } from "@clinic/sip-voice/trunks";
 *
 * export async function apply(setup: SipSetup, plan: SipPlan): Promise<string> {
 *   const application = await applySipPlan(setup, plan);
 *   return application.outcome === "failed" ? application.failure.remedy : application.outcome;
 * }
 * ```
 */
export async function applySipPlan(setup: SipSetup, plan: SipPlan): Promise<SipApplication> {
  const done: AppliedSipStep[] = [];
  if (plan.findings.some(({ severity }) => severity === "error")) return { outcome: "has-errors", done };
  const now = await setup.list();
  if (!now.ok) return { outcome: "failed", done, step: undefined, failure: now.failure };
  if (!isStill(plan, now.value)) return { outcome: "stale-plan", done };
  const ids: { INBOUND_TRUNK_ID?: string; OUTBOUND_TRUNK_ID?: string } = {};
  for (const step of plan.steps) {
    const { variable } = sipConfigFiles[step.kind];
    const answer = await carryOut(setup, step, plan, ids);
    if (!answer.ok) return { outcome: "failed", done, step, failure: answer.failure };
    const id = answer.value;
    if (step.action === "create") {
      const rivals = await setup.list();
      const twice =
        rivals.ok && listedOf(rivals.value, step.kind).filter(({ resource }) => resource.name === step.name);
      if (twice && twice.length > 1) {
        const undone = await setup.remove(step.kind, id);
        return undone.ok || undone.failure.kind === "gone"
          ? { outcome: "applied-twice", done, step }
          : { outcome: "failed", done: [...done, { step, id }], step, failure: undone.failure };
      }
    }
    if (variable && step.action !== "remove") ids[variable] = id;
    if (step.action !== "keep") done.push({ step, id });
  }
  return { outcome: changesAnything(plan) ? "applied" : "nothing-to-do", done, ids };
}

type Carried =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly failure: SipSetupFailure };

async function carryOut(
  setup: SipSetup,
  { action, kind, id = "" }: SipPlanStep,
  plan: SipPlan,
  ids: KnownTrunkIds,
): Promise<Carried> {
  if (action === "keep") return { ok: true, value: id };
  if (action === "remove") {
    const answer = await setup.remove(kind, id);
    // Gone is what was wanted.
    return answer.ok || answer.failure.kind === "gone" ? { ok: true, value: id } : answer;
  }
  const resource = canonicalForm(withTrunkIds(plan.config[kind] as unknown as Json, ids));
  const wanted = { kind, resource } as unknown as SipResource;
  const answer = action === "create" ? await setup.create(wanted) : await setup.replace(id, wanted);
  return answer.ok ? { ok: true, value: answer.value.id } : answer;
}

/** Whether the plan's own resources, and what bears their names, are still as they were. */
function isStill({ basis, steps }: SipPlan, now: SipListing): boolean {
  return steps.every(({ kind, id, name }) => {
    const concerned = (listing: SipListing): Json =>
      listedOf(listing, kind)
        .filter((one) => one.id === id || one.resource.name === name)
        .map((one: LiveSipResource) => [one.id, one.resource as unknown as Json]);
    return sameJson(concerned(basis), concerned(now));
  });
}
