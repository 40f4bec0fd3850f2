/**
 * The clinic's agent on `@livekit/agents` and Gemini Live.
 *
 * @module @clinic/sip-voice/agent
 */

export { clinicMenu } from "./call/call-keys.ts";
export {
  type CalleeFinding,
  type CalleeSign,
  type CalleeTiming,
  type CalleeVerdict,
  calleeTiming,
} from "./callee/callee-judge.ts";
export {
  type AnsweringMachineDetection,
  acousticDetection,
  type CalleeDetector,
} from "./callee/detection.ts";
export type { OutboundManners } from "./callee/outbound-manners.ts";
export { type ScreeningWords, screeningWords } from "./callee/screening-words.ts";
export { defineClinicAgent } from "./clinic-agent.ts";
export type { ClinicAgentOptions } from "./clinic-agent-options.ts";
export type { ClinicBackend } from "./clinic-backend.ts";
export type { ClinicProfile } from "./clinic-profile.ts";
export { acceptCall, type ClinicWorkerOptions, runClinicWorker } from "./clinic-worker.ts";
export type { ClinicIdentity, IdentityClaim } from "./desk/identity.ts";
export type { EmergencyWordList } from "./emergency/emergency-word-list.ts";
export type { EmergencyWords } from "./emergency/emergency-words.ts";
export { type GeminiLiveOptions, geminiLive, type VertexProject } from "./model/gemini-live.ts";
export type { VoiceModel, VoiceModelRequest, VoiceModelSession } from "./model/voice-model.ts";
export type { OperatorMethod, OperatorOptions } from "./operator/operator-options.ts";
export { type GeminiPromptVoiceOptions, geminiPromptVoice } from "./speech/gemini-prompt-voice.ts";
export { promptDirectory, promptFileName } from "./speech/prompt-directory.ts";
export { promptFolder } from "./speech/prompt-folder.ts";
export { spokenNumber } from "./speech/spoken-number.ts";
export { spokenTime } from "./speech/spoken-time.ts";
export { type TtsPromptVoiceOptions, ttsPromptVoice } from "./speech/tts-prompt-voice.ts";
