import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Language } from "@clinic/sip-voice";
import { type ClinicProfile, promptFileName } from "@clinic/sip-voice/agent";
import wavefile from "wavefile";
import { speak } from "../voice/index.ts";

/** Prepares a clinic's fixed sentences with the lab's offline voice, as files that `promptDirectory` reads. */
export async function preparePrompts(
  clinic: ClinicProfile,
  languages: readonly Language[],
  folder: string,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const language of languages) {
    for (const text of Object.values(clinic.prompts[language])) {
      const { samples, sampleRate } = await speak(text, { language });
      const wav = new wavefile.WaveFile();
      wav.fromScratch(1, sampleRate, "16", samples);
      await writeFile(join(folder, promptFileName(text, language)), wav.toBuffer());
    }
  }
}
