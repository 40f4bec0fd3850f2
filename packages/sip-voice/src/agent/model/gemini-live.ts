import { systemClock } from "../../clock.ts";
import { SipVoiceError } from "../../errors.ts";
import { openWatchedWire } from "../watchdog/watched-wire.ts";
import type { VoiceModel, VoiceModelRequest } from "./voice-model.ts";

/** A Google Cloud project whose Vertex AI serves the model. */
export interface VertexProject {
  /** The project's id (`GOOGLE_CLOUD_PROJECT`). */
  readonly project: string;
  /** The region (`GOOGLE_CLOUD_LOCATION`), as in `us-central1`, or `global`. */
  readonly location: string;
}

/** Settings of {@link geminiLive}: either `apiKey`, for the Gemini API, or `vertex`. */
export interface GeminiLiveOptions {
  /** Key of the Gemini API (`GOOGLE_API_KEY`). */
  readonly apiKey?: string | undefined;
  /** Vertex AI in place of the Gemini API; signed in to by Google's Application Default Credentials. */
  readonly vertex?: VertexProject | undefined;
  /** Where the API is; Google's own address unless given. */
  readonly baseUrl?: string | undefined;
  /** Name of the model; the plugin's default unless given. */
  readonly model?: string | undefined;
  /** Name of the voice; `Puck` unless given. */
  readonly voice?: string | undefined;
}

/** Google's own address of the Gemini API. */
export const googleBaseUrl = "https://generativelanguage.googleapis.com";

/** Where Vertex AI is: `us` and `eu` have addresses of their own kind, as in `@google/genai` 2.32. */
function vertexBaseUrl({ location }: VertexProject): string {
  if (location === "global") return "https://aiplatform.googleapis.com";
  if (location === "us" || location === "eu") return `https://aiplatform.${location}.rep.googleapis.com`;
  return `https://${location}-aiplatform.googleapis.com`;
}

const nobodysCall: VoiceModelRequest = {
  language: "en-US",
  clock: systemClock,
  onReady: () => {},
  onLost: () => {},
  onLate: () => {},
  onUnheard: () => false,
  onCallerVoice: () => {},
  expectsWords: () => false,
};

/**
 * Gemini Live, through `@livekit/agents-plugin-google`, on a wire that notices when the model is gone.
 *
 * @throws SipVoiceError `invalid-option` without a key and without a project, and with both
 * @example
 * ```ts
 * import { geminiLive } from "@clinic/sip-voice/agent";
 *
 * const model = geminiLive({ apiKey: process.env.GOOGLE_API_KEY ?? "", voice: "Puck" });
 * console.log(typeof model);
 * ```
 */
export function geminiLive(options: GeminiLiveOptions): VoiceModel {
  const { apiKey, vertex } = options;
  if (!apiKey === !vertex) {
    throw new SipVoiceError("invalid-option", "The model has no endpoint, or two.", {
      field: "apiKey",
      remedy: "Give either apiKey, for the Gemini API, or vertex.",
    });
  }
  const farEnd = options.baseUrl ?? (vertex ? vertexBaseUrl(vertex) : googleBaseUrl);
  const plugin = () => import("@livekit/agents-plugin-google");
  const open: VoiceModel = async (request) => {
    const google = await plugin();
    const { watchdog, wire } = await openWatchedWire(farEnd, request);
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
      // The token that Google's library signs a Vertex AI connection with is a header, which the wire passes on.
      ...(vertex ? { vertexai: true, ...vertex } : { apiKey: apiKey ?? "" }),
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
  // What is made is thrown away: it was not connected, and the next one is made in a moment.
  return Object.assign(open, { prepare: async () => await (await open(nobodysCall)).close() });
}
