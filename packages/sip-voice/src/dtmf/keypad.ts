import type { Clock } from "../clock.ts";
import { SipVoiceError } from "../errors.ts";
import { type DtmfDigit, parseDtmfDigit } from "./digit.ts";

/** Settings of {@link createDtmfKeypad}. */
export interface DtmfKeypadOptions {
  /** Where time comes from. */
  readonly clock: Clock;
}

/** The keys of one telephone; see {@link createDtmfKeypad}. */
export interface DtmfKeypad {
  /**
   * Takes a digit in. Whoever listens knows of it before this returns.
   *
   * @throws SipVoiceError `invalid-digit`
   */
  press(digit: string): void;
  /** The digits that nobody has taken yet, oldest first. They may be a secret: not for logs. */
  peek(): string;
  /** Removes the oldest digits, all of them unless told how many, and gives them. */
  take(count?: number): string;
  /**
   * Removes a terminator that follows directly after digits that were just taken, if it waits or is pressed within
   * this time. So `#` after the eighth digit of eight is no key of the next menu, and nobody had to wait for it.
   */
  absorb(terminator: DtmfDigit, withinMs: number): void;
  /**
   * Calls `onPress` after every press; gives what ends the listening. What was pressed before may
   * wait already: {@link DtmfKeypad.peek} shows it.
   *
   * @throws SipVoiceError `invalid-option` while another one listens: two would each get half of what is pressed
   */
  listen(onPress: () => void): () => void;
  /**
   * Gives a router every digit, those that wait before this returns; gives what ends it. A signal ends it too: needed where
   * a choice does so, as digits that wait may already make that choice.
   *
   * @throws SipVoiceError `invalid-option` while another one listens
   */
  feed(router: { push(digit: string): void }, signal?: AbortSignal): () => void;
}

/**
 * Makes the keypad of one call. Digits wait in it until someone takes them, so none is lost between one listener and the
 * next, and a caller who knows the way may type ahead. One listens at a time: a router, a menu or a sequence.
 *
 * @example
 * ```ts
 * import { createDtmfKeypad, createDtmfRouter, systemClock } from "@clinic/sip-voice";
 *
 * const clock = systemClock;
 * const keypad = createDtmfKeypad({ clock });
 * keypad.press("1"); // nobody listens yet
 * const router = createDtmfRouter({ "1": "confirm" }, { clock });
 * router.on("confirm", () => console.log("confirmed"));
 * const stop = keypad.feed(router); // confirmed
 * stop(); // digits wait again
 * ```
 */
export function createDtmfKeypad(options: DtmfKeypadOptions): DtmfKeypad {
  const { clock } = options;
  let waiting = "";
  let listener: { readonly onPress: () => void } | undefined;
  let absorbed: { readonly terminator: DtmfDigit; readonly until: number } | undefined;

  function take(count = waiting.length): string {
    const taken = waiting.slice(0, count);
    waiting = waiting.slice(taken.length);
    return taken;
  }

  function listen(onPress: () => void): () => void {
    if (listener)
      throw new SipVoiceError("invalid-option", "Someone listens to this keypad already.", {
        field: "keypad",
        remedy: "End that listening first.",
      });
    const own = { onPress };
    listener = own;
    return () => {
      if (listener === own) listener = undefined;
    };
  }

  return {
    press(pressed) {
      const digit = parseDtmfDigit(pressed);
      const ending = absorbed;
      absorbed = undefined;
      if (ending?.terminator === digit && clock.now() <= ending.until) return;
      waiting += digit;
      listener?.onPress();
    },
    peek: () => waiting,
    take,
    absorb(terminator, withinMs) {
      if (waiting.startsWith(terminator)) take(1);
      else if (waiting === "") absorbed = { terminator, until: clock.now() + withinMs };
    },
    listen,
    feed(router, signal) {
      let feeding = !signal?.aborted;
      if (!feeding) return () => {};
      function drain(): void {
        // One by one: what the router sets off may end the feeding, and then the rest is someone else's.
        while (feeding && waiting !== "") router.push(take(1));
      }
      const stopListening = listen(drain);
      function stop(): void {
        feeding = false;
        stopListening();
        signal?.removeEventListener("abort", stop);
      }
      signal?.addEventListener("abort", stop, { once: true });
      drain();
      return stop;
    },
  };
}
