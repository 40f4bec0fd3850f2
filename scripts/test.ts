/** `node scripts/test.ts [part...]`: the checks, then the tests; the last line is `N passed, N failed`. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runSteps, steps } from "./check.ts";
import { bin, root, since, toolEnv } from "./workspace.ts";

interface Count {
  passed: number;
  failed: number;
}

/** The part of Vitest's JSON report that is read here. */
interface Report {
  success: boolean;
  testResults: {
    name: string;
    status: string;
    message: string;
    assertionResults: { fullName: string; status: string; failureMessages: string[] }[];
  }[];
}

const projects = ["unit", "types", "postgres", "e2e"];
const usage = `Usage: pnpm test [part...] [-- vitest arguments]

  (nothing)   everything
  check       every step of "pnpm check"
  <step>      one of them: ${steps.map(({ name }) => name).join(", ")}
  unit        unit tests
  types       type tests (*.test-d.ts)
  postgres    tests against a PostgreSQL server of their own
  e2e         end-to-end tests against a real LiveKit server

  pnpm test unit -- phone     unit tests of the files with "phone" in their path
`;

/** Runs one Vitest project, shows its progress, and counts its tests; one that was skipped counts as failed. */
async function runProject(project: string, rest: readonly string[]): Promise<Count> {
  const folder = mkdtempSync(join(tmpdir(), "sip-voice-test-"));
  const file = join(folder, "report.json");
  const start = performance.now();
  process.stdout.write(`test ${project}\n`);
  try {
    const args = [
      "run",
      "--project",
      project,
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${file}`,
    ];
    const code = await new Promise<number | null>((resolve) => {
      const child = spawn(bin("vitest"), [...args, ...rest], {
        cwd: root,
        env: toolEnv(),
        stdio: ["ignore", "inherit", "inherit"],
      });
      child.on("close", resolve);
      child.on("error", () => resolve(null));
    });
    const count = existsSync(file)
      ? countTests(JSON.parse(readFileSync(file, "utf8")) as Report)
      : { passed: 0, failed: 0 };
    if (code !== 0 && count.failed === 0) {
      process.stdout.write(
        `FAILED: the ${project} tests ended with an error outside any test, or there were none.\n`,
      );
      count.failed = 1;
    }
    process.stdout.write(
      `test ${project}: ${count.passed} passed, ${count.failed} failed (${since(start)})\n`,
    );
    return count;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function countTests({ testResults }: Report): Count {
  const count: Count = { passed: 0, failed: 0 };
  for (const { name, status, message, assertionResults } of testResults) {
    let failedHere = 0;
    for (const test of assertionResults) {
      if (test.status === "passed") count.passed++;
      else failedHere++;
      // A test that passed although it has failures was tried again.
      const [first] = test.status === "passed" ? test.failureMessages : [];
      if (first) process.stdout.write(`TRIED AGAIN: "${test.fullName}" of ${name} failed first: ${first}\n`);
      if (test.status !== "passed" && test.status !== "failed") {
        process.stdout.write(`FAILED: "${test.fullName}" of ${name} was not run (${test.status}).\n`);
      }
    }
    if (status === "failed" && failedHere === 0) {
      process.stdout.write(`FAILED: ${name}: ${message}\n`);
      failedHere = 1;
    }
    count.failed += failedHere;
  }
  return count;
}

async function main(args: string[]): Promise<number> {
  const end = args.indexOf("--");
  const parts = end < 0 ? args : args.slice(0, end);
  const rest = end < 0 ? [] : args.slice(end + 1);
  if (parts.includes("--help") || parts.includes("-h")) {
    process.stdout.write(usage);
    return 0;
  }
  const known = ["check", ...steps.map(({ name }) => name), ...projects];
  const unknown = parts.filter((part) => !known.includes(part));
  if (unknown.length > 0) {
    process.stdout.write(`Unknown: ${unknown.join(", ")}\n\n${usage}`);
    return 2;
  }
  const all = parts.length === 0;
  const start = performance.now();
  const chosen = steps.filter(({ name }) => all || parts.includes("check") || parts.includes(name));
  const failedSteps = await runSteps(chosen);
  const total: Count = { passed: chosen.length - failedSteps.length, failed: failedSteps.length };
  const failedParts = failedSteps.map((name) => `check ${name}`);
  for (const project of projects.filter((name) => all || parts.includes(name))) {
    const { passed, failed } = await runProject(project, rest);
    total.passed += passed;
    total.failed += failed;
    if (failed > 0) failedParts.push(`test ${project}`);
  }
  process.stdout.write(
    `\n${since(start)}${failedParts.length > 0 ? `, failed: ${failedParts.join(", ")}` : ""}\n`,
  );
  process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`);
  return total.failed > 0 ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
