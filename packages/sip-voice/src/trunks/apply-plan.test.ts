import { describe, expect, it } from "vitest";
import { applySipPlan } from "./apply-plan.ts";
import { memorySipSetup } from "./memory-sip-setup.ts";
import type { SipConfig } from "./sip-config.ts";
import { changesAnything, planSipRemoval, planSipSetup, type SipPlan } from "./sip-plan.ts";
import { type SipSetup, sipSetupFailures } from "./sip-setup.ts";

const config: SipConfig = {
  "inbound-trunk": { name: "in", numbers: ["+17205550174"] },
  "outbound-trunk": {
    name: "out",
    address: "sip.telnyx.com:5060",
    transport: "SIP_TRANSPORT_UDP",
    numbers: ["+17205550174"],
    authUsername: "riverside",
    authPassword: "first-secret",
  },
  "dispatch-rule": {
    name: "rule",
    trunkIds: [`\${INBOUND_TRUNK_ID}`],
    rule: { dispatchRuleIndividual: { roomPrefix: "call" } },
    roomConfig: { agents: [{ agentName: "gemini-sip-agent" }] },
  },
};

async function planFor(setup: SipSetup, wanted = config, known = {}): Promise<SipPlan> {
  const listed = await setup.list();
  if (!listed.ok) throw new Error(listed.failure.kind);
  return planSipSetup(wanted, listed.value, known);
}

const actionsOf = ({ steps }: SipPlan): string[] => steps.map(({ action, kind }) => `${action} ${kind}`);

describe("a plan", () => {
  it("makes everything once, the rule with the id of its trunk, and then has nothing to do", async () => {
    const setup = memorySipSetup();
    const plan = await planFor(setup);
    expect(actionsOf(plan)).toEqual([
      "create inbound-trunk",
      "create outbound-trunk",
      "create dispatch-rule",
    ]);
    expect(JSON.stringify(plan.steps)).not.toContain("first-secret");
    const applied = await applySipPlan(setup, plan);
    if (applied.outcome !== "applied") throw new Error(applied.outcome);
    const listed = await setup.list();
    if (!listed.ok) throw new Error("no list");
    expect(listed.value.dispatchRules[0]?.resource.trunkIds).toEqual([applied.ids.INBOUND_TRUNK_ID]);
    const again = await planFor(setup, config, applied.ids);
    expect(actionsOf(again)).toEqual(["keep inbound-trunk", "keep outbound-trunk", "keep dispatch-rule"]);
    expect(changesAnything(again)).toBe(false);
    expect(await applySipPlan(setup, again)).toEqual({
      outcome: "nothing-to-do",
      done: [],
      ids: applied.ids,
    });
    expect(setup.changes).toHaveLength(3);
  });

  it("shows exactly what has changed, and hides secrets", async () => {
    const setup = memorySipSetup();
    await applySipPlan(setup, await planFor(setup));
    const changed: SipConfig = {
      ...config,
      "outbound-trunk": {
        ...config["outbound-trunk"]!,
        address: "sip.telnyx.eu:5060",
        authPassword: "second",
      },
    };
    const plan = await planFor(setup, changed);
    expect(plan.steps.filter(({ action }) => action !== "keep")).toEqual([
      {
        action: "update",
        kind: "outbound-trunk",
        name: "out",
        id: expect.stringMatching(/^ST_/),
        changes: [
          { field: "address", before: '"sip.telnyx.com:5060"', after: '"sip.telnyx.eu:5060"' },
          { field: "authPassword", before: "(secret)", after: "(another secret)" },
        ],
      },
    ]);
    expect((await applySipPlan(setup, plan)).outcome).toBe("applied");
    expect(changesAnything(await planFor(setup, changed))).toBe(false);
  });

  it("finds a trunk again by its id when it was renamed", async () => {
    const setup = memorySipSetup();
    const applied = await applySipPlan(setup, await planFor(setup));
    const ids = "ids" in applied ? applied.ids : {};
    const renamed: SipConfig = { ...config, "inbound-trunk": { ...config["inbound-trunk"]!, name: "new" } };
    const plan = await planFor(setup, renamed, ids);
    expect(plan.steps[0]).toMatchObject({
      action: "update",
      id: ids.INBOUND_TRUNK_ID,
      changes: [{ field: "name" }],
    });
  });

  it("makes anew what was deleted behind our back, and points the rule to it", async () => {
    const setup = memorySipSetup();
    const applied = await applySipPlan(setup, await planFor(setup));
    const ids = "ids" in applied ? applied.ids : {};
    await setup.remove("inbound-trunk", ids.INBOUND_TRUNK_ID ?? "");
    const plan = await planFor(setup, config, ids);
    expect(actionsOf(plan)).toEqual(["create inbound-trunk", "keep outbound-trunk", "update dispatch-rule"]);
    expect(plan.findings).toMatchObject([{ rule: "gone", severity: "warning" }]);
    const mended = await applySipPlan(setup, plan);
    expect(mended.outcome).toBe("applied");
    expect(changesAnything(await planFor(setup, config, "ids" in mended ? mended.ids : {}))).toBe(false);
  });

  it("leaves alone what is foreign, and refuses to collide with it", async () => {
    const setup = memorySipSetup();
    await setup.create({ kind: "inbound-trunk", resource: { name: "theirs", numbers: ["+17205550175"] } });
    await setup.create({
      kind: "inbound-trunk",
      resource: { name: "same number", numbers: ["1 720 555 0174"] },
    });
    const plan = await planFor(setup);
    expect(plan.foreign.map(({ name }) => name)).toEqual(["theirs", "same number"]);
    expect(plan.findings).toMatchObject([{ rule: "overlapping-trunks", severity: "error" }]);
    expect((await applySipPlan(setup, plan)).outcome).toBe("has-errors");
    expect(setup.changes).toHaveLength(2);
  });

  it("does not choose between two of one name, nor take a trunk of the other kind", async () => {
    const setup = memorySipSetup();
    const resource = config["outbound-trunk"]!;
    const first = await setup.create({ kind: "outbound-trunk", resource });
    await setup.create({ kind: "outbound-trunk", resource });
    expect((await planFor(setup)).findings).toMatchObject([{ rule: "ambiguous-name", severity: "error" }]);
    const INBOUND_TRUNK_ID = first.ok ? first.value.id : "";
    expect((await planFor(setup, config, { INBOUND_TRUNK_ID })).findings).toMatchObject([
      { rule: "wrong-id", severity: "error" },
      { rule: "ambiguous-name" },
    ]);
  });

  it("keeps a password that LiveKit does not show, and says so", async () => {
    const setup = memorySipSetup();
    const { authPassword: _hidden, ...shown } = config["outbound-trunk"]!;
    await setup.create({ kind: "outbound-trunk", resource: shown });
    const plan = await planFor(setup, { "outbound-trunk": config["outbound-trunk"]! });
    expect(actionsOf(plan)).toEqual(["keep outbound-trunk"]);
    expect(plan.findings).toMatchObject([{ rule: "hidden-secret", severity: "warning" }]);
  });

  it("removes its own, the rule before its trunk, and nothing else", async () => {
    const setup = memorySipSetup();
    await setup.create({ kind: "inbound-trunk", resource: { name: "theirs", numbers: ["+17205550175"] } });
    await applySipPlan(setup, await planFor(setup));
    const listed = await setup.list();
    if (!listed.ok) throw new Error("no list");
    const removed = await applySipPlan(setup, planSipRemoval(config, listed.value, {}));
    expect(removed).toMatchObject({ outcome: "applied", ids: {} });
    expect(setup.changes.slice(-3)).toEqual([
      "remove dispatch-rule",
      "remove outbound-trunk",
      "remove inbound-trunk",
    ]);
    const left = await setup.list();
    expect(left.ok && left.value.inboundTrunks.map(({ resource }) => resource.name)).toEqual(["theirs"]);
  });
});

