import { type Document, isMap, isScalar, LineCounter, parseDocument } from "yaml";
import { type Scenario, scenarioShape } from "./scenario-shape.ts";

/** Something that is wrong with a scenario file. */
export interface ScenarioProblem {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** Where in the document, as in `steps[1].press`; empty for the whole of it. */
  readonly field: string;
  /** What is wrong and what to do about it. */
  readonly message: string;
}

/** A file that could be read, or everything that is wrong with it. */
export type ScenarioFile =
  | { readonly ok: true; readonly file: string; readonly scenario: Scenario; readonly nameAt: ScenarioPlace }
  | { readonly ok: false; readonly problems: readonly ScenarioProblem[] };

/** A place in a file; both from 1. */
export interface ScenarioPlace {
  readonly line: number;
  readonly column: number;
}

type Path = readonly PropertyKey[];

/** Reads a scenario out of YAML 1.2 (JSON is YAML, too). */
export function readScenario(file: string, text: string): ScenarioFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const placeOf = (offset: number): ScenarioPlace => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  if (document.errors.length > 0) {
    const problems = document.errors.map(({ pos, message }) => ({
      file,
      ...placeOf(pos[0]),
      field: "",
      message: `${message} It is not YAML.`,
    }));
    return { ok: false, problems };
  }
  const result = scenarioShape.safeParse(document.toJS({ maxAliasCount: 100 }));
  const placeAt = (path: Path): ScenarioPlace => placeOf(offsetOf(document, path));
  if (result.success) return { ok: true, file, scenario: result.data, nameAt: placeAt(["name"]) };
  const problems = result.error.issues.flatMap((issue): ScenarioProblem[] => {
    if (issue.code === "unrecognized_keys")
      return issue.keys.map((key) => {
        const path = [...issue.path, key];
        const message = "There is no such field: look at scenario.schema.json for those that there are.";
        return { file, ...placeAt(path), field: fieldOf(path), message };
      });
    const { message, path } = issue;
    return [{ file, ...placeAt(path), field: fieldOf(path), message: remedied(issue.code, message) }];
  });
  return { ok: false, problems: problems.sort((a, b) => a.line - b.line || a.column - b.column) };
}

/** Where a path begins: at its key in a map; where it is missing, at what should hold it. */
function offsetOf(document: Document.Parsed, path: Path): number {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const parent = depth === 1 ? document.contents : document.getIn(path.slice(0, depth - 1), true);
    const last = path[depth - 1];
    if (isMap(parent)) {
      const pair = parent.items.find(({ key }) => isScalar(key) && key.value === last);
      if (pair && isScalar(pair.key) && pair.key.range) return pair.key.range[0];
    }
    const node = document.getIn(path.slice(0, depth), true) as { range?: readonly number[] } | undefined;
    if (node?.range) return node.range[0] ?? 0;
  }
  return document.contents?.range[0] ?? 0;
}

/** As people write it: `steps[1].press`. */
function fieldOf(path: Path): string {
  return path.reduce<string>(
    (field, part) =>
      typeof part === "number"
        ? `${field}[${part}]`
        : field === ""
          ? String(part)
          : `${field}.${String(part)}`,
    "",
  );
}

function remedied(code: string, message: string): string {
  if (/received undefined/.test(message)) return "It is missing: add it.";
  return code === "custom" || /[.]$/.test(message) ? message : `${message}. Change it to that.`;
}

/** One line for people, as compilers have it. */
export function problemLine({ file, line, column, field, message }: ScenarioProblem): string {
  return `${file}:${line}:${column}  ${field === "" ? "" : `${field}: `}${message}`;
}
