/**
 * What went wrong, as a stable word that programs may switch on.
 *
 * - `invalid-phone-number`: not an E.164 number, or not one that can be dialled
 * - `invalid-digit`: not a DTMF digit (RFC 4733 events 0 to 15)
 * - `invalid-menu`: a DTMF menu that cannot work
 * - `invalid-brief`: an agent was dispatched with metadata that is not a `CallBrief`
 * - `expired-brief`: the brief was valid, but is too old to be acted on
 * - `invalid-appointment`, `invalid-option`: an argument has the wrong shape
 * - `invalid-environment`: environment variables are missing or malformed (all of them are named)
 * - `missing-package`: an optional peer dependency is not installed
 * - `store-unavailable`: a database or file cannot be read or written
 * - `ledger-misuse`: a ledger was asked for a step that the attempt's state does not allow
 * - `livekit-unavailable`: the LiveKit server did not answer or refused the credentials
 * - `voice-unavailable`: a text-to-speech service did not answer, or refused the request
 * - `unusable-audio`: a sound is not what can be played: silent, cut short, of another format
 */
export type SipVoiceErrorCode =
  | "invalid-phone-number"
  | "invalid-digit"
  | "invalid-menu"
  | "invalid-brief"
  | "expired-brief"
  | "invalid-appointment"
  | "invalid-option"
  | "invalid-environment"
  | "missing-package"
  | "store-unavailable"
  | "ledger-misuse"
  | "livekit-unavailable"
  | "voice-unavailable"
  | "unusable-audio";

/** The parts of a {@link SipVoiceError}. */
export interface SipVoiceErrorOptions {
  /** The argument, field or variable that is wrong. */
  readonly field?: string;
  /** What to do about it, as a sentence. */
  readonly remedy?: string;
  /** The error underneath. Never copied into `message`, as it may hold a patient's data. */
  readonly cause?: unknown;
}

const marker: unique symbol = Symbol.for("@clinic/sip-voice/error") as never;

/**
 * Thrown for misuse and for broken infrastructure, never for what calls are expected to do: a busy line is a value.
 * The message holds no number, name or digit.
 *
 * @example
 * ```ts
 * import { parsePhoneNumber, SipVoiceError } from "@clinic/sip-voice";
 *
 * try {
 *   parsePhoneNumber("tomorrow");
 * } catch (error) {
 *   if (SipVoiceError.is(error) && error.code === "invalid-phone-number") console.error(error.field, error.remedy);
 * }
 * ```
 */
export class SipVoiceError extends Error {
  /** Stable word for the kind of error. */
  readonly code: SipVoiceErrorCode;
  /** The argument, field or variable that is wrong. */
  readonly field: string | undefined;
  /** What to do about it. */
  readonly remedy: string | undefined;

  /** Makes an error; `message` must not hold a patient's data. */
  constructor(code: SipVoiceErrorCode, message: string, options: SipVoiceErrorOptions = {}) {
    super(options.remedy ? `${message} ${options.remedy}` : message, { cause: options.cause });
    this.name = "SipVoiceError";
    this.code = code;
    this.field = options.field;
    this.remedy = options.remedy;
    Object.defineProperty(this, marker, { value: true });
  }

  /** Whether a value is a {@link SipVoiceError}, also one from another copy of this package. */
  static is(value: unknown): value is SipVoiceError {
    return value instanceof Error && (value as { [marker]?: boolean })[marker] === true;
  }
}

/** Describes a value by its shape alone, so that an error can speak of it without repeating a patient's data. */
export function shapeOf(value: unknown): string {
  if (value === null) return "null";
  if (typeof value === "string")
    return value === "" ? "an empty text" : `a text of ${value.length} characters`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object") return `an object with ${Object.keys(value).length} fields`;
  return typeof value;
}
