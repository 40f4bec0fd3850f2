import { clinic } from "@clinic/gemini-sip-agent/clinic";
import type { PromptName } from "@clinic/sip-voice";
import { promptDirectory } from "@clinic/sip-voice/agent";
import { type Lab, type TelephoneLine, waitToHear } from "@clinic/sip-voice-lab";

/**
 * Waits until one of the clinic's sentences is heard: its very sound, as it was prepared. Gives when it began.
 * @throws TelephoneTimeout or LineEnded when it was not heard.
 */
export async function hearPrompt(
  lab: Lab,
  line: TelephoneLine,
  prompt: PromptName,
  { since, timeoutMs }: { readonly since: number; readonly timeoutMs: number },
): Promise<number> {
  const prompts = promptDirectory(lab.workerEnvironment.SIP_VOICE_PROMPTS ?? "");
  const sentence = await prompts.find(clinic.prompts["en-US"][prompt], "en-US");
  if (!sentence) throw new Error(`There is no prepared audio for "${prompt}".`);
  return await waitToHear(line, { sentence, since, timeoutMs });
}
