import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bin, root, toolEnv } from "./workspace.ts";

const lib = "packages/sip-voice/src";

/** What the tools must let through: each ring importing inwards, and tests importing what they test with. */
const allowed: Record<string, string> = {
  [`${lib}/errors.ts`]: `export class E extends Error {}`,
  [`${lib}/clock.ts`]: `export const now = (): number => Date.now();\nsetTimeout(() => now(), 1);`,
  [`${lib}/phone/number.ts`]: `import { isValidPhoneNumber } from "libphonenumber-js/max";\nimport { E } from "../errors.ts";\nimport * as z from "zod/mini";\nexport const a = [isValidPhoneNumber, E, z, new Date("2026-01-01")];`,
  [`${lib}/phone/number.test.ts`]: `import { test } from "vitest";\nimport { readFileSync } from "node:fs";\nimport { a } from "./number.ts";\nimport { conform } from "../testing/index.ts";\ntest("a", () => [a, conform, readFileSync, Date.now()]);`,
  [`${lib}/outbound/ledger.ts`]: `import { randomUUID } from "node:crypto";\nimport { a } from "../phone/number.ts";\nexport const b = [a, randomUUID];`,
  [`${lib}/livekit/index.ts`]: `import { SipClient } from "livekit-server-sdk";\nimport { b } from "../outbound/ledger.ts";\nexport const c = [b, SipClient, Date.now()];`,
  [`${lib}/sqlite/index.ts`]: `import { DatabaseSync } from "node:sqlite";\nimport { b } from "../outbound/ledger.ts";\nexport const d = [b, DatabaseSync];`,
  [`${lib}/testing/index.ts`]: `import { test } from "vitest";\nimport { b } from "../outbound/ledger.ts";\nexport const conform = [b, test];`,
  [`${lib}/make-call.ts`]: `import { b } from "./outbound/ledger.ts";\nexport const makeCall = async () => [b, process.env, await import("./livekit/index.ts"), await import("./sqlite/index.ts"), await import("livekit-server-sdk")];`,
  [`${lib}/index.ts`]: `export { b } from "./outbound/ledger.ts";\nexport { makeCall } from "./make-call.ts";`,
  "examples/gemini-sip-agent/agent.ts": `import { makeCall } from "@clinic/sip-voice";\nimport { d } from "@clinic/sip-voice/sqlite";\nexport default [makeCall, d];`,
};

