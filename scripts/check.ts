/** `node scripts/check.ts [step...]`: everything that can be known without running the system. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkExamples } from "./examples.ts";
import { checkPackage } from "./package.ts";
import { bin, type Run, run, since } from "./workspace.ts";

interface Step {
  readonly name: string;
  readonly about: string;
  check(): Promise<Run>;
}

/** Every step, in the order in which they run. */
export const steps: readonly Step[] = [
  {
    name: "typecheck",
    about: "tsc over every package, example, test and script, and over the page with a browser's types",
    check: checkTypes,
  },
  {
    name: "lint",
    about: "Biome: format, imports, lint rules, no clock or I/O in the domain",
    check: () => run(bin("biome"), ["check", "--error-on-warnings", "--max-diagnostics=200"]),
  },
  {
    name: "boundaries",
    about: "dependency-cruiser: which module may import which",
    check: () =>
      run(bin("depcruise"), ["--config", ".dependency-cruiser.mjs", "packages", "examples", "scripts"]),
  },
  {
    name: "unused",
    about: "Knip: unused files, exports and dependencies",
    check: () => run(bin("knip"), ["--no-progress", "--no-config-hints"]),
  },
  {
    name: "examples",
    about: "every @example and every ts block of README.md and docs/guides compiles",
    check: checkExamples,
  },
  {
    name: "package",
    about: "build, pack, publint, are-the-types-wrong, use in an empty folder",
    check: checkPackage,
  },
  { name: "docs", about: "TypeDoc: every exported symbol documented, no warning", check: checkDocs },
];

/** A browser's globals are kept out of everything that runs on Node, and Node's out of the page. */
async function checkTypes(): Promise<Run> {
  const projects = ["tsconfig.json", "examples/web-clinic/page/tsconfig.json"];
  const runs = await Promise.all(projects.map((one) => run(bin("tsc"), ["-p", one, "--pretty", "false"])));
  return {
    ok: runs.every(({ ok }) => ok),
    output: runs
      .map(({ output }) => output)
      .filter(Boolean)
      .join("\n"),
  };
}

async function checkDocs(): Promise<Run> {
  const out = mkdtempSync(join(tmpdir(), "sip-voice-docs-"));
  try {
    return await run(bin("typedoc"), ["--out", out]);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** Runs these steps, prints a line for each and the output of the failing ones; gives the names of those that failed. */
export async function runSteps(chosen: readonly Step[]): Promise<string[]> {
  const failed: string[] = [];
  for (const step of chosen) {
    const start = performance.now();
    process.stdout.write(`check ${step.name}: ${step.about} ... `);
    const { ok, output } = await step.check();
    process.stdout.write(`${ok ? "ok" : "FAILED"} (${since(start)})\n`);
    if (ok) continue;
    failed.push(step.name);
    process.stdout.write(`\n${output}\n\n`);
  }
  return failed;
}

if (import.meta.main) {
  const names = process.argv.slice(2);
  const unknown = names.filter((name) => !steps.some((step) => step.name === name));
  if (unknown.length > 0) {
    const lines = steps.map(({ name, about }) => `  ${name.padEnd(12)}${about}`);
    process.stdout.write(`Usage: pnpm check [step...]\n\n${lines.join("\n")}\n`);
    process.exitCode = names.includes("--help") ? 0 : 2;
  } else {
    const failed = await runSteps(steps.filter(({ name }) => names.length === 0 || names.includes(name)));
    if (failed.length > 0) process.stdout.write(`Failed: ${failed.join(", ")}\n`);
    process.exitCode = failed.length > 0 ? 1 : 0;
  }
}
