import type { DtmfLeaf, DtmfMenuTree, DtmfPlace, ValidDtmfMenuTree } from "../dtmf/menu-tree.ts";
import { checkDtmfMenuTree } from "../dtmf/menu-tree-check.ts";
import { SipVoiceError } from "../errors.ts";
import type { CallChoice } from "./event.ts";
import type { Language } from "./prompt.ts";

/** What a key of a clinic's menu may lead to: a choice, another language, or the conversation. */
export type ClinicMenuLeaf = CallChoice | Language | "talk";

/** One sentence, in the languages of the clinic. */
export type MenuSentence = Readonly<Partial<Record<Language, string>>>;

/** What callers go through by keys before the conversation; made by {@link defineClinicMenu}. */
export interface ClinicMenu {
  /** The keys. A submenu that is named like a language has that language spoken from there on. */
  readonly keys: DtmfMenuTree;
  /** What is said in each menu, by its path: `first` for the first one, else the names that led to it, joined by `/`. */
  readonly sentences: Readonly<Record<string, MenuSentence>>;
}

/** The menus of a tree, by the names under which their sentences are given; `Path` is for its own use. */
export type ClinicMenuPlace<Tree, Path = DtmfPlace<Tree>> = Path extends readonly [infer Name extends string]
  ? Name
  : Path extends readonly [infer Name extends string, ...infer Rest extends readonly string[]]
    ? `${Name}/${ClinicMenuPlace<Tree, Rest>}`
    : "first";

/** The name under which the sentence of a menu is kept. */
export function menuPlaceName(path: readonly string[]): string {
  return path.length === 0 ? "first" : path.join("/");
}

const languages: readonly string[] = ["en-US", "ar-XA"] satisfies readonly Language[];

/** Whether the name of a choice or a menu is that of a language. */
export function isLanguage(name: string): name is Language {
  return languages.includes(name);
}

const leaves: readonly string[] = [
  "confirm",
  "reschedule",
  "cancel",
  "operator",
  "opt-out",
  "call-back",
  "talk",
] satisfies readonly ClinicMenuLeaf[];

/**
 * Defines the menu that callers hear before the conversation. The keys 0 (operator) and 9 (no more calls) work in every menu
 * that does not give them another meaning. Who presses nothing, or speaks, is led to the conversation.
 *
 * @throws SipVoiceError `invalid-menu` for keys that can't be, choices that nobody knows, and menus without a sentence
 * @example
 * ```ts
 * import { defineClinicMenu } from "@clinic/sip-voice";
 *
 * const reasons = { "1": "talk", "2": "operator", "*": "back" } as const;
 * const menu = defineClinicMenu({
 *   keys: { "1": { menu: "en-US", keys: reasons }, "2": { menu: "ar-XA", keys: reasons } },
 *   sentences: {
 *     first: { "en-US": "For English, press 1.", "ar-XA": "للعربية اضغط اثنين." },
 *     "en-US": { "en-US": "Press 1 for your appointment, 2 for the front desk." },
 *     "ar-XA": { "ar-XA": "اضغط واحد لموعدك، أو اثنين للاستقبال." },
 *   },
 * });
 * console.log(Object.keys(menu.sentences).length); // 3
 * ```
 */
export function defineClinicMenu<const Tree extends DtmfMenuTree>(menu: {
  readonly keys: Tree &
    ValidDtmfMenuTree<Tree> &
    (DtmfLeaf<Tree>["choice"] extends ClinicMenuLeaf ? unknown : never);
  readonly sentences: Readonly<Record<ClinicMenuPlace<Tree>, MenuSentence>>;
}): ClinicMenu {
  const { keys, sentences } = menu as unknown as ClinicMenu;
  const { leaves: named } = checkDtmfMenuTree(keys);
  const unknown = [...named].find((name) => !leaves.includes(name) && !isLanguage(name));
  if (unknown !== undefined) {
    throw new SipVoiceError("invalid-menu", "A key leads to a choice that a call does not know.", {
      field: "keys",
      remedy: `Use ${leaves.join(", ")} or a language.`,
    });
  }
  for (const place of placesOf(keys)) {
    if (Object.keys(sentences[place] ?? {}).length > 0) continue;
    throw new SipVoiceError("invalid-menu", "A menu has no sentence: callers would not know its keys.", {
      field: `sentences.${place}`,
      remedy: "Give its wording in the languages in which it may be heard.",
    });
  }
  return { keys, sentences };
}

function placesOf(keys: DtmfMenuTree, path: readonly string[] = []): readonly string[] {
  const below = Object.values(keys).flatMap((target) =>
    typeof target === "object" && "menu" in target ? placesOf(target.keys, [...path, target.menu]) : [],
  );
  return [menuPlaceName(path), ...below];
}

/** The keys of a menu, with those that work everywhere. */
export function menuKeys(keys: DtmfMenuTree): DtmfMenuTree {
  const own = Object.entries(keys).map(([key, target]) => [
    key,
    typeof target === "object" && "menu" in target ? { ...target, keys: menuKeys(target.keys) } : target,
  ]);
  return { "0": "operator", "9": "opt-out", ...Object.fromEntries(own) };
}

/** What is said in a menu, in order: in the first one every language, since nobody knows yet which one is understood. */
export function menuSentences(
  { sentences }: ClinicMenu,
  path: readonly string[],
  language: Language,
): readonly { readonly text: string; readonly language: Language }[] {
  const sentence = sentences[menuPlaceName(path)] ?? {};
  const all = (Object.entries(sentence) as [Language, string][]).map(([spoken, text]) => ({
    text,
    language: spoken,
  }));
  if (path.length === 0) return all;
  const own = all.filter((one) => one.language === language);
  return own.length > 0 ? own : all.slice(0, 1);
}
