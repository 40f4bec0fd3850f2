/** What the keys of a menu make of the digits pressed so far. */
export type KeyMatch = { readonly kind: "wait" } | { readonly kind: "key"; readonly key: string } | NoKey;

/** No key begins with these digits, nor do they begin with one. */
interface NoKey {
  readonly kind: "none";
  /** How many digits are certain to begin nothing: the rest may begin a key, or is empty. */
  readonly useless: number;
}

/**
 * Matches digits with keys. The longest key that fits is taken; a longer one is waited for unless `final` says
 * that no further digit belongs to these.
 */
export function matchKey(keys: readonly string[], digits: string, final: boolean): KeyMatch {
  if (!final && keys.some((key) => key.length > digits.length && key.startsWith(digits)))
    return { kind: "wait" };
  const longest = keys
    .filter((key) => digits.startsWith(key))
    .sort((one, other) => other.length - one.length)[0];
  if (longest !== undefined) return { kind: "key", key: longest };
  let useless = 1;
  while (useless < digits.length && !mayBegin(keys, digits.slice(useless), final)) useless++;
  return { kind: "none", useless };
}

function mayBegin(keys: readonly string[], digits: string, final: boolean): boolean {
  return keys.some((key) => digits.startsWith(key) || (!final && key.startsWith(digits)));
}
