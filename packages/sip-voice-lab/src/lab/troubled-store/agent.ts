/** The example's agent on a store in trouble, as `SIP_VOICE_LAB_STORE` says: to show what its callers hear. */
import { clinic } from "@clinic/gemini-sip-agent/clinic";
import { type AppointmentStore, SipVoiceError } from "@clinic/sip-voice";
import { defineClinicAgent, geminiLive, promptDirectory, runClinicWorker } from "@clinic/sip-voice/agent";
import { liveKitRoomGateway } from "@clinic/sip-voice/livekit";
import { openClinicDatabase } from "@clinic/sip-voice/sqlite";
import { storeTroubleVariable } from "../store-trouble.ts";

const environment = process.env as Readonly<Record<string, string>>;
const slowMs = 5_000;
const lookUps = new Set(["findUpcoming", "get", "openSlots"]);

/** A store of which some methods take their time, or fail. */
function inTrouble(store: AppointmentStore, trouble: string): AppointmentStore {
  const [what, which] = trouble.split("-");
  return new Proxy(store, {
    get(target, name) {
      const method = Reflect.get(target, name) as unknown;
      if (typeof method !== "function") return method;
      if (which === "writes" && lookUps.has(String(name))) return method.bind(target);
      return async (...args: unknown[]): Promise<unknown> => {
        if (what === "down")
          throw new SipVoiceError("store-unavailable", "The store is down, as it was told to be.");
        await new Promise((resolve) => setTimeout(resolve, slowMs));
        return await (method as (...all: unknown[]) => unknown).apply(target, args);
      };
    },
  });
}

export default defineClinicAgent({
  clinic,
  model: geminiLive({
    apiKey: environment.GOOGLE_API_KEY ?? "",
    baseUrl: environment.GOOGLE_GEMINI_BASE_URL,
  }),
  backend: async () => {
    const database = openClinicDatabase(environment.SIP_VOICE_DB ?? "");
    return {
      ...database,
      appointments: inTrouble(database.appointments, environment[storeTroubleVariable] ?? ""),
      rooms: await liveKitRoomGateway({
        url: environment.LIVEKIT_URL ?? "",
        apiKey: environment.LIVEKIT_API_KEY ?? "",
        apiSecret: environment.LIVEKIT_API_SECRET ?? "",
      }),
      promptAudio: promptDirectory(environment.SIP_VOICE_PROMPTS ?? ""),
    };
  },
  operator: { phoneNumber: environment.OPERATOR_PHONE_NUMBER ?? "" },
});

runClinicWorker({ file: import.meta.url, agentName: "gemini-sip-agent", port: 0, logLevel: "debug" });
