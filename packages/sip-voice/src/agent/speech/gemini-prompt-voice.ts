import type { tts } from "@livekit/agents";
import type { Clock } from "../../clock.ts";
import type { PromptVoice } from "../../prompts/prompt-voice.ts";
import { googleBaseUrl } from "../model/gemini-live.ts";
import { ttsPromptVoice } from "./tts-prompt-voice.ts";

/**
 * Reads its text as a transcript, word for word. The plugin's own default, `gemini-3.1-flash-tts-preview`, is a preview that
 * Google replaces by this model (https://ai.google.dev/gemini-api/docs/models/gemini-3.1-flash-tts-preview).
 */
const defaultModel = "gemini-3.8-flash-lite-tts";
/** {@link geminiLive}'s, so that fixed sentences and conversation have one voice. */
const defaultVoice = "Puck";
/** These speak whatever stands in the text, instructions too: https://ai.google.dev/gemini-api/docs/speech-generation */
const readsVerbatim = /^gemini-3\.8-/;

/** Settings of {@link geminiPromptVoice}. */
export interface GeminiPromptVoiceOptions {
  /** Key of the Gemini API (`GOOGLE_API_KEY`); needed to speak, not to look at what was spoken. */
  readonly apiKey: string;
  /** Where the Gemini API is; Google's own address unless given. */
  readonly baseUrl?: string | undefined;
  /** Name of the text-to-speech model; `gemini-3.8-flash-lite-tts` unless given. */
  readonly model?: string | undefined;
  /** Name of the voice; `Puck` unless given, as with `geminiLive`. */
  readonly voice?: string | undefined;
  /** Where time comes from; the machine's clock unless given. */
  readonly clock?: Clock;
}

/**
 * Gemini's text-to-speech, through `@livekit/agents-plugin-google`, as a {@link PromptVoice}. It finds out the language by itself.
 *
 * @example
 * ```ts
 * import { geminiPromptVoice } from "@clinic/sip-voice/agent";
 *
 * const voice = geminiPromptVoice({ apiKey: process.env.GOOGLE_API_KEY ?? "", voice: "Kore" });
 * console.log(voice.name); // "gemini-3.8-flash-lite-tts/Kore"
 * ```
 */
export function geminiPromptVoice(options: GeminiPromptVoiceOptions): PromptVoice {
  const { apiKey, baseUrl = googleBaseUrl, model = defaultModel, voice = defaultVoice, clock } = options;
  let service: Promise<tts.TTS> | undefined;
  const open = async (): Promise<tts.TTS> => {
    const { beta } = await import("@livekit/agents-plugin-google");
    return atAddress(
      baseUrl,
      () =>
        new beta.TTS({
          apiKey,
          model,
          voiceName: voice,
          vertexai: false,
          // The plugin puts its instructions before the text.
          ...(readsVerbatim.test(model) ? { instructions: "" } : {}),
        }),
    );
  };
  return ttsPromptVoice({
    name: `${model}/${voice}`,
    tts: () => {
      service ??= open();
      return service;
    },
    ...(clock ? { clock } : {}),
  });
}

/** The plugin's TTS has no setting for the address (1.9.0); Google's client reads this variable when it is made. */
function atAddress<Made>(baseUrl: string, make: () => Made): Made {
  const before = process.env.GOOGLE_GEMINI_BASE_URL;
  process.env.GOOGLE_GEMINI_BASE_URL = baseUrl;
  try {
    return make();
  } finally {
    if (before === undefined) delete process.env.GOOGLE_GEMINI_BASE_URL;
    else process.env.GOOGLE_GEMINI_BASE_URL = before;
  }
}
