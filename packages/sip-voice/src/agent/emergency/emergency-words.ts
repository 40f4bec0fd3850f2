import type { Language } from "../../call/prompt.ts";
import { type EmergencyWordList, emergencyWordLists } from "./emergency-word-list.ts";

/** A clinic's own words, on top of those that every agent listens for. */
export type EmergencyWords = Readonly<Partial<Record<Language, Partial<EmergencyWordList>>>>;

/** How many words `...` may stand for. */
const widestGap = 3;
const gap = "...";
/** What is in the place of words that are known to be harmless: no word is like it. */
const taken = "";

/**
 * The words of a text in the form in which they are compared: small letters, without accents, apostrophes and punctuation;
 * Arabic without vowel signs and tatweel, and with one letter for those that are often written for each other.
 */
function wordsOf(text: string): string[] {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[أإآٱ]/g, "ا")
    .replace(/ى/g, "ي")
    .replace(/ؤ/g, "و")
    .replace(/ئ/g, "ي")
    .replace(/ة/g, "ه")
    .normalize("NFD")
    .replace(/[\p{M}ـ'’ʼ`]/gu, "")
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
}

/** Arabic writes "and", "with", "for", "will" and "the" together with the word that follows. */
function formsOf(word: string): readonly string[] {
  if (!/^[\u0600-\u06ff]{4}/.test(word)) return [word];
  const forms = [word];
  for (const prefix of [/^[وف]/, /^[بكلس]/, /^(?:ال|ل(?=ل))/, /^ل/]) {
    const shorter = (forms.at(-1) ?? word).replace(prefix, "");
    if (shorter.length >= 3 && shorter !== forms.at(-1)) forms.push(shorter);
  }
  return forms;
}

/** The index after the phrase, when the words from `at` on are the phrase. */
function endOf(
  phrase: readonly string[],
  words: readonly (readonly string[])[],
  at: number,
): number | undefined {
  const [first, ...rest] = phrase;
  if (first === undefined) return at;
  if (first !== gap) return words[at]?.includes(first) ? endOf(rest, words, at + 1) : undefined;
  for (let skipped = 0; skipped <= widestGap; skipped++) {
    if (words[at + skipped - 1]?.includes(taken)) return undefined;
    const end = endOf(rest, words, at + skipped);
    if (end !== undefined) return end;
  }
  return undefined;
}

const phraseOf = (text: string): readonly string[] =>
  text.split(/\s+/).flatMap((part) => (part === gap ? [gap] : wordsOf(part)));

/**
 * Makes the function that tells whether a transcript, finished or not, speaks of an emergency. It goes by whole words, in all
 * languages at once, and by nothing else: no model is asked, and nothing is kept.
 */
export function emergencyMatcher(own: EmergencyWords = {}): (transcript: string) => boolean {
  const lists = [...Object.values(emergencyWordLists), ...Object.values(own)];
  const phrasesOf = (part: keyof EmergencyWordList) =>
    lists.flatMap((list) => (list?.[part] ?? []).map(phraseOf)).filter((phrase) => phrase.length > 0);
  const alarming = phrasesOf("words");
  const harmless = phrasesOf("harmless");
  return (transcript) => {
    const words: (readonly string[])[] = wordsOf(transcript).map(formsOf);
    for (const phrase of harmless) {
      for (let at = 0; at < words.length; at++) {
        const end = endOf(phrase, words, at);
        if (end !== undefined) words.fill([taken], at, end);
      }
    }
    return words.some((_, at) => alarming.some((phrase) => endOf(phrase, words, at) !== undefined));
  };
}
