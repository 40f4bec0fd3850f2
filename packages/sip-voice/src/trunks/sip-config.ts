import * as z from "zod/mini";
import { canonicalForm, type Json } from "./canonical-form.ts";
import type { SipFinding } from "./finding.ts";
import { type PositionedJson, readPositionedJson } from "./positioned-json.ts";
import {
  type SipResourceKind,
  type SipResourceOf,
  shapeOfKind,
  sipConfigFiles,
  sipResourceKinds,
} from "./sip-resource.ts";
import { resolveReferences } from "./variable-reference.ts";

/** The texts of the files in `sip_config/`, by their names. One that is missing describes nothing. */
export type SipConfigTexts = Readonly<Record<string, string | undefined>>;

/** What `sip_config/` asks for. References to the ids of its own trunks stay as they are. */
export type SipConfig = { readonly [Kind in SipResourceKind]?: SipResourceOf[Kind] };

/** What was read from `sip_config/`. */
export interface SipConfigReading {
  /** What could be read; without the files that hold an error of their form. */
  readonly config: SipConfig;
  /** Everything that is wrong with the files' form, at once. */
  readonly findings: readonly SipFinding[];
  /** Whether a kind has a file, also one that could not be read. */
  has(kind: SipResourceKind): boolean;
  /** Where a field of a kind's file stands, for findings about what it means. */
  placeOf(
    kind: SipResourceKind,
    path: readonly PropertyKey[],
  ): { readonly line: number; readonly column: number };
}

/** Fields whose values are never shown. */
export const secretFields: ReadonlySet<string> = new Set(["authPassword", "pin"]);

/**
 * Reads the files of `sip_config/`: JSON as LiveKit's own command line takes it, with `${NAME}` for values of the environment.
 * Tells every problem at once, with line and column. What the values mean for calls is {@link checkSipConfig}'s.
 *
 * @param texts - the files' texts by name: `inbound_trunk.json`, `outbound_trunk.json`, `dispatch_rule.json`
 * @param variables - the environment
 * @example
 * ```ts
 * import { readSipConfig } from "@clinic/sip-voice/trunks";
 *
 * const text = '{ "trunk": { "name": "clinic", "numbers": ["${TELNYX_PHONE_NUMBER}"] } }';
 * const { config, findings } = readSipConfig(
 *   { "inbound_trunk.json": text },
 *   { TELNYX_PHONE_NUMBER: "+15105550100" },
 * );
 * console.log(findings.length, config["inbound-trunk"]?.numbers); // 0 [ "+15105550100" ]
 * ```
 */
export function readSipConfig(
  texts: SipConfigTexts,
  variables: Readonly<Record<string, string | undefined>>,
): SipConfigReading {
  const findings: SipFinding[] = [];
  const config: Partial<Record<SipResourceKind, unknown>> = {};
  const places = new Map<SipResourceKind, PositionedJson>();
  for (const kind of sipResourceKinds) {
    const text = texts[sipConfigFiles[kind].file];
    if (text === undefined) continue;
    const json = readPositionedJson(text);
    places.set(kind, json);
    const resource = readResource(kind, json, variables, findings);
    if (resource !== undefined) config[kind] = resource;
  }
  return {
    config: config as SipConfig,
    findings,
    has: (kind) => places.has(kind),
    placeOf(kind, path) {
      const { wrapper } = sipConfigFiles[kind];
      return places.get(kind)?.placeOf([wrapper, ...path]) ?? { line: 1, column: 1 };
    },
  };
}

