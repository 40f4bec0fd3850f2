import { describe, expect, it, vi } from "vitest";
import { type SimulatedClock, simulatedClock } from "../testing/simulated-clock.ts";
import { collectDigits, type DigitCollection } from "./collect-digits.ts";
import type { DtmfDialogueOptions } from "./dialogue-options.ts";
import { createDtmfKeypad, type DtmfKeypad } from "./keypad.ts";
import type { DtmfSequence } from "./sequence.ts";

interface Collecting {
  readonly clock: SimulatedClock;
  readonly keypad: DtmfKeypad;
  /** What happened, in order. */
  readonly events: string[];
  readonly result: Promise<DigitCollection>;
  press(digits: string): void;
}

/** Collects with everything written down that is told meanwhile. */
function collecting(
  sequence: DtmfSequence,
  options: Partial<DtmfDialogueOptions> & { readonly typed?: string } = {},
): Collecting {
  const clock = simulatedClock();
  const keypad = createDtmfKeypad({ clock });
  const press = (digits: string): void => {
    for (const digit of digits) keypad.press(digit);
  };
  press(options.typed ?? "");
  const events: string[] = [];
  const result = collectDigits(sequence, {
    keypad,
    clock,
    prompt: ({ tryNumber, after }) => void events.push(`prompt ${tryNumber} ${after ?? "-"}`),
    onFirstDigit: () => events.push("first"),
    onFailedTry: ({ reason, retriesLeft }) => events.push(`failed ${reason} ${retriesLeft}`),
    ...options,
  });
  result.then(
    ({ kind }) => events.push(kind),
    () => events.push("thrown"),
  );
  return { clock, keypad, events, result, press };
}

describe("a sequence", () => {
  it.each<[string, DtmfSequence, string, string, string]>([
    ["its full length", { length: 4 }, "1234", "1234", ""],
    ["its full length, the rest is left", { length: 4 }, "12345", "1234", "5"],
    ["its full length, with the terminator", { length: 4 }, "1234#5", "1234", "5"],
    ["its greatest length", { minLength: 2, maxLength: 4 }, "1234", "1234", ""],
    ["the terminator", { minLength: 2, maxLength: 4 }, "12#", "12", ""],
    ["the terminator, the rest is left", { minLength: 2, maxLength: 4 }, "123#4#", "123", "4#"],
    ["another terminator", { maxLength: 4, terminator: "*" }, "1#*", "1#", ""],
    ["one digit", { length: 1 }, "7", "7", ""],
    ["its length alone", { length: 3, terminator: "none" }, "1##2", "1##", "2"],
    ["with letters", { length: 2 }, "AD", "AD", ""],
  ])("ends at %s", async (_, sequence, digits, collected, left) => {
    for (const typed of [digits, ""]) {
      const { clock, keypad, result, press } = collecting(sequence, { typed });
      if (typed === "") press(digits);
      expect(await result).toEqual({ kind: "collected", digits: collected });
      expect(keypad.peek()).toBe(left);
      expect(clock.pendingTimers).toBe(0);
    }
  });

  it("is there before anyone could press a key that the next one would get", async () => {
    const { keypad, result, press, clock } = collecting({ length: 8 });
    press("030719841234");
    expect(keypad.peek()).toBe("1234");
    const next = collectDigits({ length: 4 }, { keypad, clock });
    expect(await Promise.all([result, next])).toMatchObject([{ digits: "03071984" }, { digits: "1234" }]);
  });

  it("takes the terminator that comes late to full length, but not one that comes too late", async () => {
    const { clock, keypad, press } = collecting({ length: 2, interDigitTimeoutMs: 3_000 });
    press("12");
    await clock.advance(3_000);
    press("#");
    expect(keypad.peek()).toBe("");
    const other = collecting({ length: 2, interDigitTimeoutMs: 3_000 });
    other.press("12");
    await other.clock.advance(3_001);
    other.press("#");
    expect(other.keypad.peek()).toBe("#");
  });
});

