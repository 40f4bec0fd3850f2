import { SipVoiceError, shapeOf } from "../errors.ts";
import { type DtmfDigit, isDtmfDigit } from "./digit.ts";

/** What the keys of a call do: a digit, or a sequence of digits, to the name of a choice. */
export type DtmfMenu = Readonly<Record<string, string>>;

/** The names of a menu's choices, inferred from the literal. */
export type DtmfChoice<Menu extends DtmfMenu> = Menu[keyof Menu];

/** The digits that lead to a choice, inferred from the literal. */
export type DtmfKeysOf<Menu extends DtmfMenu, Choice> = {
  [Key in keyof Menu]: Menu[Key] extends Choice
    ? Choice extends Menu[Key]
      ? `${Key & (string | number)}`
      : never
    : never;
}[keyof Menu];

/** Whether a text is made of DTMF digits only. */
export type IsDtmfDigits<Text extends string> = Text extends `${DtmfDigit}${infer Rest}`
  ? Rest extends ""
    ? true
    : IsDtmfDigits<Rest>
  : false;

/** A menu whose keys are digits and whose choices leave the name `unmapped` free; anything else does not compile. */
export type ValidDtmfMenu<Menu extends DtmfMenu> = {
  [Key in keyof Menu]: IsDtmfDigits<`${Key & (string | number)}`> extends true
    ? Menu[Key] extends "unmapped"
      ? never
      : Menu[Key]
    : never;
};

/**
 * Checks a menu that types could not check, such as one from a file.
 *
 * @throws SipVoiceError `invalid-menu`
 */
export function checkDtmfMenu(menu: DtmfMenu): void {
  const seen: unknown = menu;
  if (typeof seen !== "object" || seen === null) {
    throw new SipVoiceError("invalid-menu", `A DTMF menu was expected, not ${shapeOf(seen)}.`, {
      field: "menu",
    });
  }
  for (const [key, choice] of Object.entries(seen)) {
    if (key === "" || ![...key].every(isDtmfDigit)) {
      throw new SipVoiceError("invalid-menu", "A key of the DTMF menu is not made of digits.", {
        field: "menu",
        remedy: "Keys are one or more of 0 to 9, *, # and A to D.",
      });
    }
    if (typeof choice !== "string" || choice === "" || choice === "unmapped") {
      throw new SipVoiceError("invalid-menu", "A choice of the DTMF menu has no name, or a reserved one.", {
        field: "menu",
        remedy: "Give it a text other than `unmapped`.",
      });
    }
  }
}
