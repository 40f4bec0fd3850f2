import type { Clock } from "../clock.ts";
import { collectDigits, type DigitCollection } from "../dtmf/collect-digits.ts";
import type { DtmfPrompt } from "../dtmf/dialogue-options.ts";
import { isDtmfDigit } from "../dtmf/digit.ts";
import { createDtmfKeypad } from "../dtmf/keypad.ts";
import { createDtmfRouter } from "../dtmf/router.ts";
import type { DtmfSequence } from "../dtmf/sequence.ts";

/** The keys of a call. */
export const clinicMenu = {
  "1": "confirm",
  "2": "reschedule",
  "3": "call-back",
  "0": "operator",
  "9": "opt-out",
} as const;

/** What a key means. */
export type ClinicKey = (typeof clinicMenu)[keyof typeof clinicMenu] | "unmapped";

/** The keys of one call: choices that act at once, and now and then a sequence. No digit is lost between the two. */
export class CallKeys {
  readonly #clock: Clock;
  readonly #keypad;
  readonly #router;
  readonly #over = new AbortController();
  #stopFeeding: () => void = () => {};
  #collecting = false;

  /** `onChoice` is called before {@link press} returns. */
  constructor(clock: Clock, onChoice: (choice: ClinicKey) => void) {
    this.#clock = clock;
    this.#keypad = createDtmfKeypad({ clock });
    this.#router = createDtmfRouter(clinicMenu, { clock });
    this.#router.onAny(({ choice }) => onChoice(choice));
    this.#feed();
  }

  /** Whether a sequence is being keyed. */
  get collecting(): boolean {
    return this.#collecting;
  }

  /** A key was pressed; `false` for what is no digit, since it came over the network. */
  press(digit: string): boolean {
    if (!isDtmfDigit(digit) || this.#over.signal.aborted) return false;
    this.#keypad.press(digit);
    return true;
  }

  /** Collects a sequence; meanwhile no key is a choice. Whoever asks while another sequence is keyed is told `cancelled`. */
  async collect(
    sequence: DtmfSequence,
    prompt: (asked: DtmfPrompt) => Promise<void>,
  ): Promise<DigitCollection> {
    if (this.#collecting || this.#over.signal.aborted) return { kind: "cancelled" };
    this.#collecting = true;
    this.#stopFeeding();
    const { signal } = this.#over;
    try {
      return await collectDigits(sequence, { keypad: this.#keypad, clock: this.#clock, prompt, signal });
    } finally {
      this.#collecting = false;
      // A digit too many must not be taken for a choice: a 9 would stop all calls.
      this.#keypad.take();
      this.#feed();
    }
  }

  /** The call is over: no key counts any more. */
  stop(): void {
    this.#over.abort();
    this.#stopFeeding();
  }

  #feed(): void {
    this.#stopFeeding = this.#keypad.feed(this.#router, this.#over.signal);
  }
}