describe("the time of a sequence", () => {
  it("runs out a millisecond after the last moment for the first digit", async () => {
    const { clock, events, press } = collecting({ length: 2, firstDigitTimeoutMs: 4_000, retries: 0 });
    await clock.advance(3_999);
    expect(events).toEqual(["prompt 1 -"]);
    press("1");
    await clock.advance(4_999);
    expect(events).toEqual(["prompt 1 -", "first"]);
    await clock.advance(1);
    expect(events).toEqual(["prompt 1 -", "first", "failed no-match 0", "no-match"]);
    expect(clock.pendingTimers).toBe(0);
  });

  it("is 5 s for each digit unless given, anew after each", async () => {
    const { clock, result, press } = collecting({ maxLength: 9 });
    await clock.advance(4_999);
    for (const digit of "12345") {
      press(digit);
      await clock.advance(4_999);
    }
    await clock.advance(1);
    expect(await result).toEqual({ kind: "collected", digits: "12345" });
  });

  it("runs only once the prompt was heard", async () => {
    let heard = (): void => {};
    const prompt = (): Promise<void> =>
      new Promise((resolve) => {
        heard = resolve;
      });
    const { clock, result } = collecting({ length: 2, firstDigitTimeoutMs: 1_000, retries: 0 }, { prompt });
    await clock.advance(60_000);
    expect(clock.pendingTimers).toBe(0);
    heard();
    await clock.advance(999);
    expect(clock.pendingTimers).toBe(1);
    await clock.advance(1);
    expect(await result).toEqual({ kind: "no-input", tries: 1 });
  });

  it("waits for a prompt that is no promise, but can be waited for", async () => {
    let heard = (): void => {};
    const speech = {
      // biome-ignore lint/suspicious/noThenProperty: speech handles of LiveKit are such objects
      then(resolve: () => void) {
        heard = resolve;
      },
    };
    const { clock } = collecting({ length: 2 }, { prompt: () => speech });
    await clock.advance(60_000);
    expect(clock.pendingTimers).toBe(0);
    heard();
    await clock.advance(0);
    expect(clock.pendingTimers).toBe(1);
  });
});

describe("a try that fails", () => {
  it("is asked again, and the last one says why", async () => {
    const { clock, events, result, press } = collecting({ length: 4, retries: 2 });
    await clock.advance(5_000);
    press("12#");
    press("1");
    await clock.advance(5_000);
    expect(await result).toEqual({ kind: "no-match", tries: 3 });
    expect(events).toEqual([
      "prompt 1 -",
      "failed no-input 2",
      "prompt 2 no-input",
      "first",
      "failed no-match 1",
      "prompt 3 no-match",
      "first",
      "failed no-match 0",
      "no-match",
    ]);
    expect(clock.pendingTimers).toBe(0);
  });

  it("is followed by no input", async () => {
    const { clock, result } = collecting({ length: 4 });
    await clock.advance(15_000);
    expect(await result).toEqual({ kind: "no-input", tries: 3 });
  });

  it("may be the terminator alone, or one that comes too early", async () => {
    const { result, press } = collecting({ minLength: 3, maxLength: 4, retries: 1 });
    press("#12#");
    expect(await result).toEqual({ kind: "no-match", tries: 2 });
  });

  it("may empty the keypad of what was typed ahead", async () => {
    const clock = simulatedClock();
    const keypad = createDtmfKeypad({ clock });
    for (const digit of "12345678") keypad.press(digit);
    const result = collectDigits(
      { length: 4, validate: (digits) => digits === "9999" },
      { keypad, clock, onFailedTry: () => keypad.take() },
    );
    for (const digit of "9999") keypad.press(digit);
    expect(await result).toEqual({ kind: "collected", digits: "9999" });
  });
});

