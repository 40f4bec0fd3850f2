import type { DtmfDialogueOptions, DtmfFailure } from "./dialogue-options.ts";
import type { DtmfDigit } from "./digit.ts";
import type { DtmfLeaf, DtmfMenuTree, DtmfName, DtmfPlace } from "./menu-tree.ts";
import type { DtmfTiming } from "./timing.ts";

/** Settings of {@link runDtmfMenu}. The times hold for each menu and sequence that gives none of its own. */
export interface DtmfMenuOptions<Tree extends DtmfMenuTree, Fallback extends string = never>
  extends DtmfDialogueOptions<DtmfPlace<Tree>>,
    DtmfTiming {
  /**
   * The digit that ends the input in a menu, and is no key of any; `#` unless given or a key has it. Sequences have their own.
   */
  readonly terminator?: DtmfDigit | "none";
  /** What is chosen for the caller after the last failed try of any menu or sequence, by its name, such as `operator`. */
  readonly fallback?: Fallback;
  /** A key was a choice: also one that led to another menu or to a sequence. Called before `press` returns. */
  readonly onChoice?: (chosen: {
    /** The name of the choice. */
    readonly choice: DtmfName<Tree>;
    /** The menu that it was made in. */
    readonly path: DtmfPlace<Tree>;
  }) => void;
}

/** What came of {@link runDtmfMenu}. */
export type DtmfMenuResult<Tree extends DtmfMenuTree, Fallback extends string = never> =
  | DtmfLeaf<Tree>
  | DtmfExhausted<DtmfPlace<Tree>, Fallback>
  | {
      /** The signal was aborted. */
      readonly kind: "cancelled";
    };

/** What follows the last failed try: the fallback where there is one, else why it failed. */
export type DtmfExhausted<Path, Fallback extends string> = [Fallback] extends [never]
  ? {
      /** Why the last try failed. */
      readonly kind: DtmfFailure;
      /** The menu or sequence in which the caller was. */
      readonly path: Path;
    }
  : {
      /** The choice was not the caller's. */
      readonly kind: "fallback";
      /** The fallback's name. */
      readonly choice: Fallback;
      /** Why the last try failed. */
      readonly after: DtmfFailure;
      /** The menu or sequence in which the caller was. */
      readonly path: Path;
    };
