import type { DtmfDigit } from "./digit.ts";
import type { IsDtmfDigits } from "./menu.ts";
import type { DtmfSequence } from "./sequence.ts";
import type { DtmfTiming } from "./timing.ts";

/** Names of choices that lead somewhere by themselves: to the menu before, or to hearing the present one again. */
export type DtmfNavigation = "back" | "repeat";

/**
 * Menus in menus (an IVR). A key leads to a choice by its name, to a further menu, or to a sequence of digits.
 * The names `back` and `repeat` are {@link DtmfNavigation}; in the first menu `back` does what `repeat` does.
 */
export type DtmfMenuTree = Readonly<{ [key: string]: string | DtmfSubmenu | DtmfMenuSequence }>;

/** A menu that a key of another menu leads to. It takes the times of the menu before, unless it gives its own. */
export interface DtmfSubmenu extends DtmfTiming {
  /** Its name, a part of the path. */
  readonly menu: string;
  /** What its keys do. */
  readonly keys: DtmfMenuTree;
}

/** A sequence of digits that a key of a menu leads to. It takes the times of the menu, unless it gives its own. */
export type DtmfMenuSequence = DtmfSequence & {
  /** Its name, a part of the path. */
  readonly sequence: string;
  /** The digit that leads back to the menu, at any place of the sequence; none unless given. */
  readonly back?: DtmfDigit;
};

/** A choice that ended the menus; the names and the path are inferred from the literal. */
export interface DtmfChosen<Choice extends string, Path> {
  /** A choice without digits of its own. */
  readonly kind: "chosen";
  /** Its name. */
  readonly choice: Choice;
  /** The names of the menus that led to it, and its own. */
  readonly path: Path;
}

/** A sequence that ended the menus; the names and the path are inferred from the literal. */
export interface DtmfCollected<Choice extends string, Path> {
  /** A sequence of digits. */
  readonly kind: "collected";
  /** The sequence's name. */
  readonly choice: Choice;
  /** The names of the menus that led to it, and its own. */
  readonly path: Path;
  /** The digits without their terminator. A secret: not for logs. */
  readonly digits: string;
}

/** All that the menus may end with, inferred from the literal: a union with a member for each name. */
export type DtmfLeaf<Tree, Path extends readonly string[] = []> = string extends keyof Tree
  ? DtmfChosen<string, readonly string[]> | DtmfCollected<string, readonly string[]>
  : {
      [Key in keyof Tree]: Tree[Key] extends DtmfNavigation
        ? never
        : Tree[Key] extends infer Choice extends string
          ? DtmfChosen<Choice, readonly [...Path, Choice]>
          : Tree[Key] extends { readonly menu: infer Name extends string; readonly keys: infer Keys }
            ? DtmfLeaf<Keys, [...Path, Name]>
            : Tree[Key] extends { readonly sequence: infer Name extends string }
              ? DtmfCollected<Name, readonly [...Path, Name]>
              : never;
    }[keyof Tree];

/** Where a caller may be asked, as a path, inferred from the literal: the first menu is `[]`. */
export type DtmfPlace<Tree, Path extends readonly string[] = []> = string extends keyof Tree
  ? readonly string[]
  :
      | Readonly<Path>
      | {
          [Key in keyof Tree]: Tree[Key] extends {
            readonly menu: infer Name extends string;
            readonly keys: infer Keys;
          }
            ? DtmfPlace<Keys, [...Path, Name]>
            : Tree[Key] extends { readonly sequence: infer Name extends string }
              ? readonly [...Path, Name]
              : never;
        }[keyof Tree];

/** Every name in the menus, inferred from the literal. */
export type DtmfName<Tree> = string extends keyof Tree
  ? string
  : {
      [Key in keyof Tree]: Tree[Key] extends infer Choice extends string
        ? Choice
        : Tree[Key] extends { readonly menu: infer Name extends string; readonly keys: infer Keys }
          ? Name | DtmfName<Keys>
          : Tree[Key] extends { readonly sequence: infer Name extends string }
            ? Name
            : never;
    }[keyof Tree];

/** Menus that can work: keys are digits, settings are known ones, names are not reserved. Others do not compile. */
export type ValidDtmfMenuTree<Tree> = {
  [Key in keyof Tree]: string extends Key
    ? Tree[Key]
    : IsDtmfDigits<`${Key & (string | number)}`> extends false
      ? never
      : Tree[Key] extends string
        ? Tree[Key]
        : Tree[Key] extends { readonly menu: string; readonly keys: infer Keys }
          ? {
              [Setting in keyof Tree[Key]]: Setting extends "keys"
                ? ValidDtmfMenuTree<Keys>
                : Setting extends "menu"
                  ? Exclude<Tree[Key][Setting], DtmfNavigation>
                  : Setting extends keyof DtmfSubmenu
                    ? Tree[Key][Setting]
                    : never;
            }
          : {
              [Setting in keyof Tree[Key]]: Setting extends "sequence"
                ? Exclude<Tree[Key][Setting], DtmfNavigation>
                : Setting extends keyof DtmfMenuSequence
                  ? Tree[Key][Setting]
                  : never;
            };
};
