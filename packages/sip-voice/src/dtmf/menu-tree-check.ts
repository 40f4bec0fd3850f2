import { SipVoiceError, shapeOf } from "../errors.ts";
import { isDtmfDigit } from "./digit.ts";
import type { DtmfMenuTree } from "./menu-tree.ts";

/** The keys of all menus, and the names of all choices and sequences that end them. */
export interface MenuTreeWords {
  readonly keys: ReadonlySet<string>;
  readonly leaves: ReadonlySet<string>;
}

/** No caller goes through as many menus; a menu that contains itself would. */
const deepest = 16;

/**
 * Checks menus that types could not check, such as those from a file.
 *
 * @throws SipVoiceError `invalid-menu`
 */
export function checkDtmfMenuTree(tree: DtmfMenuTree): MenuTreeWords {
  const keys = new Set<string>();
  const leaves = new Set<string>();

  function check(menu: unknown, depth: number): void {
    if (typeof menu !== "object" || menu === null)
      throw invalid(`Keys of a DTMF menu were expected, not ${shapeOf(menu)}.`);
    if (depth > deepest) throw invalid(`DTMF menus are nested deeper than ${deepest}.`);
    for (const [key, node] of Object.entries(menu) as [string, unknown][]) {
      if (key === "" || ![...key].every(isDtmfDigit))
        throw invalid("A key of a DTMF menu is not made of digits.", "Use 0 to 9, *, # and A to D.");
      keys.add(key);
      checkNode(node, depth);
    }
  }

  function checkNode(node: unknown, depth: number): void {
    if (node === "back" || node === "repeat") return;
    if (typeof node === "string") leaves.add(named(node));
    else if (typeof node !== "object" || node === null)
      throw invalid(`A choice, a menu or a sequence was expected, not ${shapeOf(node)}.`);
    else if ("menu" in node && !("sequence" in node)) {
      named(node.menu);
      check("keys" in node ? node.keys : undefined, depth + 1);
    } else if ("sequence" in node && !("menu" in node)) leaves.add(named(node.sequence));
    else
      throw invalid("What a key leads to is neither a menu nor a sequence.", "Give one of the two its name.");
  }

  check(tree, 1);
  return { keys, leaves };
}

function named(name: unknown): string {
  if (typeof name === "string" && name !== "" && name !== "back" && name !== "repeat") return name;
  throw invalid(
    "Something in a DTMF menu has no name, or a reserved one.",
    "Use neither `back` nor `repeat`.",
  );
}

function invalid(message: string, remedy?: string): SipVoiceError {
  return new SipVoiceError("invalid-menu", message, { field: "menu", ...(remedy && { remedy }) });
}
