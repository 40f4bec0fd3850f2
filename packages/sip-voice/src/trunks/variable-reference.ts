import type { Json } from "./canonical-form.ts";

/** References to what only the set-up itself gives: the ids of the trunks beside the rule. */
export const ownTrunkReference = {
  INBOUND_TRUNK_ID: "$" + "{INBOUND_TRUNK_ID}",
  OUTBOUND_TRUNK_ID: "$" + "{OUTBOUND_TRUNK_ID}",
} as const;

const reference = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** A text with its references replaced. */
export interface ResolvedText {
  /** The text with every known variable's value. */
  readonly text: string;
  /** The variables that it names and that have no value. */
  readonly unset: readonly string[];
  /** Whether it names any variable. */
  readonly refers: boolean;
}

/** Replaces `${NAME}` by the variable's value. */
export function resolveReferences(
  text: string,
  variables: Readonly<Record<string, string | undefined>>,
): ResolvedText {
  const unset: string[] = [];
  let refers = false;
  const resolved = text.replaceAll(reference, (all, name: string) => {
    refers = true;
    if (name in ownTrunkReference) return all;
    const value = variables[name]?.trim();
    if (value) return value;
    unset.push(name);
    return all;
  });
  return { text: resolved, unset, refers };
}

/** A value with the ids of the own trunks in place of the references to them. */
export function withTrunkIds(
  value: Json,
  ids: { readonly INBOUND_TRUNK_ID?: string | undefined; readonly OUTBOUND_TRUNK_ID?: string | undefined },
): Json {
  if (typeof value === "string") {
    return value.replaceAll(reference, (all, name: string) => ids[name as keyof typeof ids] ?? all);
  }
  if (Array.isArray(value)) return value.map((item: Json) => withTrunkIds(item, ids));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withTrunkIds(item, ids)]));
}
