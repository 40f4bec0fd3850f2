import type { Clock } from "../../clock.ts";
import { collectDigits, type DigitCollection } from "../../dtmf/collect-digits.ts";
import type { DtmfPrompt } from "../../dtmf/dialogue-options.ts";
import { isDtmfDigit } from "../../dtmf/digit.ts";
import { createDtmfKeypad, type DtmfKeypad } from "../../dtmf/keypad.ts";
import type { DtmfMenuTree } from "../../dtmf/menu-tree.ts";
import { createDtmfRouter } from "../../dtmf/router.ts";
import { runDtmfMenu } from "../../dtmf/run-menu.ts";
import type { DtmfSequence } from "../../dtmf/sequence.ts";

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
  readonly #keypad: DtmfKeypad;
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

  /** Whether a sequence or a menu takes the keys. */
  get collecting(): boolean {
    return this.#collecting;
  }

  /** A key was pressed; `false` for what is no digit, since it came over the network. */
  press(digit: string): boolean {
    if (!isDtmfDigit(digit) || this.#over.signal.aborted) return false;
    this.#keypad.press(digit);
    return true;
  }

  /** Collects a sequence; meanwhile no key is a choice. Whoever asks while something else is keyed is told `cancelled`. */
  async collect(
    sequence: DtmfSequence,
    prompt: (asked: DtmfPrompt) => Promise<void>,
  ): Promise<DigitCollection> {
    const collected = await this.#instead(async (asking) => {
      const result = await collectDigits(sequence, { ...asking, prompt });
      // A digit too many must not be taken for a choice: a 9 would stop all calls.
      this.#keypad.take();
      return result;
    });
    return collected ?? { kind: "cancelled" };
  }

  /** Leads through menus up to a choice; `undefined` when `signal` was aborted, or nobody chose anything. */
  async menu(
    keys: DtmfMenuTree,
    signal: AbortSignal,
    tell: {
      readonly prompt: (asked: DtmfPrompt<readonly string[]>) => Promise<void>;
      readonly onChoice: (choice: string) => void;
    },
  ): Promise<string | undefined> {
    const result = await this.#instead((asking) =>
      runDtmfMenu(keys, {
        ...asking,
        signal: AbortSignal.any([asking.signal, signal]),
        prompt: tell.prompt,
        onChoice: ({ choice }) => tell.onChoice(choice),
      }),
    );
    return result?.kind === "chosen" ? result.choice : undefined;
  }

  /** Has something else than the router take the keys, for as long as `work` goes on. */
  async #instead<Result>(
    work: (asking: { keypad: DtmfKeypad; clock: Clock; signal: AbortSignal }) => Promise<Result>,
  ): Promise<Result | undefined> {
    if (this.#collecting || this.#over.signal.aborted) return undefined;
    this.#collecting = true;
    this.#stopFeeding();
    try {
      return await work({ keypad: this.#keypad, clock: this.#clock, signal: this.#over.signal });
    } finally {
      this.#collecting = false;
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
