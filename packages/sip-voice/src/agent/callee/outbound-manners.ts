import type { AnsweringMachineDetection } from "./detection.ts";
import type { ScreeningWords } from "./screening-words.ts";

/** How the agent begins a call that it placed. */
export interface OutboundManners {
  /**
   * When the opener is said: the moment the call is answered, or once the callee has said hello (and after two seconds in
   * any case); `on-answer` unless given. It is never said into ringing.
   */
  readonly opener?: "on-answer" | "after-greeting";
  /**
   * What becomes of a call that a machine answers: it is hung up, or the fixed sentence `voicemail` is left after the beep;
   * `hang-up` unless given. Nothing else is said to a machine, neither by the agent nor by the model.
   */
  readonly voicemail?: "hang-up" | "leave-message";
  /** What tells a person from a machine; `acousticDetection()` unless given, and nothing where it is `"off"`. */
  readonly detection?: AnsweringMachineDetection | "off";
  /** What the assistants of telephones say when they screen calls; `screeningWords` unless given. */
  readonly screeningWords?: ScreeningWords;
}
