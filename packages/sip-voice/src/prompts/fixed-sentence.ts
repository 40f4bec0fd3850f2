import type { ClinicMenu } from "../call/clinic-menu.ts";
import type { Language, PromptName, PromptTexts } from "../call/prompt.ts";
import type { PromptAudio } from "./prompt-audio.ts";

/** A fixed sentence of a clinic, as it is said. */
export interface FixedSentence {
  /** What it is said for; the first one when two have the same wording. */
  readonly prompt: PromptName | "menu";
  /** Its language. */
  readonly language: Language;
  /** Its wording. */
  readonly text: string;
}

/** The wording of a clinic's fixed sentences, by language. */
export type ClinicPromptTexts = Readonly<Partial<Record<Language, PromptTexts>>>;

/**
 * Every sentence that is to be prepared, each wording once for each language.
 *
 * @param languages - leaves out all others; every language unless given
 * @param menu - the clinic's menu, whose sentences are prepared too
 */
export function fixedSentences(
  prompts: ClinicPromptTexts,
  languages: readonly Language[] = Object.keys(prompts) as Language[],
  menu?: ClinicMenu,
): readonly FixedSentence[] {
  const sentences = new Map<string, FixedSentence>();
  const add = (prompt: FixedSentence["prompt"], language: Language, text: string): void => {
    const key = `${language} ${text}`;
    if (!sentences.has(key)) sentences.set(key, { prompt, language, text });
  };
  const inMenu = Object.values(menu?.sentences ?? {});
  for (const language of languages) {
    for (const [prompt, text] of Object.entries(prompts[language] ?? {}) as [PromptName, string][])
      add(prompt, language, text);
    for (const { [language]: text } of inMenu) if (text !== undefined) add("menu", language, text);
  }
  return [...sentences.values()];
}

/**
 * Asks for every sentence once, so that a source that reads files has them in memory when a call comes.
 *
 * @returns the sentences that have no sound
 */
export async function loadPrompts(
  audio: PromptAudio,
  prompts: ClinicPromptTexts,
  menu?: ClinicMenu,
): Promise<readonly FixedSentence[]> {
  const looked = fixedSentences(prompts, undefined, menu).map(async (sentence) => {
    const clip = await audio.find(sentence.text, sentence.language).catch(() => undefined);
    return clip ? [] : [sentence];
  });
  return (await Promise.all(looked)).flat();
}
