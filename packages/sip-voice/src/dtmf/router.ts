import { EventEmitter } from "eventemitter3";
import type { Clock, Timer } from "../clock.ts";
import { SipVoiceError } from "../errors.ts";
import { type DtmfDigit, isDtmfDigit, parseDtmfDigit } from "./digit.ts";
import { matchKey } from "./key-match.ts";
import {
  checkDtmfMenu,
  type DtmfChoice,
  type DtmfKeysOf,
  type DtmfMenu,
  type ValidDtmfMenu,
} from "./menu.ts";

/** A choice that a caller made with the keys. */
export interface DtmfSelection<Choice extends string, Digits extends string> {
  /** The name that the menu gives the digits; `unmapped` when it gives none. */
  readonly choice: Choice;
  /** What was pressed. */
  readonly digits: Digits;
}

/** What a listener of a {@link DtmfRouter} gets for a choice. */
export type DtmfSelectionOf<
  Menu extends DtmfMenu,
  Choice extends DtmfChoice<Menu> | "unmapped",
> = Choice extends "unmapped"
  ? DtmfSelection<"unmapped", string>
  : DtmfSelection<Choice, DtmfKeysOf<Menu, Choice>>;

/** Settings of {@link createDtmfRouter}. */
export interface DtmfRouterOptions {
  /** Where time comes from. */
  readonly clock: Clock;
  /** How long a longer sequence is waited for after a digit, in milliseconds; 2,000 unless given. */
  readonly interDigitTimeoutMs?: number;
  /**
   * The digit that ends what waits: with `#`, and the keys `1` and `12`, the digits `1#` choose `1` at once. It is then no choice of
   * its own, nor is it when it follows a choice within `interDigitTimeoutMs`. `none` unless given.
   */
  readonly terminator?: DtmfDigit | "none";
}

/** Turns pressed digits into named choices; see {@link createDtmfRouter}. */
export interface DtmfRouter<Menu extends DtmfMenu> {
  /**
   * Takes the next digit. Where the menu knows nothing longer, its choice is made before this returns.
   *
   * @throws SipVoiceError `invalid-digit`
   */
  push(digit: string): void;
  /** Listens for a choice, or for digits that the menu does not know (`unmapped`); returns what ends the listening. */
  on<Choice extends DtmfChoice<Menu> | "unmapped">(
    choice: Choice,
    listener: (selection: DtmfSelectionOf<Menu, Choice>) => void,
  ): () => void;
  /** Listens for every selection, unmapped ones included. */
  onAny(listener: (selection: DtmfSelection<DtmfChoice<Menu> | "unmapped", string>) => void): () => void;
  /** Forgets digits that are still waiting for their sequence. */
  reset(): void;
}

const anySelection = Symbol("any selection");

/**
 * Makes a router for a menu. A digit that is a choice by itself acts at once; a digit that may begin a longer
 * sequence waits for it, at most `interDigitTimeoutMs`. No digit is ever lost: what fits nothing comes as `unmapped`.
 * For menus in menus, and for sequences that no menu can list, see {@link runDtmfMenu}.
 *
 * @throws SipVoiceError `invalid-menu`, or `invalid-option` for a terminator that is a part of a key
 * @example
 * ```ts
 * import { createDtmfRouter, systemClock } from "@clinic/sip-voice";
 *
 * const router = createDtmfRouter({ "1": "confirm", "2": "reschedule", "0": "operator" }, { clock: systemClock });
 * router.on("confirm", ({ digits }) => console.log("confirmed with", digits)); // digits is "1"
 * router.push("1");
 * ```
 */
export function createDtmfRouter<const Menu extends DtmfMenu>(
  menu: Menu & ValidDtmfMenu<Menu>,
  options: DtmfRouterOptions,
): DtmfRouter<Menu> {
  checkDtmfMenu(menu);
  const { clock, interDigitTimeoutMs = 2_000, terminator = "none" } = options;
  const keys = Object.keys(menu);
  checkTerminator(terminator, keys);
  const choices: DtmfMenu = menu;
  const emitter = new EventEmitter();
  let waiting = "";
  /** How many of the waiting digits no further one belongs to: a listener may press one while they are gone through. */
  let closed = 0;
  let timer: Timer | undefined;
  let chosenAt: number | undefined;

  function select(digits: string): void {
    waiting = waiting.slice(digits.length);
    closed = Math.max(0, closed - digits.length);
    const choice = Object.hasOwn(choices, digits) ? choices[digits] : undefined;
    if (choice !== undefined) chosenAt = clock.now();
    const selection = { choice: choice ?? "unmapped", digits };
    emitter.emit(selection.choice, selection);
    emitter.emit(anySelection, selection);
  }

  /** Makes every choice that is certain. */
  function resolve(): void {
    while (waiting !== "") {
      const match = matchKey(keys, waiting, waiting.length <= closed);
      if (match.kind === "wait") {
        // A listener that pressed a digit may have set one already.
        timer?.cancel();
        timer = clock.setTimer(close, interDigitTimeoutMs);
        return;
      }
      select(match.kind === "key" ? match.key : waiting.slice(0, 1));
    }
  }

  /** No further digit belongs to those that wait. */
  function close(): void {
    timer?.cancel();
    closed = waiting.length;
    resolve();
  }

  /** Whether a terminator belongs to the digits before it; it ends those that wait. */
  function terminates(): boolean {
    const follows = chosenAt !== undefined && clock.now() <= chosenAt + interDigitTimeoutMs;
    const ends = waiting !== "";
    if (ends) close();
    chosenAt = undefined;
    return ends || follows;
  }

  function listen<Selection>(event: string | symbol, listener: (selection: Selection) => void): () => void {
    emitter.on(event, listener);
    return () => void emitter.off(event, listener);
  }

  return {
    push(digit) {
      const pressed = parseDtmfDigit(digit);
      if (pressed === terminator && terminates()) return;
      chosenAt = undefined;
      waiting += pressed;
      timer?.cancel();
      resolve();
    },
    on: (choice, listener) => listen(choice, listener),
    onAny: (listener) => listen(anySelection, listener),
    reset() {
      timer?.cancel();
      waiting = "";
      closed = 0;
      chosenAt = undefined;
    },
  };
}

function checkTerminator(terminator: string, keys: readonly string[]): void {
  if (terminator === "none") return;
  if (isDtmfDigit(terminator) && !keys.some((key) => key.includes(terminator))) return;
  throw new SipVoiceError(
    "invalid-option",
    "The terminator of a DTMF menu is no digit, or a part of a key.",
    {
      field: "terminator",
      remedy: "Give a digit that no key has, or `none`.",
    },
  );
}
