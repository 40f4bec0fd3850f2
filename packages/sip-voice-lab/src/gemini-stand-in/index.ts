export type { ClinicToolNames } from "./clinic-tool-names.ts";
export { clinicScript, defaultClinicScript } from "./default-clinic-script.ts";
export type { GeminiFailure } from "./failure.ts";
export type { GeminiSession } from "./gemini-session.ts";
export { type GeminiStandIn, type GeminiStandInOptions, startGeminiStandIn } from "./gemini-stand-in.ts";
export {
  type GeminiScript,
  replyTo,
  type ScriptCall,
  type ScriptContext,
  type ScriptCue,
  type ScriptReply,
  type ScriptRule,
  type ScriptText,
  type ScriptTrigger,
  type TranscriptEntry,
} from "./script.ts";
export type { GeminiStandInEvent } from "./stand-in-event.ts";
