import { isUrl, readEnvironment } from "@clinic/sip-voice";

/**
 * Everything that the page's server reads from its environment; `.env.web.example` explains it.
 *
 * @throws SipVoiceError `invalid-environment` naming every variable that must be mended
 */
export function readWebClinicEnvironment(environment: NodeJS.ProcessEnv) {
  return readEnvironment(
    {
      LIVEKIT_URL: {
        remedy: "Set it to your LiveKit server as browsers reach it, as in wss://example.livekit.cloud.",
        accepts: (url) => isUrl(url, "ws", "wss"),
      },
      LIVEKIT_API_KEY: { remedy: "Copy it from your LiveKit project's settings." },
      LIVEKIT_API_SECRET: { remedy: "Copy it from your LiveKit project's settings." },
      WEB_CLINIC_LINK_SECRET: {
        remedy: "Set it to 32 random characters or more, as from: openssl rand -base64 32",
        accepts: (secret) => secret.length >= 32,
      },
      WEB_CLINIC_PORT: {
        remedy: "Set it to a port, or leave it out for 8080.",
        accepts: (port) => /^\d{1,5}$/.test(port) && Number(port) <= 65_535,
        optional: true,
      },
    },
    environment,
  );
}