function readResource(
  kind: SipResourceKind,
  json: PositionedJson,
  variables: Readonly<Record<string, string | undefined>>,
  findings: SipFinding[],
): Json | undefined {
  const { file, wrapper } = sipConfigFiles[kind];
  if (json.broken || json.value === undefined) {
    const { line = 1, column = 1, why = "It is no JSON." } = json.broken ?? {};
    findings.push({
      ...{ rule: "broken-json", severity: "error", file, line, column },
      found: why,
      means: "Nothing of the file was read.",
      remedy: "Mend it there.",
    });
    return undefined;
  }
  const before = findings.filter(({ severity }) => severity === "error").length;
  for (const { field, line, column } of json.twice)
    findings.push({
      ...{ rule: "duplicate-field", severity: "error", file, field, line, column },
      found: `"${field}" is there twice.`,
      means: "Only one of them would count.",
      remedy: "Take one out; auth_username and authUsername are the same field.",
    });
  const value = resolve(json.value, [], variables, (path, names) => {
    for (const name of names)
      findings.push({
        ...{ rule: "unset-variable", severity: "error", file, field: pathText(path.slice(1)) },
        ...json.placeOf(path),
        found: `${name} is not set.`,
        means: "The field has no value.",
        remedy: "Set it in .env or .env.sip.",
      });
  });
  findSecrets(json.value, [], (path) =>
    findings.push({
      ...{ rule: "secret-in-file", severity: "warning", file, field: pathText(path.slice(1)) },
      ...json.placeOf(path),
      found: "A secret stands in the file.",
      means: "Whoever may read the repository may call at your expense.",
      remedy: "Put it into .env.sip and write a reference, as in $" + "{TELNYX_SIP_PASSWORD}.",
    }),
  );
  const shape = z.strictObject({ [wrapper]: shapeOfKind[kind] as z.ZodMiniType });
  const parsed = shape.safeParse(value);
  if (!parsed.success)
    for (const issue of parsed.error.issues) findings.push(...findingsOfIssue(issue, file, json, wrapper));
  const wrong = findings.filter(({ severity }) => severity === "error").length > before;
  return wrong ? undefined : canonicalForm((value as Record<string, Json>)[wrapper] ?? null);
}

function findingsOfIssue(
  issue: z.core.$ZodIssue,
  file: string,
  json: PositionedJson,
  wrapper: string,
): SipFinding[] {
  const paths =
    issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
  return paths.map((path): SipFinding => {
    const field = pathText(path[0] === wrapper ? path.slice(1) : path);
    const common = { severity: "error", file, field, ...json.placeOf(path) } as const;
    if (issue.code === "unrecognized_keys")
      return {
        ...common,
        rule: "unknown-field",
        found: "LiveKit has no such field.",
        means: "It would be refused.",
        remedy:
          path.length === 1
            ? `The file holds one object named "${wrapper}".`
            : "Mend its name, or take it out.",
      };
    return {
      ...common,
      rule: "wrong-shape",
      found: sentenceOf(issue),
      means: "LiveKit would refuse it.",
      remedy: "The schema beside the package says what goes here.",
    };
  });
}

/** What is wrong with a value, without the value. */
function sentenceOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined ? "It is missing." : `It is no ${issue.expected}.`;
    case "invalid_value":
      return `It is none of ${issue.values.join(", ")}.`;
    case "too_small":
      return "It is empty, or too small.";
    case "invalid_format":
      return issue.message;
    default:
      return issue.code === "custom" ? issue.message : "It has the wrong form.";
  }
}

/** A path as people write it: `roomConfig.agents[0].agentName`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`))
    .join("")
    .replace(/^[.]/, "");
}

function resolve(
  value: Json,
  path: readonly PropertyKey[],
  variables: Readonly<Record<string, string | undefined>>,
  onUnset: (path: readonly PropertyKey[], names: readonly string[]) => void,
): Json {
  if (typeof value === "string") {
    const { text, unset } = resolveReferences(value, variables);
    if (unset.length > 0) onUnset(path, unset);
    return text;
  }
  if (Array.isArray(value))
    return value.map((item: Json, index) => resolve(item, [...path, index], variables, onUnset));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, resolve(item, [...path, key], variables, onUnset)]),
  );
}

function findSecrets(
  value: Json,
  path: readonly PropertyKey[],
  onSecret: (path: readonly PropertyKey[]) => void,
): void {
  if (typeof value !== "object" || value === null) return;
  for (const [key, item] of Object.entries(value) as [string, Json][]) {
    const written = typeof item === "string" && item !== "" && !resolveReferences(item, {}).refers;
    if (key === "authPassword" && written) onSecret([...path, key]);
    findSecrets(item, [...path, key], onSecret);
  }
}
