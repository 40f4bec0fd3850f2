import { SipVoiceError } from "../errors.ts";
import { type DialogueStep, holdDialogue } from "./dialogue.ts";
import { type DtmfDigit, isDtmfDigit } from "./digit.ts";
import { type MenuMatch, type MenuPath, type MenuPlace, menuPlace } from "./menu-place.ts";
import type { DtmfMenuOptions, DtmfMenuResult } from "./menu-result.ts";
import type { DtmfLeaf, DtmfMenuTree, ValidDtmfMenuTree } from "./menu-tree.ts";
import { checkDtmfMenuTree, type MenuTreeWords } from "./menu-tree-check.ts";

/**
 * Leads a caller through menus in menus, up to a choice or a sequence. A key that is a choice by itself acts before `press`
 * returns; only sequences wait, and keys that others begin with. Digits typed ahead go through the menus at once, and those
 * that are left wait for whoever listens to the keypad next.
 *
 * @throws SipVoiceError `invalid-menu`, `invalid-option` for settings that can't be, or while another one listens to the keypad;
 * and whatever `prompt`, `validate` and the listeners throw
 * @example
 * ```ts
 * import { createDtmfKeypad, runDtmfMenu, systemClock } from "@clinic/sip-voice";
 *
 * declare function say(prompt: string, signal: AbortSignal): Promise<void>; // resolves when it was heard
 * const reasons = { "1": "appointment", "2": { sequence: "code", length: 6 }, "*": "back", "0": "operator" } as const;
 * const result = await runDtmfMenu(
 *   { "1": { menu: "english", keys: reasons }, "2": { menu: "spanish", keys: reasons }, "*": "repeat" },
 *   {
 *     keypad: createDtmfKeypad({ clock: systemClock }), // press() is called for each digit of the call
 *     clock: systemClock,
 *     fallback: "operator",
 *     prompt: ({ path, signal }) => say(path.join(" ") || "language", signal),
 *   },
 * );
 * if (result.kind !== "cancelled")
 *   switch (result.choice) {
 *     case "appointment":
 *       console.log("in", result.path[0]); // "english" | "spanish"
 *       break;
 *     case "code":
 *       console.log(result.digits.length);
 *       break;
 *     case "operator":
 *       console.log(result.kind === "fallback" ? result.after : "chosen");
 *   }
 * ```
 */
export async function runDtmfMenu<
  const Tree extends DtmfMenuTree,
  const Fallback extends DtmfLeaf<Tree>["choice"] = never,
>(
  menu: Tree & ValidDtmfMenuTree<Tree>,
  options: DtmfMenuOptions<Tree, Fallback>,
): Promise<DtmfMenuResult<Tree, Fallback>> {
  // Inside, names and paths are texts; what comes out was read from the very literal that the types come from.
  return run(menu, options as unknown as AnyOptions) as Promise<DtmfMenuResult<Tree, Fallback>>;
}

type AnyOptions = DtmfMenuOptions<DtmfMenuTree, string>;
type AnyResult = DtmfMenuResult<DtmfMenuTree> | DtmfMenuResult<DtmfMenuTree, string>;

function run(menu: DtmfMenuTree, options: AnyOptions): Promise<AnyResult> {
  const words = checkDtmfMenuTree(menu);
  checkFallback(options.fallback, words);
  let here = menuPlace(menu, terminatorOf(options, words), options);
  /** The menus that the caller came through. */
  const before: MenuPlace[] = [];

  function back(): DialogueStep<MenuMatch, MenuPath, AnyResult> {
    const parent = before.pop();
    if (!parent) return { ask: "again" };
    here = parent;
    return { ask: parent.field };
  }

  function next(match: MenuMatch): DialogueStep<MenuMatch, MenuPath, AnyResult> {
    const { path } = here.field;
    if (match === "back") return back();
    if ("digits" in match)
      return { end: { kind: "collected", choice: path.at(-1) ?? "", path, digits: match.digits } };
    const branch = here.branches.get(match.key);
    if (!branch) return { ask: "again" };
    options.onChoice?.({ choice: branch.name, path });
    switch (branch.kind) {
      case "navigation":
        return branch.name === "back" ? back() : { ask: "again" };
      case "choice":
        return { end: { kind: "chosen", choice: branch.name, path: [...path, branch.name] } };
      case "place":
        before.push(here);
        here = branch.place;
        return { ask: here.field };
    }
  }

  const { fallback } = options;
  return holdDialogue<MenuMatch, MenuPath, AnyResult>(
    {
      first: here.field,
      next,
      exhausted: ({ reason, path }) =>
        fallback === undefined
          ? { kind: reason, path }
          : { kind: "fallback", choice: fallback, after: reason, path },
      cancelled: { kind: "cancelled" },
    },
    options,
  );
}

/** A terminator that a key has would never end anything, or never be that key. */
function terminatorOf({ terminator }: AnyOptions, { keys }: MenuTreeWords): DtmfDigit | "none" {
  const isKey = (digit: string): boolean => [...keys].some((key) => key.includes(digit));
  if (terminator === undefined) return isKey("#") ? "none" : "#";
  if (terminator === "none" || (isDtmfDigit(terminator) && !isKey(terminator))) return terminator;
  throw new SipVoiceError("invalid-option", "The terminator of the menus is no digit, or a part of a key.", {
    field: "terminator",
    remedy: "Give a digit that no key has, or `none`.",
  });
}

function checkFallback(fallback: string | undefined, { leaves }: MenuTreeWords): void {
  if (fallback === undefined || leaves.has(fallback)) return;
  throw new SipVoiceError("invalid-option", "The fallback is no choice of the menus.", {
    field: "fallback",
    remedy: "Give the name of a choice that a key leads to.",
  });
}
