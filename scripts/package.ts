/**
 * Builds and packs @clinic/sip-voice and looks at the tarball as its users meet it: publint, are-the-types-wrong, and an empty
 * folder with nothing but the tarball in it, where the root is imported and type-checked.
 */
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { bin, type Run, root, run } from "./workspace.ts";

const folder = join(root, "packages/sip-voice");
const notices = join(folder, "THIRD_PARTY_NOTICES.md");

const consumer = `import { detectSipParticipant, makeCall } from "@clinic/sip-voice";

export const call: Parameters<typeof makeCall> | undefined = undefined;
export const detect: typeof detectSipParticipant = detectSipParticipant;
// @ts-expect-error The types came along: a function is no number.
export const wrong: number = makeCall;
// @ts-expect-error
export const wrongToo: number = detectSipParticipant;
`;

const program = `import { makeCall, detectSipParticipant } from "@clinic/sip-voice";
for (const [name, value] of Object.entries({ makeCall, detectSipParticipant })) {
  if (typeof value !== "function") throw new TypeError(name + " is no function");
}
`;

function pnpm(args: string[], cwd: string): Promise<Run> {
  // Set when a pnpm script runs us; otherwise the version that the README names.
  const self = process.env.npm_execpath;
  if (self === undefined || !/pnpm/.test(self)) return run("npx", ["-y", "pnpm@12.21.0", ...args], cwd);
  return /[.][cm]?js$/.test(self) ? run(process.execPath, [self, ...args], cwd) : run(self, args, cwd);
}

/** The npm packages that the root's declarations name: there must be none, so that they need nothing installed. */
function foreignTypes(dist: string): string[] {
  const seen = new Set<string>();
  const foreign = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    const text = readFileSync(file, "utf8").replaceAll(/\/\*[\s\S]*?\*\//g, "");
    for (const [, name = ""] of text.matchAll(
      /(?:\bfrom\s*|\bimport\s*\(?\s*|<reference types=)["']([^"']+)["']/g,
    )) {
      if (name.startsWith(".")) visit(join(dirname(file), name.replace(/[.]js$/, ".d.ts")));
      else foreign.add(name);
    }
  };
  visit(join(dist, "index.d.ts"));
  return [...foreign];
}

/** Checks the package as it would be published. */
export async function checkPackage(): Promise<Run> {
  const temporary = mkdtempSync(join(tmpdir(), "sip-voice-package-"));
  try {
    const written = globSync(notices).length === 0 ? "" : readFileSync(notices, "utf8");
    const build = await run(bin("tsup", "packages/sip-voice"), [], folder);
    if (!build.ok) return build;
    const problems: string[] = [];
    const note = (step: string, { ok, output }: Run): void => {
      if (!ok) problems.push(`${step}:\n${output}`);
    };
    if (written !== readFileSync(notices, "utf8")) {
      problems.push(
        "packages/sip-voice/THIRD_PARTY_NOTICES.md was out of date; the build has rewritten it: commit it.",
      );
    }
    const foreign = foreignTypes(join(folder, "dist"));
    if (foreign.length > 0)
      problems.push(`The root's declarations import ${foreign.join(", ")}; they must stand alone.`);

    const packed = await pnpm(["pack", "--pack-destination", temporary], folder);
    const [tarball] = globSync("*.tgz", { cwd: temporary }).map((name) => join(temporary, name));
    if (!packed.ok || tarball === undefined) return { ok: false, output: packed.output };
    note("publint", await run(bin("publint"), ["run", tarball, "--strict"]));
    note("are-the-types-wrong", await run(bin("attw"), [tarball, "--profile", "esm-only", "--no-emoji"]));

    const empty = join(temporary, "consumer");
    mkdirSync(empty);
    const write = (name: string, content: unknown): void =>
      writeFileSync(join(empty, name), typeof content === "string" ? content : JSON.stringify(content));
    write("package.json", { name: "consumer", version: "1.0.0", private: true, type: "module" });
    const install = await run("npm", ["install", "--offline", "--no-audit", "--no-fund", tarball], empty);
    if (!install.ok) return { ok: false, output: `npm install of the tarball alone:\n${install.output}` };
    const installed = globSync("node_modules/{*,@*/*}/package.json", { cwd: empty }).map((file) =>
      dirname(file),
    );
    if (installed.length !== 1) problems.push(`The tarball brought other packages: ${installed.join(", ")}`);
    write("program.js", program);
    note("import in an empty folder", await run(process.execPath, ["program.js"], empty));
    write("consumer.ts", consumer);
    for (const [module, moduleResolution] of [
      ["nodenext", "nodenext"],
      ["esnext", "bundler"],
    ]) {
      const compilerOptions = {
        module,
        moduleResolution,
        target: "es2023",
        strict: true,
        noEmit: true,
        types: [],
      };
      write("tsconfig.json", { compilerOptions, files: ["consumer.ts"] });
      note(`tsc under ${moduleResolution}`, await run(bin("tsc"), ["-p", empty, "--pretty", "false"], empty));
    }
    return { ok: problems.length === 0, output: problems.join("\n\n") };
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  const { ok, output } = await checkPackage();
  process.stdout.write(`${output}\n`);
  process.exitCode = ok ? 0 : 1;
}
