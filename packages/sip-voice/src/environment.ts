import { SipVoiceError } from "./errors.ts";

/** What an environment variable is for. */
export interface VariableSpec {
  /** What to do when it is missing or malformed, as a sentence. */
  readonly remedy: string;
  /** May it be missing? */
  readonly optional?: true;
  /** Whether a value has the right shape; any non-empty one unless given. */
  readonly accepts?: (value: string) => boolean;
}

/** The variables that a program reads, by name. */
export type EnvironmentSpec = Readonly<Record<string, VariableSpec>>;

/** The values of a spec's variables. */
export type EnvironmentOf<Spec extends EnvironmentSpec> = {
  readonly [Name in keyof Spec]: Spec[Name] extends { readonly optional: true } ? string | undefined : string;
};

/** Whether a text is a URL with one of the given schemes. */
export function isUrl(text: string, ...schemes: readonly string[]): boolean {
  return URL.canParse(text) && schemes.includes(new URL(text).protocol.replace(":", ""));
}

/**
 * Reads environment variables, and says in one error everything that is missing or malformed, with the remedies.
 * Values are never repeated.
 *
 * @throws SipVoiceError `invalid-environment`
 * @example
 * ```ts
 * import { readEnvironment } from "@clinic/sip-voice";
 *
 * const { CLINIC_NAME } = readEnvironment(
 *   { CLINIC_NAME: { remedy: "Set it to the name that callers hear." } },
 *   { CLINIC_NAME: "Riverside Clinic" },
 * );
 * console.log(CLINIC_NAME);
 * ```
 */
export function readEnvironment<const Spec extends EnvironmentSpec>(
  spec: Spec,
  environment: Readonly<Record<string, string | undefined>>,
): EnvironmentOf<Spec> {
  const complaints: string[] = [];
  const wrong: string[] = [];
  const values: Record<string, string | undefined> = {};
  for (const [name, { remedy, optional, accepts }] of Object.entries(spec)) {
    const value = environment[name]?.trim() || undefined;
    values[name] = value;
    const fine = value === undefined ? optional : accepts === undefined || accepts(value);
    if (fine) continue;
    wrong.push(name);
    complaints.push(`  ${name} ${value === undefined ? "is not set" : "is malformed"}. ${remedy}`);
  }
  if (complaints.length === 0) return values as EnvironmentOf<Spec>;
  const heading =
    complaints.length === 1 ? "An environment variable" : `${complaints.length} environment variables`;
  throw new SipVoiceError("invalid-environment", `${heading} must be mended:\n${complaints.join("\n")}`, {
    field: wrong.join(", "),
  });
}
