import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { problemLine, readScenario, type ScenarioProblem } from "./scenario-file.ts";
import type { Scenario } from "./scenario-shape.ts";

/** Scenario files that can't be played. Nothing was played. */
export class InvalidScenarios extends Error {
  readonly code = "invalid-scenario";
  /** All of them, file by file. */
  readonly problems: readonly ScenarioProblem[];

  constructor(problems: readonly ScenarioProblem[]) {
    super(problems.map(problemLine).join("\n"));
    this.problems = problems;
  }
}

/** The scenarios of the example's clinic. */
async function exampleFiles(): Promise<string[]> {
  const agent = createRequire(import.meta.url).resolve("@clinic/gemini-sip-agent/agent");
  const folder = join(dirname(agent), "scenarios");
  const names = (await readdir(folder)).filter((name) => /[.](ya?ml|json)$/.test(name));
  return names.sort().map((name) => relative(process.cwd(), join(folder, name)));
}

/**
 * Reads scenario files, all of them, before anything is played.
 * @throws InvalidScenarios with everything that is wrong with them
 */
export async function readScenarioFiles(files: readonly string[]): Promise<Scenario[]> {
  const given = files.length === 0 ? await exampleFiles() : files;
  const problems: ScenarioProblem[] = [];
  const scenarios = new Map<string, { readonly file: string; readonly scenario: Scenario }>();
  for (const file of given) {
    const text = await readFile(file, "utf8").catch(({ code }: NodeJS.ErrnoException) => {
      const message = `It can't be read (${code}): give the path of a scenario file.`;
      problems.push({ file, line: 1, column: 1, field: "", message });
      return undefined;
    });
    if (text === undefined) continue;
    const read = readScenario(file, text);
    if (!read.ok) {
      problems.push(...read.problems);
      continue;
    }
    const { name } = read.scenario;
    const other = scenarios.get(name);
    if (other)
      problems.push({
        file,
        ...read.nameAt,
        field: "name",
        message: `The scenario of ${other.file} has it already: give this one another name.`,
      });
    else scenarios.set(name, { file, scenario: read.scenario });
  }
  if (problems.length > 0) throw new InvalidScenarios(problems);
  return [...scenarios.values()].map(({ scenario }) => scenario);
}
