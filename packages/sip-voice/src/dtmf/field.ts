import type { DtmfDigit } from "./digit.ts";
import type { DtmfTiming } from "./timing.ts";

/** What a {@link DtmfField} makes of the digits pressed so far; `taken` of them are then used up. */
export type DtmfReading<Match> =
  | { readonly kind: "more" }
  | { readonly kind: "no-match"; readonly taken: number }
  | { readonly kind: "match"; readonly match: Match; readonly taken: number };

/** One thing that a caller is asked for by keys: a choice of a menu, or a sequence (an input item of VoiceXML). */
export interface DtmfField<Match, Path> extends Required<DtmfTiming> {
  /** Where in the menus it is asked. */
  readonly path: Path;
  /** The digit that ends the input. */
  readonly terminator: DtmfDigit | "none";
  /** Reads one or more digits; `final` says that no further one is waited for, and then the reading is never `more`. */
  read(digits: string, final: boolean): DtmfReading<Match>;
  /** Whether what was read is right; whatever was read is, unless given. */
  accept?(match: Match): boolean | Promise<boolean>;
}
