import type { VoiceModel } from "./voice-model.ts";
import { openWatchedWire } from "./watchdog/watched-wire.ts";

/** Settings of {@link geminiLive}. */
export interface GeminiLiveOptions {
  /** Key of the Gemini API (`GOOGLE_API_KEY`). */
  readonly apiKey: string;
  /** Where the Gemini API is; Google's own address unless given. */
  readonly baseUrl?: string | undefined;
  /** Name of the model; the plugin's default unless given. */
  readonly model?: string | undefined;
  /** Name of the voice; `Puck` unless given. */
  readonly voice?: string | undefined;
}

/** Google's own address of the Gemini API. */
export const googleBaseUrl = "https://generativelanguage.googleapis.com";

/**
 * Gemini Live, through `@livekit/agents-plugin-google`, on a wire that notices when the model is gone.
 *
 * @example
 * ```ts
 * import { geminiLive } from "@clinic/sip-voice/agent";
 *
 * const model = geminiLive({ apiKey: process.env.GOOGLE_API_KEY ?? "", voice: "Puck" });
 * console.log(typeof model);
 * ```
 */
export function geminiLive(options: GeminiLiveOptions): VoiceModel {
  const plugin = () => import("@livekit/agents-plugin-google");
  const open: VoiceModel = async (request) => {
    const google = await plugin();
    const { watchdog, wire } = await openWatchedWire(options.baseUrl ?? googleBaseUrl, request);
    class WatchedModel extends google.realtime.RealtimeModel {
      override session() {
        const session = super.session();
        // The plugin emits `error` also after the agent's session has stopped listening; unheard it would end the process.
        session.on("error", ({ recoverable }: { recoverable: boolean }) => {
          if (!recoverable) request.onLost("model-error");
        });
        return session;
      }
    }
    const model = new WatchedModel({
      apiKey: options.apiKey,
      language: request.language,
      voice: options.voice ?? "Puck",
      httpOptions: { baseUrl: wire.baseUrl },
      ...(options.model ? { model: options.model } : {}),
    });
    return {
      model,
      toolRuns: (running) => (running ? watchdog.toolBegan() : watchdog.toolEnded()),
      async close() {
        watchdog.stop();
        await model.close();
        await wire.close();
      },
    };
  };
  return Object.assign(open, { prepare: async () => void (await plugin()) });
}