describe("a plan that meets others", () => {
  it("is stale once the project has changed, and tries nothing", async () => {
    const setup = memorySipSetup();
    const plan = await planFor(setup);
    await applySipPlan(setup, await planFor(setup));
    expect(await applySipPlan(setup, plan)).toEqual({ outcome: "stale-plan", done: [] });
    expect(setup.changes).toHaveLength(3);
  });

  it("never leaves two trunks of one name when two are applied at once, whichever request comes first", async () => {
    for (let order = 0; order < 16; order++) {
      const setup = memorySipSetup();
      const plan = await planFor(setup);
      const [one, other] = await Promise.all([
        applySipPlan(slowed(setup, order & 3), plan),
        applySipPlan(slowed(setup, order >> 2), plan),
      ]);
      const listed = await setup.list();
      if (!listed.ok) throw new Error("no list");
      for (const all of Object.values(listed.value)) expect(all.length).toBeLessThanOrEqual(1);
      const outcomes = [one.outcome, other.outcome];
      expect(outcomes.filter((outcome) => outcome === "applied").length).toBeLessThanOrEqual(1);
      // Whoever looks again can finish the work.
      expect((await applySipPlan(setup, await planFor(setup))).outcome).toMatch(/applied|nothing-to-do/);
      expect(changesAnything(await planFor(setup))).toBe(false);
    }
  });

  it("tells what was done before a step failed, and can be finished later", async () => {
    const setup = memorySipSetup();
    const failing: SipSetup = {
      ...setup,
      create: async (wanted) =>
        wanted.kind === "dispatch-rule"
          ? { ok: false, failure: sipSetupFailures["too-few-rights"] }
          : await setup.create(wanted),
    };
    const broken = await applySipPlan(failing, await planFor(setup));
    expect(broken).toMatchObject({
      outcome: "failed",
      failure: { kind: "too-few-rights" },
      step: { kind: "dispatch-rule" },
      done: [{ step: { kind: "inbound-trunk" } }, { step: { kind: "outbound-trunk" } }],
    });
    const rest = await planFor(setup);
    expect(actionsOf(rest)).toEqual(["keep inbound-trunk", "keep outbound-trunk", "create dispatch-rule"]);
    expect((await applySipPlan(setup, rest)).outcome).toBe("applied");
  });
});

/** The same set-up over a slower line: each request waits some turns of the event loop, before and after. */
function slowed(setup: SipSetup, turns: number): SipSetup {
  const wait = async (): Promise<void> => {
    for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
  };
  const slow =
    <Args extends unknown[], Answer>(ask: (...args: Args) => Promise<Answer>) =>
    async (...args: Args): Promise<Answer> => {
      await wait();
      const answer = await ask(...args);
      await wait();
      return answer;
    };
  return {
    list: slow(setup.list),
    create: slow(setup.create),
    replace: slow(setup.replace),
    remove: slow(setup.remove),
  };
}
