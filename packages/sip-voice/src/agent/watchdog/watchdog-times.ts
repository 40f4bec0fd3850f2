/**
 * How long a living model may take. A healthy one begins to speak after about a second, now and then after two or three; so
 * an answer is late after 3 s, when the caller is asked to wait, and the model is given up 2 s later. Silence has no moment
 * of its own at which it fails: it fails when the answer is late.
 */
export const watchdogTimes = {
  /** Set-up sent to set-up taken. */
  setUpMs: 3_000,
  /** Asked to late. */
  lateMs: 3_000,
  /** Late to lost. */
  lostMs: 2_000,
  /** The end of the caller's words, noticed after half a second, to asking whether they were heard; and that to lost. */
  unheardMs: 2_500,
  deafMs: 1_500,
  /** How soon it is asked again when it could not be asked. */
  askAgainMs: 1_000,
  /** A tool call without a tool that runs, or without an answer after it ran. */
  callMs: 1_500,
  /** The longest that a tool may run: more than a store that is slow takes. */
  toolMs: 12_000,
  /** Silence in the middle of what the model is saying, counted from the end of the sound that came: a second too late, and lost 2 s later. */
  stallMs: 3_000,
  /** Speech of the caller that is shorter asks for no answer: a cough, a click. */
  utteranceMs: 400,
  /** After the model was asked whether it heard, and answered, noise on the line is not asked about for so long. */
  trustMs: 20_000,
} as const;
