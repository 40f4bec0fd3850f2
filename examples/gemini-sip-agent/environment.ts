import { isUrl, readEnvironment, SipVoiceError } from "@clinic/sip-voice";

const isE164 = (value: string): boolean => /^\+[1-9]\d{6,14}$/.test(value);
const isWholeNumber = (value: string): boolean => /^\d+$/.test(value);

const googleBaseUrl = {
  remedy: "Leave it out to reach Google.",
  accepts: (url: string) => isUrl(url, "http", "https"),
  optional: true,
} as const;
const voice = {
  remedy: "Set it to one of Gemini's voices, as in Kore, or leave it out.",
  optional: true,
} as const;
const prompts = {
  remedy: "Set it to the folder of prepared sentences, or leave it out.",
  optional: true,
} as const;
const googleApiKey = { remedy: "Make one in Google AI Studio." } as const;

const textToSpeech = {
  remedy: "Set it to one of Gemini's text-to-speech models, or leave it out.",
  accepts: (model: string) => /^[\w.-]+$/.test(model),
  optional: true,
} as const;

/** Everything that the agent reads from its environment; `.env.example` and `.env.sip.example` explain it. */
export function readAgentEnvironment() {
  return readEnvironment(
    {
      LIVEKIT_URL: {
        remedy: "Set it to your LiveKit server, as in wss://example.livekit.cloud.",
        accepts: (url) => isUrl(url, "ws", "wss"),
      },
      LIVEKIT_API_KEY: { remedy: "Copy it from your LiveKit project's settings." },
      LIVEKIT_API_SECRET: { remedy: "Copy it from your LiveKit project's settings." },
      // Either of them: Vertex AI needs no key.
      GOOGLE_API_KEY: {
        remedy: "Make one in Google AI Studio, or set GOOGLE_CLOUD_PROJECT for Vertex AI.",
        ...(process.env.GOOGLE_CLOUD_PROJECT ? { optional: true } : {}),
      },
      GOOGLE_CLOUD_PROJECT: {
        remedy: "Set it to the id of your Google Cloud project, as in riverside-clinic, or leave it out.",
        accepts: (project) => /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/.test(project),
        optional: true,
      },
      GOOGLE_CLOUD_LOCATION: {
        remedy: "Set it to a region of Vertex AI, as in us-central1, or leave it out for that one.",
        accepts: (location) => /^[a-z]+(-[a-z]+\d+)?$/.test(location),
        optional: true,
      },
      SIP_VOICE_DB: { remedy: "Set it to the path of the SQLite database, as in clinic.sqlite." },
      OPERATOR_PHONE_NUMBER: {
        remedy: "Set it to the front desk's number in E.164 form, as in +15105550199.",
        accepts: isE164,
        optional: true,
      },
      OPERATOR_METHOD: {
        remedy: 'Set it to "refer" or "bridge".',
        accepts: (method) => ["refer", "bridge"].includes(method),
        optional: true,
      },
      OPERATOR_RINGING_SECONDS: {
        remedy: "Set it to 5 to 80.",
        accepts: (seconds) => isWholeNumber(seconds) && Number(seconds) >= 5 && Number(seconds) <= 80,
        optional: true,
      },
      OUTBOUND_TRUNK_ID: {
        remedy: "Set it to LiveKit's id of the outbound trunk, ST_..., through which an operator is bridged.",
        optional: true,
      },
      OPERATOR_HOURS: {
        remedy: 'Set it to "clinic", "always" or "never".',
        accepts: (hours) => ["clinic", "always", "never"].includes(hours),
        optional: true,
      },
      GOOGLE_GEMINI_BASE_URL: googleBaseUrl,
      GEMINI_MODEL: { remedy: "Leave it out for the plugin's default.", optional: true },
      GEMINI_VOICE: voice,
      GEMINI_TTS_MODEL: textToSpeech,
      SIP_VOICE_PROMPTS: prompts,
      SIP_VOICE_OPENER: {
        remedy: "Set it to on-answer or after-greeting, or leave it out for on-answer.",
        accepts: (opener) => ["on-answer", "after-greeting"].includes(opener),
        optional: true,
      },
      SIP_VOICE_VOICEMAIL: {
        remedy: "Set it to hang-up or leave-message, or leave it out for hang-up.",
        accepts: (voicemail) => ["hang-up", "leave-message"].includes(voicemail),
        optional: true,
      },
      SIP_VOICE_IDENTITY: {
        remedy: 'Set it to "caller-id" or "date-of-birth", or leave it out for caller-id.',
        accepts: (check) => ["caller-id", "date-of-birth"].includes(check),
        optional: true,
      },
      SIP_VOICE_CONFIRMATION_CODES: {
        remedy: 'Set it to "on" where patients were given codes, or "off".',
        accepts: (choice) => ["on", "off"].includes(choice),
        optional: true,
      },
      SIP_VOICE_PROMPT_TTS: {
        remedy: 'Set it to "on" to have sentences that were not prepared spoken by text-to-speech, or "off".',
        accepts: (choice) => ["on", "off"].includes(choice),
        optional: true,
      },
      SIP_VOICE_MOST_CALLS: { remedy: "Set it to a whole number.", accepts: isWholeNumber, optional: true },
      SIP_VOICE_IDLE_PROCESSES: {
        remedy: "Set it to a whole number.",
        accepts: isWholeNumber,
        optional: true,
      },
      SIP_VOICE_DRAIN_SECONDS: {
        remedy: "Set it to a whole number.",
        accepts: isWholeNumber,
        optional: true,
      },
      SIP_VOICE_WORKER_PORT: {
        remedy: "Set it to a port, or 0 for a free one.",
        accepts: isWholeNumber,
        optional: true,
      },
      LOG_LEVEL: {
        remedy: "Set it to debug, info, warn or error.",
        accepts: (level) => ["debug", "info", "warn", "error"].includes(level),
        optional: true,
      },
    },
    process.env,
  );
}

/**
 * Everything that `render-prompts` reads from its environment.
 *
 * @throws SipVoiceError `invalid-environment` naming every variable that must be mended
 */
export function readPromptEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  { speaks }: { readonly speaks: boolean },
) {
  return readEnvironment(
    {
      GOOGLE_API_KEY: { ...googleApiKey, ...(speaks ? {} : ({ optional: true } as const)) },
      GOOGLE_GEMINI_BASE_URL: googleBaseUrl,
      GEMINI_TTS_MODEL: textToSpeech,
      GEMINI_VOICE: voice,
      SIP_VOICE_PROMPTS: prompts,
    },
    environment,
  );
}

/** Reads the environment, or says everything that is wrong with it and ends the program with exit code 2. */
export function agentEnvironmentOrExit(): ReturnType<typeof readAgentEnvironment> {
  try {
    return readAgentEnvironment();
  } catch (error) {
    if (!SipVoiceError.is(error)) throw error;
    console.error(error.message);
    process.exit(2);
  }
}
