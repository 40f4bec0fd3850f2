import { holdDialogue } from "./dialogue.ts";
import type { DtmfDialogueOptions, DtmfFailure } from "./dialogue-options.ts";
import { type DtmfSequence, type SequenceMatch, sequenceField } from "./sequence.ts";

/** What came of {@link collectDigits}. Only `collected` holds digits. */
export type DigitCollection =
  | {
      /** The digits are there, and right as far as the sequence can tell. */
      readonly kind: "collected";
      /** The digits without their terminator. A secret: not for logs. */
      readonly digits: string;
    }
  | {
      /** Why the last try failed. */
      readonly kind: DtmfFailure;
      /** How many tries there were. */
      readonly tries: number;
    }
  | {
      /** The signal was aborted. */
      readonly kind: "cancelled";
    };

/**
 * Collects a sequence of digits. It ends at its full length, at the terminator, or when time runs out. What fails is asked
 * again; after the last try the result says why. Digits that were typed ahead are taken, and those beyond the sequence
 * wait for whoever listens to the keypad next.
 *
 * @throws SipVoiceError `invalid-option` for a sequence that can't be, or while another one listens to the keypad; and
 * whatever `prompt`, `validate` and the listeners throw
 * @example
 * ```ts
 * import { collectDigits, createDtmfKeypad, parseKeyedDate, systemClock } from "@clinic/sip-voice";
 *
 * declare function say(text: string, signal: AbortSignal): Promise<void>; // resolves when it was heard
 * const clock = systemClock;
 * const keypad = createDtmfKeypad({ clock }); // press() is called for each digit of the call
 *
 * const dateOf = (digits: string) => parseKeyedDate(digits, "MMDDYYYY", { now: clock.now() });
 * const result = await collectDigits(
 *   { length: 8, validate: (digits) => dateOf(digits) !== undefined },
 *   {
 *     keypad,
 *     clock,
 *     prompt: ({ after, signal }) =>
 *       say(after ? "Once more, please: month, day, year." : "Please key in your date of birth.", signal),
 *   },
 * );
 * if (result.kind === "collected") console.log("keyed", dateOf(result.digits) !== undefined);
 * else console.log("to the operator:", result.kind);
 * ```
 */
export async function collectDigits(
  sequence: DtmfSequence,
  options: DtmfDialogueOptions,
): Promise<DigitCollection> {
  return holdDialogue<SequenceMatch, readonly [], DigitCollection>(
    {
      first: sequenceField(sequence, []),
      next: (match) =>
        match === "back" ? { ask: "again" } : { end: { kind: "collected", digits: match.digits } },
      exhausted: ({ reason, tryNumber }) => ({ kind: reason, tries: tryNumber }),
      cancelled: { kind: "cancelled" },
    },
    options,
  );
}
