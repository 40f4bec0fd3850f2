import { type EnvironmentSpec, isUrl } from "@clinic/sip-voice";
import { type DoctorStep, well } from "./doctor-step.ts";

const settings = "Copy it from your LiveKit project's settings.";
const portal = "Copy it from your SIP connection in Telnyx's portal.";

/** Every variable of the guide that has to be there, and what it looks like. */
const specs: EnvironmentSpec = {
  LIVEKIT_URL: {
    remedy: "Set it to your LiveKit server, as in wss://example.livekit.cloud.",
    accepts: (url) => isUrl(url, "ws", "wss"),
  },
  LIVEKIT_API_KEY: { remedy: settings, accepts: (key) => !/\s/.test(key) },
  LIVEKIT_API_SECRET: { remedy: settings, accepts: (secret) => !/\s/.test(secret) },
  GOOGLE_API_KEY: { remedy: "Make one in Google AI Studio.", accepts: (key) => !/\s/.test(key) },
  SIP_VOICE_DB: { remedy: "Set it to the path of the SQLite database, as in clinic.sqlite." },
  TELNYX_SIP_USER: { remedy: portal },
  TELNYX_SIP_PASSWORD: { remedy: portal },
  TELNYX_PHONE_NUMBER: {
    remedy: "Write plus, country code and number without spaces, as in +15105550100.",
    accepts: (number) => /^\+[1-9]\d{6,14}$/.test(number),
  },
  TELNYX_SIP_SERVER: {
    remedy: "Write the host alone, as in sip.telnyx.com: the port stands in outbound_trunk.json.",
    accepts: (host) => /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/i.test(host),
  },
};

/** What is wrong with the variables, all of them at once. */
export function variableSteps(
  variables: Readonly<Record<string, string | undefined>>,
): readonly DoctorStep[] {
  const steps = Object.entries(specs).flatMap(([name, { remedy, accepts }]): DoctorStep[] => {
    if (name === "GOOGLE_API_KEY" && variables.GOOGLE_CLOUD_PROJECT?.trim()) return [];
    const value = variables[name]?.trim();
    const wrong = !value ? "is not set" : accepts?.(value) === false ? "is malformed" : undefined;
    if (wrong === undefined) return [];
    const found = `${name} ${wrong}.`;
    return [{ subject: "variables", state: "error", found, means: "What needs it does not start.", remedy }];
  });
  return steps.length > 0 ? steps : [well("variables", "Every variable is set.")];
}