describe("barge-in", () => {
  it("aborts the prompt before press returns, and tells the first digit once for each try", async () => {
    const signals: AbortSignal[] = [];
    const { events, press, result } = collecting(
      { length: 2, validate: (digits) => digits === "22" },
      {
        prompt: ({ signal }) => {
          signals.push(signal);
          return new Promise(() => {});
        },
      },
    );
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
    press("1");
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    press("1");
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
    press("22");
    expect(await result).toMatchObject({ kind: "collected" });
    expect(events).toEqual(["first", "failed no-match 2", "first", "collected"]);
  });

  it("does not ask for what was typed ahead, in part or in full", async () => {
    const { events, result, press } = collecting({ length: 3 }, { typed: "12" });
    expect(events).toEqual(["first"]);
    press("3");
    expect(await result).toEqual({ kind: "collected", digits: "123" });
    expect(events).toEqual(["first", "collected"]);
  });

  it("survives a prompt that fails because it was aborted", async () => {
    const { clock, result, press } = collecting(
      { length: 2 },
      {
        prompt: ({ signal }) =>
          new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("stopped")))),
      },
    );
    press("1");
    await clock.advance(0);
    press("2");
    expect(await result).toMatchObject({ kind: "collected" });
  });
});

describe("digits that are checked elsewhere", () => {
  it("keep those that are pressed meanwhile, for the next try or for others", async () => {
    const answers: ((right: boolean) => void)[] = [];
    const { clock, keypad, events, result, press } = collecting({
      length: 4,
      validate: () => new Promise((resolve) => answers.push(resolve)),
    });
    press("1111");
    press("2222");
    await clock.advance(60_000);
    expect([clock.pendingTimers, keypad.peek()]).toEqual([0, "2222"]);
    answers[0]!(false);
    await clock.advance(0);
    expect(keypad.peek()).toBe("");
    press("56");
    answers[1]!(true);
    expect(await result).toEqual({ kind: "collected", digits: "2222" });
    expect(keypad.peek()).toBe("56");
    expect(events).toEqual(["prompt 1 -", "first", "failed no-match 2", "first", "collected"]);
  });

  it("are asked for only when their length is right", async () => {
    const validate = vi.fn(() => true);
    const { clock, result, press } = collecting({ length: 3, retries: 0, validate });
    press("12");
    await clock.advance(5_000);
    expect(await result).toMatchObject({ kind: "no-match" });
    expect(validate).not.toHaveBeenCalled();
  });
});

describe("an abort", () => {
  it("is not listened for any longer than it takes", async () => {
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, "addEventListener");
    const removed = vi.spyOn(signal, "removeEventListener");
    const { result, press } = collecting({ length: 1 }, { signal });
    press("1");
    await result;
    expect(removed.mock.calls.map(([, listener]) => listener)).toEqual(
      added.mock.calls.map(([, listener]) => listener),
    );
  });

  it("before it begins touches nothing", async () => {
    const { events, keypad, result } = collecting(
      { length: 2 },
      { typed: "12", signal: AbortSignal.abort() },
    );
    expect(await result).toEqual({ kind: "cancelled" });
    expect([keypad.peek(), events]).toEqual(["12", ["cancelled"]]);
    keypad.listen(() => {});
  });

  it.each([
    ["while it is asked", "", ""],
    ["in the middle", "12", ""],
  ])("%s ends it, drops what is unfinished and leaves no timer", async (_, pressed, left) => {
    const stop = new AbortController();
    const spoken: AbortSignal[] = [];
    const prompt = ({ signal }: { signal: AbortSignal }) => void spoken.push(signal);
    const { clock, keypad, result, press } = collecting({ length: 3 }, { signal: stop.signal, prompt });
    press(pressed);
    stop.abort();
    expect([clock.pendingTimers, keypad.peek(), spoken[0]?.aborted]).toEqual([0, left, true]);
    press("7");
    expect(await result).toEqual({ kind: "cancelled" });
    expect(keypad.peek()).toBe("7");
  });

  it("while digits are checked leaves those that came meanwhile", async () => {
    const stop = new AbortController();
    let answer = (_: boolean): void => {};
    const validate = (): Promise<boolean> =>
      new Promise((resolve) => {
        answer = resolve;
      });
    const { clock, keypad, events, result, press } = collecting(
      { length: 2, validate },
      { signal: stop.signal },
    );
    press("1234");
    stop.abort();
    expect(await result).toEqual({ kind: "cancelled" });
    answer(false);
    await clock.advance(60_000);
    expect([keypad.peek(), events.at(-1), clock.pendingTimers]).toEqual(["34", "cancelled", 0]);
  });

  it.each(["prompt", "onFirstDigit", "onFailedTry"] as const)("may come from %s", async (place) => {
    const stop = new AbortController();
    const abort = (): void => stop.abort();
    const { clock, keypad, result, press } = collecting(
      { length: 2 },
      { signal: stop.signal, [place]: abort },
    );
    press("1#9");
    expect(await result).toEqual({ kind: "cancelled" });
    expect(keypad.peek()).toBe({ prompt: "1#9", onFirstDigit: "#9", onFailedTry: "9" }[place]);
    expect(clock.pendingTimers).toBe(0);
  });

  it.each([false, Promise.resolve(false)])(
    "may come from the check, and leaves what was typed ahead",
    async (no) => {
      const stop = new AbortController();
      const validate = (): boolean | Promise<boolean> => {
        stop.abort();
        return no;
      };
      const { keypad, result, events } = collecting(
        { length: 2, validate },
        { signal: stop.signal, typed: "1234" },
      );
      expect(await result).toEqual({ kind: "cancelled" });
      await no;
      expect([keypad.peek(), events]).toEqual(["34", ["first", "cancelled"]]);
    },
  );
});

