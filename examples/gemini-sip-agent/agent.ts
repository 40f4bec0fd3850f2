import type { OpeningHours } from "@clinic/sip-voice";
import {
  defineClinicAgent,
  geminiLive,
  geminiPromptVoice,
  promptDirectory,
  runClinicWorker,
} from "@clinic/sip-voice/agent";
import { liveKitDialer, liveKitRoomGateway } from "@clinic/sip-voice/livekit";
import { openClinicDatabase } from "@clinic/sip-voice/sqlite";
import { clinic, operatorHours } from "./clinic.ts";
import { agentEnvironmentOrExit } from "./environment.ts";

const environment = agentEnvironmentOrExit();
const numberOr = (text: string | undefined, otherwise: number): number =>
  text === undefined ? otherwise : Number(text);
/** When somebody is at the front desk. */
const openingHoursOf = (hours: string | undefined): { openingHours?: OpeningHours } => {
  if (hours === "always") return {};
  return { openingHours: hours === "never" ? { timeZone: clinic.timeZone, week: {} } : operatorHours };
};
const liveKit = {
  url: environment.LIVEKIT_URL,
  apiKey: environment.LIVEKIT_API_KEY,
  apiSecret: environment.LIVEKIT_API_SECRET,
};

export default defineClinicAgent({
  clinic,
  model: geminiLive({
    ...(environment.GOOGLE_CLOUD_PROJECT
      ? {
          vertex: {
            project: environment.GOOGLE_CLOUD_PROJECT,
            location: environment.GOOGLE_CLOUD_LOCATION ?? "us-central1",
          },
        }
      : { apiKey: environment.GOOGLE_API_KEY }),
    baseUrl: environment.GOOGLE_GEMINI_BASE_URL,
    model: environment.GEMINI_MODEL,
    voice: environment.GEMINI_VOICE,
  }),
  ...(environment.SIP_VOICE_PROMPT_TTS === "on"
    ? {
        promptVoice: geminiPromptVoice({
          apiKey: environment.GOOGLE_API_KEY,
          baseUrl: environment.GOOGLE_GEMINI_BASE_URL,
          model: environment.GEMINI_TTS_MODEL,
          voice: environment.GEMINI_VOICE,
        }),
      }
    : {}),
  backend: async () => ({
    ...openClinicDatabase(environment.SIP_VOICE_DB),
    rooms: await liveKitRoomGateway(liveKit),
    ...(environment.OUTBOUND_TRUNK_ID
      ? { dialer: await liveKitDialer({ ...liveKit, trunkId: environment.OUTBOUND_TRUNK_ID }) }
      : {}),
    promptAudio: promptDirectory(environment.SIP_VOICE_PROMPTS ?? "prompts"),
  }),
  operator: environment.OPERATOR_PHONE_NUMBER
    ? {
        phoneNumber: environment.OPERATOR_PHONE_NUMBER,
        method: environment.OPERATOR_METHOD === "bridge" ? "bridge" : "refer",
        ringingTimeoutSeconds: numberOr(environment.OPERATOR_RINGING_SECONDS, 30),
        ...openingHoursOf(environment.OPERATOR_HOURS),
      }
    : undefined,
  identity: {
    check: environment.SIP_VOICE_IDENTITY === "date-of-birth" ? "dateOfBirth" : "callerId",
    confirmationCodes: environment.SIP_VOICE_CONFIRMATION_CODES === "on",
  },
  outbound: {
    opener: environment.SIP_VOICE_OPENER === "after-greeting" ? "after-greeting" : "on-answer",
    voicemail: environment.SIP_VOICE_VOICEMAIL === "leave-message" ? "leave-message" : "hang-up",
  },
});

runClinicWorker({
  file: import.meta.url,
  agentName: "gemini-sip-agent",
  mostCalls: numberOr(environment.SIP_VOICE_MOST_CALLS, 10),
  idleProcesses: numberOr(environment.SIP_VOICE_IDLE_PROCESSES, 1),
  drainSeconds: numberOr(environment.SIP_VOICE_DRAIN_SECONDS, 600),
  port: numberOr(environment.SIP_VOICE_WORKER_PORT, 8081),
  logLevel: environment.LOG_LEVEL,
});
