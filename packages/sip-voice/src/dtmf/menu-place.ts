import type { DtmfDigit } from "./digit.ts";
import type { DtmfField, DtmfReading } from "./field.ts";
import { matchKey } from "./key-match.ts";
import type { DtmfMenuTree, DtmfNavigation } from "./menu-tree.ts";
import { type SequenceMatch, sequenceField } from "./sequence.ts";
import { type DtmfTiming, fullTiming } from "./timing.ts";

/** The names of the menus and the sequence that lead to a place. */
export type MenuPath = readonly string[];

/** What was read: a key of a menu, or something of a sequence. */
export type MenuMatch = { readonly key: string } | SequenceMatch;

/** What a key leads to. */
export type MenuBranch =
  | { readonly kind: "navigation"; readonly name: DtmfNavigation }
  | { readonly kind: "choice"; readonly name: string }
  | { readonly kind: "place"; readonly name: string; readonly place: MenuPlace };

/** A menu or a sequence, with what its keys lead to; a sequence has none. */
export interface MenuPlace {
  readonly field: DtmfField<MenuMatch, MenuPath>;
  readonly branches: ReadonlyMap<string, MenuBranch>;
}

/**
 * Makes the places of checked menus.
 *
 * @throws SipVoiceError `invalid-option` for a sequence or a time that can't be
 */
export function menuPlace(
  menu: DtmfMenuTree,
  terminator: DtmfDigit | "none",
  timing: DtmfTiming,
  path: MenuPath = [],
): MenuPlace {
  const own = fullTiming(2_000, timing);
  const branches = Object.entries(menu).map(([key, node]): [string, MenuBranch] => {
    if (node === "back" || node === "repeat") return [key, { kind: "navigation", name: node }];
    if (typeof node === "string") return [key, { kind: "choice", name: node }];
    const name = "menu" in node ? node.menu : node.sequence;
    const inner = [...path, name];
    const place =
      "menu" in node
        ? menuPlace(node.keys, terminator, { ...timing, ...timingOf(node) }, inner)
        : { field: sequenceField(node, inner, timing), branches: new Map() };
    return [key, { kind: "place", name, place }];
  });
  const keys = Object.keys(menu);
  const read = (digits: string, final: boolean): DtmfReading<MenuMatch> =>
    readMenu(keys, terminator, digits, final);
  return { field: { ...own, path, terminator, read }, branches: new Map(branches) };
}

/** The times that are given. */
function timingOf(node: DtmfTiming): DtmfTiming {
  const { firstDigitTimeoutMs, interDigitTimeoutMs, retries } = node;
  return {
    ...(firstDigitTimeoutMs !== undefined && { firstDigitTimeoutMs }),
    ...(interDigitTimeoutMs !== undefined && { interDigitTimeoutMs }),
    ...(retries !== undefined && { retries }),
  };
}

function readMenu(
  keys: readonly string[],
  terminator: DtmfDigit | "none",
  digits: string,
  final: boolean,
): DtmfReading<MenuMatch> {
  const end = digits.indexOf(terminator);
  const head = end < 0 ? digits : digits.slice(0, end);
  if (head === "") return { kind: "no-match", taken: 1 };
  const match = matchKey(keys, head, final || end >= 0);
  if (match.kind === "wait") return { kind: "more" };
  if (match.kind === "none") return { kind: "no-match", taken: match.useless };
  return { kind: "match", match: { key: match.key }, taken: match.key.length };
}
