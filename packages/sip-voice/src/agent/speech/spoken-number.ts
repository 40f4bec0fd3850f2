import type { Language } from "../../call/prompt.ts";

/** Each digit as it is said. English voices read digits that stand apart one by one; Arabic ones are given the words. */
const digitWords: Readonly<Record<Language, readonly string[]>> = {
  "en-US": ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
  "ar-XA": ["صفر", "واحد", "اثنان", "ثلاثة", "أربعة", "خمسة", "ستة", "سبعة", "ثمانية", "تسعة"],
};
const pauses: Readonly<Record<Language, string>> = { "en-US": ", ", "ar-XA": "، " };

/** Area code, exchange and line of the North American Numbering Plan; `+1` is not said within it. */
const northAmerican = /^\+1(\d{3})(\d{3})(\d{4})$/;

/**
 * A telephone number, as a voice is to say it: digit by digit, with pauses where people make them.
 *
 * @param number - in E.164 form, or a short one as it is dialled, such as an emergency number
 * @example
 * ```ts
 * import { spokenNumber } from "@clinic/sip-voice/agent";
 *
 * console.log(spokenNumber("+17205550174", "en-US")); // "7 2 0, 5 5 5, 0 1 7 4"
 * console.log(spokenNumber("911", "en-US")); // "9 1 1"
 * ```
 */
export function spokenNumber(number: string, language: Language): string {
  const national = northAmerican.exec(number)?.slice(1);
  const groups = national ?? (number.match(/\d{1,3}/g) as readonly string[] | null) ?? [];
  const words = digitWords[language];
  return groups
    .map((group) => [...group].map((digit) => words[Number(digit)]).join(" "))
    .join(pauses[language]);
}