/** A file that crosses a boundary, and the rule that must name it. */
const crossings: [file: string, source: string, rule: string][] = [
  [`${lib}/sip/outcome.ts`, `import "../outbound/ledger.ts";`, "domain-imports-domain"],
  [`${lib}/sip/fs.ts`, `import "node:fs";`, "domain-imports-domain"],
  [`${lib}/sip/crypto.ts`, `import "crypto";`, "domain-imports-domain"],
  [
    `${lib}/sip/vendor.ts`,
    `import type { SipClient } from "livekit-server-sdk";\nexport type S = SipClient;`,
    "domain-imports-domain",
  ],
  [`${lib}/sip/lazy.ts`, `await import("../sqlite/index.ts");`, "domain-imports-domain"],
  [`${lib}/campaign/runner.ts`, `import "../sqlite/index.ts";`, "ring-imports-domain"],
  [
    `${lib}/trunks/plan.ts`,
    `import type { SipClient } from "livekit-server-sdk";\nexport type S = SipClient;`,
    "ring-imports-domain",
  ],
  [`${lib}/prompts/cache.ts`, `import "../make-call.ts";`, "ring-imports-domain"],
  [`${lib}/agent/agent.ts`, `import "../livekit/index.ts";`, "adapter-not-adapter"],
  [`${lib}/agent/call.ts`, `import "../make-call.ts";`, "adapter-imports-inwards"],
  [`${lib}/sqlite/sdk.ts`, `import "livekit-server-sdk";`, "adapter-own-peers"],
  [`${lib}/livekit/rtc.ts`, `import "@livekit/rtc-node";`, "adapter-own-peers"],
  [`${lib}/testing/ledger.ts`, `import "../sqlite/index.ts";`, "testing-imports-ports"],
  [`${lib}/livekit/conform.ts`, `import "../testing/index.ts";`, "nothing-imports-tests"],
  [`${lib}/extra/thing.ts`, `import "../errors.ts";`, "every-file-in-a-ring"],
  [`${lib}/call/utils.ts`, `export const a = 1;\nimport "./phase.ts";`, "file-named-after-nothing"],
  [`${lib}/call/call-types.ts`, `import "./phase.ts";`, "file-named-after-nothing"],
  [`${lib}/call/phase.ts`, `import "./turn.ts";`, "no-cycle"],
  [`${lib}/call/gone.ts`, `import "./nowhere.ts";`, "no-unresolved"],
  [`${lib}/telnyx/sms.ts`, `import "of-no-registry";`, "no-unresolved"],
  ["packages/sip-voice-lab/src/lab.ts", `import "../../sip-voice/src/index.ts";`, "published-names-only"],
  [
    "packages/proof/bench/main.ts",
    `import "../../../examples/gemini-sip-agent/agent.ts";`,
    "published-names-only",
  ],
  [
    "examples/outbound-caller/main.ts",
    `import "../../packages/sip-voice/src/index.ts";`,
    "published-names-only",
  ],
  ["scripts/list.ts", `import "../packages/sip-voice/src/index.ts";`, "published-names-only"],
  [`${lib}/report/lab.ts`, `import "../../../sip-voice-lab/src/lab.ts";`, "library-stands-alone"],
];

/** The composition root and index have their own crossings, in a second tree. */
const rootCrossings: typeof crossings = [
  [
    `${lib}/make-call.ts`,
    `import { c } from "./livekit/index.ts";\nimport "./telnyx/index.ts";\nexport const makeCall = c;`,
    "make-call-loads-lazily",
  ],
  [`${lib}/make-call.ts`, "", "make-call-imports-inwards"],
  [
    `${lib}/telnyx/index.ts`,
    `import type { DatabaseSync } from "node:sqlite";\nimport type { d } from "../sqlite/index.ts";\nexport type D = typeof d | DatabaseSync;`,
    "adapter-not-adapter",
  ],
  [`${lib}/index.ts`, `export { c } from "./livekit/index.ts";`, "root-imports-inwards"],
];

const lints: [name: string, statement: string, rule: string][] = [
  ["now", "export const a = Date.now();", "plugin"],
  ["date", "export const a = new Date();", "plugin"],
  [
    "temporal",
    `import { Temporal } from "temporal-polyfill";\nexport const a = Temporal.Now.instant();`,
    "plugin",
  ],
  ["timeout", "setTimeout(() => {}, 1);", "noRestrictedGlobals"],
  ["interval", "setInterval(() => {}, 1);", "noRestrictedGlobals"],
  ["global", "export const a = globalThis.setTimeout;", "noRestrictedGlobals"],
  ["env", "export const a = process.env.HOME;", "noRestrictedGlobals"],
  ["print", `console.log("a");`, "noConsole"],
  ["any", "export const a: any = 1;", "noExplicitAny"],
  ["default", "export default 1;", "noDefaultExport"],
  ["promise", "async function a(): Promise<void> {}\na();", "noFloatingPromises"],
];

const trees: string[] = [];

/** A workspace in a temporary folder with our configuration, these files, and the real node_modules. */
function tree(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), "boundaries-"));
  trees.push(folder);
  for (const name of [
    ".dependency-cruiser.mjs",
    "biome.json",
    "tsconfig.json",
    "tsconfig.base.json",
    "scripts/lint/no-clock.grit",
  ]) {
    cpSync(join(root, name), join(folder, name), { recursive: true });
  }
  for (const [name, source] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), `${source}\n`);
  }
  // The published names resolve to the tree's own copy, everything else to what is installed here.
  mkdirSync(join(folder, "node_modules/@clinic"), { recursive: true });
  symlinkSync(join(folder, "packages/sip-voice"), join(folder, "node_modules/@clinic/sip-voice"));
  cpSync(join(root, "packages/sip-voice/package.json"), join(folder, "packages/sip-voice/package.json"));
  symlinkSync(join(root, "packages/sip-voice/node_modules"), join(folder, "packages/sip-voice/node_modules"));
  return folder;
}

