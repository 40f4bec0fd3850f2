import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type Language, type PromptVoice, type RenderPromptsReport, renderPrompts } from "@clinic/sip-voice";
import { type ClinicProfile, promptFolder } from "@clinic/sip-voice/agent";
import { osCacheFolder } from "../livekit-server/cache-folder.ts";
import { speak } from "../voice/index.ts";

/** The lab's offline voice, for fixed sentences. It sounds like a machine: never for a real clinic's callers. */
export const offlineVoice: PromptVoice = {
  // Raise the number when the voice, its speed or the way its sound is trimmed changes.
  name: "espeak-ng/lab-1",
  speak: async (text, language) => await speak(text, { language }),
};

/** What {@link renderOffline} takes. */
export interface OfflinePromptOptions {
  /** The clinic whose sentences are spoken. */
  readonly clinic: ClinicProfile;
  /** The languages; all of the clinic's unless given. */
  readonly languages?: readonly Language[];
  /** Where the files go. */
  readonly folder: string;
  /** Ends the rendering. */
  readonly signal?: AbortSignal | undefined;
  /** Told of each sentence. */
  readonly onProgress?: Parameters<typeof renderPrompts>[0]["onProgress"];
}

/** Renders a clinic's fixed sentences with {@link offlineVoice}, as files that `promptDirectory` reads. */
export function renderOffline(options: OfflinePromptOptions): Promise<RenderPromptsReport> {
  const { clinic, folder, languages, signal, onProgress } = options;
  return renderPrompts({
    prompts: clinic.prompts,
    menu: clinic.menu,
    voice: offlineVoice,
    cache: promptFolder(folder),
    // One thread speaks, whatever is asked of it at one time.
    concurrency: 1,
    ...(languages ? { languages } : {}),
    ...(signal ? { signal } : {}),
    ...(onProgress ? { onProgress } : {}),
  });
}

/** Puts a clinic's sentences into a lab's own folder. They are spoken once on a machine: a minute of speech takes seconds. */
export async function prepareOffline(
  clinic: ClinicProfile,
  languages: readonly Language[],
  folder: string,
  signal?: AbortSignal,
): Promise<void> {
  const shared = join(osCacheFolder(), "clinic-sip-voice", "prompts");
  const { sentences } = await renderOffline({ clinic, languages, folder: shared, signal });
  signal?.throwIfAborted();
  await mkdir(folder, { recursive: true });
  for (const { name, status, error } of sentences) {
    if (status === "failed") throw error;
    await copyFile(join(shared, name), join(folder, name));
  }
}
