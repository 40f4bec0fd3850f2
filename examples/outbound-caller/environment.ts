import { isUrl, readEnvironment } from "@clinic/sip-voice";

const database = {
  SIP_VOICE_DB: {
    remedy: "Set it to the path of the SQLite database that the agent uses, as in clinic.sqlite.",
  },
} as const;

/**
 * What a dry run reads from its environment.
 *
 * @throws SipVoiceError `invalid-environment` naming every variable that must be mended
 */
export function readDatabaseEnvironment(environment: NodeJS.ProcessEnv) {
  return readEnvironment(database, environment);
}

/**
 * Everything that the caller reads from its environment.
 *
 * @throws SipVoiceError `invalid-environment` naming every variable that must be mended
 */
export function readCallerEnvironment(environment: NodeJS.ProcessEnv) {
  return readEnvironment(
    {
      LIVEKIT_URL: {
        remedy: "Set it to your LiveKit server, as in wss://example.livekit.cloud.",
        accepts: (url) => isUrl(url, "ws", "wss", "http", "https"),
      },
      LIVEKIT_API_KEY: { remedy: "Copy it from your LiveKit project's settings." },
      LIVEKIT_API_SECRET: { remedy: "Copy it from your LiveKit project's settings." },
      OUTBOUND_TRUNK_ID: {
        remedy: "Set it to the outbound trunk's id, ST_...: `pnpm list-sip-trunks` shows it.",
        accepts: (id) => id.startsWith("ST_"),
      },
      OUTBOUND_TRUNK_CHANNELS: {
        remedy:
          "Set it to the number of calls that the trunk carries at one time, as in 10, or leave it out.",
        accepts: (channels) => /^[1-9]\d{0,4}$/.test(channels),
        optional: true,
      },
      ...database,
      LOG_LEVEL: {
        remedy: "Set it to debug, info, warn or error.",
        accepts: (level) => ["debug", "info", "warn", "error"].includes(level),
        optional: true,
      },
    },
    environment,
  );
}
