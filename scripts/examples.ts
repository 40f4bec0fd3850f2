/**
 * Compiles every example: each ```ts block under an `@example` of packages/sip-voice/src, of README.md and of docs/guides.
 * A block is a module of its own: it imports what it uses by its published name ("@clinic/sip-voice") and declares the rest
 * (`declare const room: Room`). An error names the line of the page or source file that the block stands in.
 */
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bin, type Run, root, run } from "./workspace.ts";

interface Snippet {
  /** Path from the workspace's folder. */
  readonly file: string;
  /** Line of the opening fence, from 1. */
  readonly line: number;
  readonly lines: readonly string[];
}

const fence = /^(\s*)```(\w*)/;

/** The ts blocks among these lines; `wanted` says whether a line belongs to a place whose blocks count. */
function snippets(file: string, lines: readonly string[], wanted: (index: number) => boolean): Snippet[] {
  const found: Snippet[] = [];
  for (let index = 0; index < lines.length; index++) {
    const open = fence.exec(lines[index] ?? "");
    if (open === null) continue;
    const start = index;
    do index++;
    while (index < lines.length && !(lines[index] ?? "").trim().startsWith("```"));
    if (/^(ts|typescript)$/.test(open[2] ?? "") && wanted(start)) {
      found.push({ file, line: start + 1, lines: lines.slice(start + 1, index) });
    }
  }
  return found;
}

function ofMarkdown(file: string): Snippet[] {
  return snippets(file, readFileSync(join(root, file), "utf8").split("\n"), () => true);
}

function ofSource(file: string): Snippet[] {
  const inExample: boolean[] = [];
  let comment = false;
  let example = false;
  const lines = readFileSync(join(root, file), "utf8")
    .split("\n")
    .map((line, index) => {
      if (/^\s*\/\*\*/.test(line)) comment = true;
      if (!comment) return "";
      const text = line.replace(/^\s*(\/\*\*|\*(?!\/)) ?/, "").replace(/\s*\*\/.*$/, "");
      const tag = /^@(\w+)/.exec(text);
      if (tag !== null) example = tag[1] === "example";
      inExample[index] = example;
      if (line.includes("*/")) comment = example = false;
      return text;
    });
  return snippets(file, lines, (index) => inExample[index] === true);
}

/** Type-checks every example; the output names the failing lines. */
export async function checkExamples(): Promise<Run> {
  const sources = globSync("packages/sip-voice/src/**/*.ts", {
    cwd: root,
    exclude: ["**/*.test.ts", "**/*.test-d.ts"],
  });
  const pages = [...globSync("README.md", { cwd: root }), ...globSync("docs/guides/**/*.md", { cwd: root })];
  const all = [...sources.sort().flatMap(ofSource), ...pages.sort().flatMap(ofMarkdown)];
  if (all.length === 0) return { ok: true, output: "0 examples" };

  const packageFolder = join(root, "packages/sip-voice");
  // Inside the package, because it may import itself by its published name.
  const folder = join(packageFolder, `.examples-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  try {
    for (const [number, { line, lines }] of all.entries()) {
      // Blank lines in front keep the line numbers those of the source.
      writeFileSync(join(folder, `${number}.ts`), `${"\n".repeat(line)}${lines.join("\n")}\nexport {};\n`);
    }
    const config = {
      extends: "../../../tsconfig.base.json",
      files: all.map((_snippet, number) => `${number}.ts`),
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
    const { ok, output } = await run(bin("tsc"), ["-p", folder, "--pretty", "false"], folder);
    const named = output.replaceAll(/^(\d+)\.ts\((\d+),\d+\)/gm, (_all, number: string, line: string) => {
      return `${all[Number(number)]?.file}:${line}`;
    });
    return { ok, output: ok ? `${all.length} examples` : named };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  const { ok, output } = await checkExamples();
  process.stdout.write(`${output}\n`);
  process.exitCode = ok ? 0 : 1;
}
