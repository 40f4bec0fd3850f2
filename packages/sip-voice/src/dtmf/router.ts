import { EventEmitter } from "eventemitter3";
import type { Clock, Timer } from "../clock.ts";
import { parseDtmfDigit } from "./digit.ts";
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
 *
 * @throws SipVoiceError `invalid-menu`
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
  const { clock, interDigitTimeoutMs = 2_000 } = options;
  const keys = Object.keys(menu);
  const choices: DtmfMenu = menu;
  const emitter = new EventEmitter();
  let waiting = "";
  let timer: Timer | undefined;

  function select(digits: string): void {
    const choice = Object.hasOwn(choices, digits) ? choices[digits] : undefined;
    const selection = { choice: choice ?? "unmapped", digits };
    emitter.emit(selection.choice, selection);
    emitter.emit(anySelection, selection);
  }

  /** Makes every choice that is certain; `final` says that no further digit is to be waited for. */
  function resolve(final: boolean): void {
    while (waiting !== "") {
      const mayGrow = keys.some((key) => key.length > waiting.length && key.startsWith(waiting));
      if (mayGrow && !final) {
        // A listener that pressed a digit may have set one already.
        timer?.cancel();
        timer = clock.setTimer(() => resolve(true), interDigitTimeoutMs);
        return;
      }
      const longest = keys.filter((key) => waiting.startsWith(key)).sort((a, b) => b.length - a.length)[0];
      const taken = longest ?? waiting.slice(0, 1);
      waiting = waiting.slice(taken.length);
      select(taken);
    }
  }

  function listen<Selection>(event: string | symbol, listener: (selection: Selection) => void): () => void {
    emitter.on(event, listener);
    return () => void emitter.off(event, listener);
  }

  return {
    push(digit) {
      waiting += parseDtmfDigit(digit);
      timer?.cancel();
      resolve(false);
    },
    on: (choice, listener) => listen(choice, listener),
    onAny: (listener) => listen(anySelection, listener),
    reset() {
      timer?.cancel();
      waiting = "";
    },
  };
}
