/** What the assistants of telephones say. Patterns, for texts that are in lower case and have single spaces. */
export interface ScreeningWords {
  /** It asks who is calling. */
  readonly asks: readonly RegExp[];
  /** It asks the caller to wait. */
  readonly holds: readonly RegExp[];
}

/**
 * What the assistants of Android and iOS, and those of carriers, say in English. They speak before the person is asked, so
 * that nothing of them is a person's words. Where the model gives no transcript, a screener passes for a machine.
 */
export const screeningWords: ScreeningWords = {
  asks: [
    /\bscreening (service|assistant|this call|your call|calls)/,
    /\bcall (assist|assistant|screening)\b/,
    /\bsay your name\b/,
    /\b(record|state|tell me|give) your name\b/,
    /\byour name and (the )?(reason|why|purpose)/,
    /\b(reason for|why you(?:'re| are)|purpose of) (the |your )?call/,
    /\bsee if (this person|they|he|she|your party) (is|are) available\b/,
    /\bwho is calling and why\b/,
    /\bget a copy of this conversation\b/,
  ],
  holds: [
    /\b(please )?(hold|stay) on( the line)?\b/,
    /\bplease (hold|wait|stay)\b/,
    /\bone moment\b/,
    /\bstill (there|trying)\b/,
    /\bconnecting you\b/,
    /\b(can't|cannot|can not) (take|answer) (your|the) call\b/,
  ],
};

/** What an assistant's words come to; `undefined` for other words. */
export function screeningSense(
  text: string,
  words: ScreeningWords = screeningWords,
): "asks" | "holds" | undefined {
  const plain = text.toLowerCase().replace(/[’`]/g, "'").replace(/\s+/g, " ");
  const has = (patterns: readonly RegExp[]): boolean =>
    patterns.some((pattern) => plain.search(pattern) >= 0);
  return has(words.asks) ? "asks" : has(words.holds) ? "holds" : undefined;
}
