import type { Logger } from "../../log/logger.ts";
import { fixedSentences, loadPrompts } from "../../prompts/fixed-sentence.ts";
import type { PromptAudio } from "../../prompts/prompt-audio.ts";
import type { ClinicProfile } from "../clinic-profile.ts";

/**
 * Has every fixed sentence in memory before a call comes, so that no disk is read while somebody waits, and names in one line
 * those that have no prepared audio.
 */
export async function warmPrompts(
  audio: PromptAudio,
  { prompts, menu }: Pick<ClinicProfile, "prompts" | "menu">,
  logger: Logger,
): Promise<void> {
  const missing = await loadPrompts(audio, prompts, menu);
  if (missing.length === 0) return;
  const languages = [...new Set(missing.map(({ language }) => language))].map((language) => {
    const names = missing.filter((sentence) => sentence.language === language).map(({ prompt }) => prompt);
    return `${language}: ${names.length === fixedSentences(prompts, [language], menu).length ? "all" : names.join(", ")}`;
  });
  logger.warn(
    { missing: languages.join("; ") },
    "fixed sentences have no prepared audio: run render-prompts, or the model speaks them",
  );
}
