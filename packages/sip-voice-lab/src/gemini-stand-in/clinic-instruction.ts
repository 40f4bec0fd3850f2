/**
 * Reading an instruction the way a model would, only poorly: enough to prove that what the agent was told is what the
 * caller hears.
 */

/** The sentence that an instruction wants said word for word, in double quotes. */
export function quotedSentence(instruction: string): string | undefined {
  return /["“]([^"“”]+)["”]/.exec(instruction)?.[1]?.trim();
}

/** The first name of the patient that an instruction speaks of. */
export function firstName(instruction: string): string | undefined {
  const patterns = [
    /first[ -]?name(?: is|:|=)?\s*["“]?([\p{L}][\p{L}'’-]*)/iu,
    /[Pp]atient(?:'s name)?(?: is|:| is called| named|,| name:?)?\s+["“]?(\p{Lu}[\p{L}'’-]*)/u,
    /\b[Nn]ame(?: is|:)\s*["“]?(\p{Lu}[\p{L}'’-]*)/u,
    /\b[Gg]reet\s+(\p{Lu}[\p{L}'’-]*)/u,
    /\b[Cc]aller is (\p{Lu}[\p{L}'’-]*)/u,
    /\b(?:[Ss]peaking (?:to|with)|[Cc]alling|[Tt]alking (?:to|with))\s+(\p{Lu}[\p{L}'’-]*)/u,
  ];
  for (const pattern of patterns) {
    const name = pattern.exec(instruction)?.[1];
    if (name !== undefined) return name;
  }
  return undefined;
}

/** The words for when the appointment is, as in "on Tuesday at ten", up to the end of the sentence. */
export function appointmentWords(instruction: string): string | undefined {
  // A full stop ends the sentence after a longer word or a number, not after "a.m." or "Dr.".
  const pattern =
    /appointments?(?: [\w ]{0,30}?)?(?: is|:| on| at)\s+([^\n;!?]+?)(?:(?<=\p{L}{3}|\d)\.(?:\s|$)|[\n;!?]|$)/iu;
  const words = pattern.exec(instruction)?.[1]?.trim();
  if (words === undefined || !/\d|day\b|morning|afternoon/i.test(words)) return undefined;
  return /^(on|at|this|next|tomorrow|today)\b/i.test(words) ? words : `on ${words}`;
}

/** Today's date (`YYYY-MM-DD`), when an instruction tells it. */
export function todayIn(instruction: string): string | undefined {
  return /\btoday(?:'s date)?(?: is|:)?[^.\n]{0,30}?(\d{4}-\d{2}-\d{2})/i.exec(instruction)?.[1];
}
