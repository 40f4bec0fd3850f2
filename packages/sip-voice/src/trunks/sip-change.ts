import type { Json } from "./canonical-form.ts";
import { secretFields } from "./sip-config.ts";

/** A field that changes. Texts are JSON; secrets are hidden. */
export interface SipChange {
  /** The field, as in `address`. */
  readonly field: string;
  /** What it is; `undefined` where it is not set. */
  readonly before: string | undefined;
  /** What it becomes; `undefined` where it is taken out. */
  readonly after: string | undefined;
}

/** What differs between two resources. */
interface SipDifference {
  readonly list: readonly SipChange[];
  /** The resource has a secret that LiveKit does not show. */
  readonly hidden: boolean;
}

/** Compares two resources in canonical form field by field. */
export function changesBetween(before: Json | undefined, after: Json): SipDifference {
  const was = (before ?? {}) as Readonly<Record<string, Json>>;
  const becomes = after as Readonly<Record<string, Json>>;
  // A server that hides passwords shows the user name and no password.
  const hidden =
    was.authUsername !== undefined && was.authPassword === undefined && becomes.authPassword !== undefined;
  const fields = [...new Set([...Object.keys(was), ...Object.keys(becomes)])].sort();
  const list = fields.flatMap((field): SipChange[] => {
    if (hidden && field === "authPassword") return [];
    if (sameJson(was[field], becomes[field])) return [];
    return [
      {
        field,
        before: shown(field, was[field], false),
        after: shown(field, becomes[field], before !== undefined),
      },
    ];
  });
  return { list, hidden };
}

/** Whether two values in canonical form are the same. */
export function sameJson(one: Json | undefined, other: Json | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function shown(field: string, value: Json | undefined, another: boolean): string | undefined {
  if (value === undefined) return undefined;
  if (secretFields.has(field)) return another ? "(another secret)" : "(secret)";
  return JSON.stringify(value, (key, item: Json) =>
    secretFields.has(key) && item !== "" ? "(secret)" : item,
  );
}
