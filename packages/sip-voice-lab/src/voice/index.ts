export { joinSamples, type Pcm, scaleSamples, silence } from "./pcm.ts";
export { resample } from "./resample.ts";
export { languageOf, type SpeakOptions, type SpeechLanguage, speak } from "./speech.ts";
export {
  type SpeechActivity,
  SpeechActivityDetector,
  type SpeechActivityOptions,
} from "./speech-activity.ts";
export { MAX_TONE_TAG_ID, TONE_TAG_MS, toneTag } from "./tone-tag.ts";
export { ToneTagDetector } from "./tone-tag-detector.ts";
export {
  callerUtterance,
  type Utterance,
  type UtteranceKey,
  utterance,
  utteranceById,
  utteranceByText,
  utterances,
} from "./utterances.ts";
