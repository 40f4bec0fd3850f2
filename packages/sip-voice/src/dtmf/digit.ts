import { SipVoiceError, shapeOf } from "../errors.ts";

/** A DTMF digit, as a telephone's keys send it. */
export type DtmfDigit =
  | "0"
  | "1"
  | "2"
  | "3"
  | "4"
  | "5"
  | "6"
  | "7"
  | "8"
  | "9"
  | "*"
  | "#"
  | "A"
  | "B"
  | "C"
  | "D";

const digits = "0123456789*#ABCD";

/** Whether a value is a single DTMF digit. */
export function isDtmfDigit(value: unknown): value is DtmfDigit {
  return typeof value === "string" && value.length === 1 && digits.includes(value);
}

/**
 * Checks a single DTMF digit.
 *
 * @throws SipVoiceError `invalid-digit`
 */
export function parseDtmfDigit(value: unknown): DtmfDigit {
  if (isDtmfDigit(value)) return value;
  throw new SipVoiceError("invalid-digit", `A DTMF digit was expected, not ${shapeOf(value)}.`, {
    field: "digit",
    remedy: "The digits are 0 to 9, *, # and A to D.",
  });
}

/** The event code of a digit: 0 to 9, `*` 10, `#` 11, A to D 12 to 15 (RFC 4733, section 3.2). */
export function dtmfCodeOf(digit: DtmfDigit): number {
  return digits.indexOf(digit);
}
