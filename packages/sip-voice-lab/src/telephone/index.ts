export { LINE_SAMPLE_RATE } from "./audio-timeline.ts";
export { dtmfCode } from "./dtmf-code.ts";
export type { HeardSpeech } from "./earpiece.ts";
export { levelDb, type SpeechEdge, SpeechGate, type SpeechGateOptions } from "./speech-gate.ts";
export {
  type PlaceCallOptions,
  Telephone,
  type TelephoneCallRecord,
  type TelephoneExchange,
} from "./telephone.ts";
export type { SipRefusal, TelephoneBehaviour } from "./telephone-behaviour.ts";
export { CallFailed, LineEnded, TelephoneTimeout } from "./telephone-error.ts";
export { type LineEnd, type SpeechWait, TelephoneLine, type TelephoneLineEvents } from "./telephone-line.ts";
