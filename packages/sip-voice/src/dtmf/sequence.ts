import { SipVoiceError } from "../errors.ts";
import { type DtmfDigit, isDtmfDigit } from "./digit.ts";
import type { DtmfField, DtmfReading } from "./field.ts";
import { checkCount, type DtmfTiming, fullTiming } from "./timing.ts";

/** Digits that belong together, such as a date of birth or a confirmation code. */
export type DtmfSequence = DtmfSequenceSettings & DtmfSequenceLength;

/** How many digits a {@link DtmfSequence} has: exactly `length`, or `minLength` (1 unless given) to `maxLength`. */
export type DtmfSequenceLength =
  | { readonly length: number; readonly minLength?: never; readonly maxLength?: never }
  | { readonly minLength?: number; readonly maxLength: number; readonly length?: never };

/** What a {@link DtmfSequence} has besides its length. */
export interface DtmfSequenceSettings extends DtmfTiming {
  /**
   * The digit that ends the sequence early and is no part of it; `#` unless given (`termchar` of VoiceXML). A sequence also
   * ends at its full length; a terminator that then still comes belongs to it.
   */
  readonly terminator?: DtmfDigit | "none";
  /**
   * Whether these digits are right; where not, the try has failed with `no-match`. It may ask a store: digits pressed
   * meanwhile wait. Called with digits that have the right length.
   */
  readonly validate?: (digits: string) => boolean | Promise<boolean>;
}

/** What was read: the digits of the sequence, or that the caller wants to go back. */
export type SequenceMatch = { readonly digits: string } | "back";

/** Makes the reading of a sequence; `inherited` has the times that it does not give itself. */
export function sequenceField<Path>(
  sequence: DtmfSequence & { readonly back?: DtmfDigit },
  path: Path,
  inherited: DtmfTiming = {},
): DtmfField<SequenceMatch, Path> {
  checkDtmfSequence(sequence);
  const { terminator = "#", validate, back } = sequence;
  const most = sequence.length ?? sequence.maxLength;
  const least = sequence.length ?? sequence.minLength ?? 1;

  function read(digits: string, final: boolean): DtmfReading<SequenceMatch> {
    const special = [...digits].findIndex((digit) => digit === terminator || digit === back);
    const body = digits.slice(0, Math.min(most, special < 0 ? digits.length : special));
    const fits: DtmfReading<SequenceMatch> = { kind: "match", match: { digits: body }, taken: body.length };
    if (body.length === most) return fits;
    if (special < 0 && !final) return { kind: "more" };
    const taken = body.length + (special < 0 ? 0 : 1);
    if (special >= 0 && digits[special] === back) return { kind: "match", match: "back", taken };
    return body.length < least ? { kind: "no-match", taken } : { ...fits, taken };
  }

  return {
    ...fullTiming(5_000, inherited, sequence),
    path,
    terminator,
    read,
    accept: (match) => match === "back" || !validate || validate(match.digits),
  };
}

/**
 * Checks what types could not.
 *
 * @throws SipVoiceError `invalid-option`
 */
function checkDtmfSequence(sequence: DtmfSequence & { readonly back?: DtmfDigit }): void {
  const { length, minLength, maxLength, terminator = "#", back } = sequence;
  if (length === undefined) {
    checkCount("minLength", minLength ?? 1, 1);
    checkCount("maxLength", maxLength, minLength ?? 1);
  } else {
    checkCount("length", length, 1);
    if (minLength !== undefined || maxLength !== undefined)
      throw new SipVoiceError("invalid-option", "A sequence has either one length or a range of them.", {
        field: "length",
        remedy: "Give `length`, or `minLength` and `maxLength`.",
      });
  }
  if (terminator !== "none" && !isDtmfDigit(terminator))
    throw new SipVoiceError("invalid-option", "The terminator of a sequence is no DTMF digit.", {
      field: "terminator",
      remedy: "Give a digit, or `none`.",
    });
  if (back !== undefined && (back === terminator || !isDtmfDigit(back)))
    throw new SipVoiceError("invalid-option", "The key that leads back is no DTMF digit of its own.", {
      field: "back",
      remedy: "Give a digit other than the terminator.",
    });
}