describe("re-entrancy", () => {
  it("takes what its own listeners press, in order", async () => {
    const clock = simulatedClock();
    const keypad = createDtmfKeypad({ clock });
    const result = collectDigits(
      { length: 4 },
      { keypad, clock, prompt: () => keypad.press("1"), onFirstDigit: () => keypad.press("2") },
    );
    keypad.press("3");
    keypad.press("4");
    expect(await result).toEqual({ kind: "collected", digits: "1234" });
    expect(clock.pendingTimers).toBe(0);
  });

  it("asks no further than its retries when each prompt presses something wrong", async () => {
    const clock = simulatedClock();
    const keypad = createDtmfKeypad({ clock });
    const prompt = vi.fn(() => keypad.press("#"));
    expect(await collectDigits({ length: 4, retries: 500 }, { keypad, clock, prompt })).toMatchObject({
      tries: 501,
    });
    expect([prompt.mock.calls.length, clock.pendingTimers]).toEqual([501, 0]);
  });

  it("begins anew when someone else takes the digits", async () => {
    const { clock, keypad, events, result, press } = collecting({ length: 3, retries: 0 });
    press("12");
    keypad.take();
    await clock.advance(5_000);
    press("789");
    expect(await result).toEqual({ kind: "collected", digits: "789" });
    expect(events).toEqual(["prompt 1 -", "first", "first", "collected"]);
    const other = collecting({ length: 3, retries: 0 }, { onFirstDigit: () => other.keypad.take() });
    other.press("12");
    await other.clock.advance(5_000);
    expect(await other.result).toEqual({ kind: "no-input", tries: 1 });
    expect(other.clock.pendingTimers).toBe(0);
  });
});