function violations(files: Record<string, string>): { from: string; rule: string }[] {
  const args = [
    "--config",
    ".dependency-cruiser.mjs",
    "--output-type",
    "json",
    "packages",
    "examples",
    "scripts",
  ];
  const run = spawnSync(bin("depcruise"), args, {
    cwd: tree(files),
    env: toolEnv(),
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  if (run.stdout === "") throw new Error(run.stderr);
  const { summary } = JSON.parse(run.stdout) as {
    summary: { violations: { from: string; rule: { name: string } }[] };
  };
  return summary.violations.map(({ from, rule }) => ({ from, rule: rule.name }));
}

const filesOf = (list: typeof crossings): Record<string, string> =>
  Object.fromEntries(list.filter(([, source]) => source !== "").map(([file, source]) => [file, source]));

afterAll(() => {
  for (const folder of trees) rmSync(folder, { recursive: true, force: true });
});

describe("dependency-cruiser", { timeout: 60_000 }, () => {
  let clean: ReturnType<typeof violations>;
  let crossed: ReturnType<typeof violations>;
  let crossedAtRoot: ReturnType<typeof violations>;
  beforeAll(() => {
    clean = violations(allowed);
    const otherHalfOfTheCycle = { [`${lib}/call/turn.ts`]: `import "./phase.ts";` };
    crossed = violations({ ...allowed, ...otherHalfOfTheCycle, ...filesOf(crossings) });
    crossedAtRoot = violations({ ...allowed, ...filesOf(rootCrossings) });
  }, 60_000);

  test("lets the designed directions through", () => {
    expect(clean).toEqual([]);
  });

  test.each(crossings)("%s is refused", (from, _source, rule) => {
    expect(crossed).toContainEqual({ from, rule });
  });

  test.each(rootCrossings)("%s with a crossing is refused by $2", (from, _source, rule) => {
    expect(crossedAtRoot).toContainEqual({ from, rule });
  });

  test("refuses nothing else", () => {
    const expected = new Set([...crossings, ...rootCrossings].map(([file]) => file));
    const others = [...crossed, ...crossedAtRoot].filter(({ from }) => !expected.has(from));
    expect(others).toEqual([]);
  });
});

describe("biome", { timeout: 60_000 }, () => {
  let found: { path: string; rule: string }[];
  beforeAll(() => {
    const bad = lints.map(([name, statement]) => [`${lib}/sip/${name}.ts`, statement]);
    const run = spawnSync(
      bin("biome"),
      ["lint", "--vcs-enabled=false", "--reporter=json", "--max-diagnostics=none", "packages", "examples"],
      {
        cwd: tree({ ...allowed, ...Object.fromEntries(bad) }),
        env: toolEnv(),
        encoding: "utf8",
        maxBuffer: 1 << 26,
      },
    );
    const report = JSON.parse(run.stdout) as {
      diagnostics: { category: string; severity: string; location: { path: string } }[];
    };
    found = report.diagnostics
      .filter(({ severity }) => severity === "error")
      .map(({ category, location }) => ({ path: location.path, rule: category.split("/").at(-1) ?? "" }));
  }, 60_000);

  test.each(lints)("a domain module may not: %s", (name, _statement, rule) => {
    expect(found).toContainEqual({ path: `${lib}/sip/${name}.ts`, rule });
  });

  test("lets the clock, adapters and tests through", () => {
    expect(found.filter(({ path }) => path in allowed)).toEqual([]);
  });
});