describe("what is broken", () => {
  it.each<[string, unknown, string]>([
    ["no length", {}, "maxLength"],
    ["no sequence at all", { length: 0 }, "length"],
    ["half a digit", { length: 1.5 }, "length"],
    ["a range that ends before it begins", { minLength: 5, maxLength: 4 }, "maxLength"],
    ["a range from nothing", { minLength: 0, maxLength: 4 }, "minLength"],
    ["a length and a range", { length: 4, maxLength: 4 }, "length"],
    ["a terminator that is no digit", { length: 4, terminator: "x" }, "terminator"],
    ["a time before now", { length: 4, interDigitTimeoutMs: -1 }, "interDigitTimeoutMs"],
    ["no time", { length: 4, firstDigitTimeoutMs: Number.NaN }, "firstDigitTimeoutMs"],
    ["endless retries", { length: 4, retries: Number.POSITIVE_INFINITY }, "retries"],
  ])("is refused: %s", async (_, sequence, field) => {
    const { keypad, result } = collecting(sequence as DtmfSequence);
    await expect(result).rejects.toMatchObject({ code: "invalid-option", field });
    keypad.listen(() => {});
  });

  it("is a second listener, and the first goes on", async () => {
    const { clock, keypad, result, press } = collecting({ length: 2 });
    const second = collectDigits({ length: 2 }, { keypad, clock });
    await expect(second).rejects.toMatchObject({ code: "invalid-option", field: "keypad" });
    press("12");
    expect(await result).toMatchObject({ kind: "collected" });
  });

  it.each<[string, DtmfSequence, Partial<DtmfDialogueOptions>]>([
    ["the prompt", { length: 2 }, { prompt: broken }],
    ["the prompt, later", { length: 2 }, { prompt: () => Promise.reject(new Error("broken")) }],
    ["the check", { length: 2, validate: broken }, {}],
    ["the check, later", { length: 2, validate: () => Promise.reject(new Error("broken")) }, {}],
    ["a listener", { length: 2 }, { onFirstDigit: broken }],
    ["another listener", { length: 2, retries: 0, validate: () => false }, { onFailedTry: broken }],
  ])("comes out, and not of press: %s", async (_, sequence, options) => {
    const { clock, keypad, result, press } = collecting(sequence, options);
    await clock.advance(0);
    press("12");
    await expect(result).rejects.toThrow("broken");
    expect(clock.pendingTimers).toBe(0);
    keypad.listen(() => {});
  });
});

function broken(): never {
  throw new Error("broken");
}

describe("1,000 digits at machine speed", () => {
  it.each([1, 3, 7, 8, 250])("are all collected, %i at a time", async (length) => {
    const clock = simulatedClock();
    const keypad = createDtmfKeypad({ clock });
    const pressed = Array.from({ length: 1_000 }, (_, index) => "0123456789*ABCD"[(index * 7) % 15]!).join(
      "",
    );
    let index = 0;
    const pressSome = (count: number): void => {
      for (const end = Math.min(1_000, index + count); index < end; index++) keypad.press(pressed[index]!);
    };
    let collected = "";
    // Some before, some while, some after it listens.
    pressSome(300);
    while (collected.length + length <= 1_000) {
      const result = collectDigits({ length }, { keypad, clock });
      pressSome(Math.max(97, collected.length + length - index));
      const { kind, ...rest } = await result;
      expect(kind).toBe("collected");
      collected += "digits" in rest ? rest.digits : "";
    }
    pressSome(1_000);
    expect(collected + keypad.take()).toBe(pressed);
    expect(clock.pendingTimers).toBe(0);
  });

  it("are each collected, left over, or ended a try, in whatever rhythm", async () => {
    const clock = simulatedClock();
    const keypad = createDtmfKeypad({ clock });
    let seed = 7;
    const random = (below: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((seed / 2_147_483_648) * below);
    };
    let pressed = "";
    let read = "";
    const watched: DtmfKeypad = {
      ...keypad,
      take(count) {
        const taken = keypad.take(count);
        read += taken;
        return taken;
      },
    };
    const sequences: DtmfSequence[] = [
      { length: 8 },
      { minLength: 2, maxLength: 5 },
      { maxLength: 3, terminator: "*" },
    ];
    const end = new AbortController();
    const asking = (async () => {
      for (let round = 0; !end.signal.aborted; round++)
        await collectDigits(sequences[round % 3]!, { keypad: watched, clock, signal: end.signal });
    })();
    for (let index = 0; index < 1_000; index++) {
      const digit = "0123456789"[random(10)]!;
      pressed += digit;
      keypad.press(digit);
      if (random(6) === 0) await clock.advance(random(9_000));
    }
    end.abort();
    await asking;
    expect(read + keypad.take()).toBe(pressed);
    expect(clock.pendingTimers).toBe(0);
  });
});
