import { describe, expect, it } from "vitest";
import { simulatedClock } from "../testing/simulated-clock.ts";
import { createDtmfKeypad } from "./keypad.ts";
import type { DtmfMenuOptions } from "./menu-result.ts";
import type { DtmfMenuTree } from "./menu-tree.ts";
import { runDtmfMenu } from "./run-menu.ts";

type Options = Partial<DtmfMenuOptions<DtmfMenuTree, string>>;

/** Runs menus with everything written down that is told meanwhile. */
function running(menu: DtmfMenuTree, { typed = "", ...options }: Options & { readonly typed?: string } = {}) {
  const clock = simulatedClock();
  const keypad = createDtmfKeypad({ clock });
  const press = (digits: string): void => {
    for (const digit of digits) keypad.press(digit);
  };
  press(typed);
  const events: string[] = [];
  const at = (path: readonly string[]): string => `/${path.join("/")}`;
  const result = runDtmfMenu(menu, {
    keypad,
    clock,
    prompt: ({ path, after }) => void events.push(`prompt ${at(path)} ${after ?? "-"}`),
    onChoice: ({ path, choice }) => events.push(`choice ${at(path)} ${choice}`),
    onFailedTry: ({ path, reason, retriesLeft }) =>
      events.push(`failed ${at(path)} ${reason} ${retriesLeft}`),
    ...options,
  });
  result.catch(() => {});
  return { clock, keypad, events, result, press };
}

const reasons: DtmfMenuTree = {
  "1": "appointment",
  "2": { sequence: "code", length: 4, back: "*" },
  "3": { menu: "billing", keys: { "1": "pay", "2": "ask", "*": "back" }, retries: 0 },
  "*": "back",
  "9": "repeat",
};
const ivr: DtmfMenuTree = {
  "1": { menu: "english", keys: reasons },
  "2": { menu: "spanish", keys: reasons },
  "0": "operator",
  "9": "repeat",
  "*": "back",
};

describe("menus in menus", () => {
  it.each<[string, object, string]>([
    ["0", { kind: "chosen", choice: "operator", path: ["operator"] }, ""],
    ["11", { kind: "chosen", choice: "appointment", path: ["english", "appointment"] }, ""],
    ["231", { kind: "chosen", choice: "pay", path: ["spanish", "billing", "pay"] }, ""],
    ["124711", { kind: "collected", choice: "code", path: ["english", "code"], digits: "4711" }, ""],
    ["124711#5", { kind: "collected", choice: "code", path: ["english", "code"], digits: "4711" }, "5"],
    ["1*21", { kind: "chosen", choice: "appointment", path: ["spanish", "appointment"] }, ""],
    ["13**0", { kind: "chosen", choice: "operator", path: ["operator"] }, ""],
    ["1247*1", { kind: "chosen", choice: "appointment", path: ["english", "appointment"] }, ""],
    ["1#1#", { kind: "chosen", choice: "appointment", path: ["english", "appointment"] }, ""],
    ["*9*0#78", { kind: "chosen", choice: "operator", path: ["operator"] }, "78"],
    ["19991", { kind: "chosen", choice: "appointment", path: ["english", "appointment"] }, ""],
  ])("pressed %s, typed ahead or not, lead to %j", async (digits, expected, left) => {
    for (const typed of ["", digits.slice(0, 1), digits.slice(0, 3), digits]) {
      const { clock, keypad, events, result, press } = running(ivr, { typed });
      press(digits.slice(typed.length));
      expect(await result).toEqual(expected);
      expect([keypad.peek(), clock.pendingTimers]).toEqual([left, 0]);
      if (typed === digits) expect(events.filter((event) => event.startsWith("prompt"))).toEqual([]);
    }
  });

  it("make a choice before press returns, and ask in the next menu", () => {
    const { clock, events, press } = running(ivr);
    press("1");
    expect(events).toEqual(["prompt / -", "choice / english", "prompt /english -"]);
    press("1");
    expect(events.at(-1)).toBe("choice /english appointment");
    expect(clock.pendingTimers).toBe(0);
  });

  it("tell where the caller is, on the way back and when it is repeated", () => {
    const { events, press } = running(ivr);
    press("912*28*");
    expect(events).toEqual([
      "prompt / -",
      "choice / repeat",
      "prompt / -",
      "choice / english",
      "prompt /english -",
      "choice /english code",
      "prompt /english/code -",
      "prompt /english -",
      "choice /english code",
      "prompt /english/code -",
      "prompt /english -",
    ]);
  });

  it("abort the prompt of the menu that is left", () => {
    const signals: AbortSignal[] = [];
    const { press } = running(ivr, {
      prompt: ({ signal }) => {
        signals.push(signal);
        return new Promise(() => {});
      },
    });
    press("1");
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
  });
});

describe("keys that begin like longer ones", () => {
  const menu: DtmfMenuTree = {
    "1": "one",
    "12": "oneTwo",
    "145": "far",
    "4": { menu: "four", keys: { "5": "five" } },
  };

  it("wait the inter-digit time, and choose once at the terminator", async () => {
    const { clock, result, press } = running(menu);
    press("1");
    await clock.advance(1_999);
    expect(clock.pendingTimers).toBe(1);
    await clock.advance(1);
    expect(await result).toMatchObject({ choice: "one" });
    const ended = running(menu);
    ended.press("1#");
    expect(await ended.result).toMatchObject({ choice: "one" });
    expect([ended.keypad.peek(), ended.events]).toEqual(["", ["prompt / -", "choice / one"]]);
    const full = running(menu);
    full.press("12#");
    expect(await full.result).toMatchObject({ choice: "oneTwo" });
    expect(full.keypad.peek()).toBe("");
  });

  it("leave to others what is no part of them", async () => {
    const { keypad, result, press } = running(menu);
    press("147");
    expect(await result).toMatchObject({ choice: "one" });
    expect(keypad.peek()).toBe("47");
  });

  it("take digits to the next menu that are no part of them", async () => {
    const { result, press } = running({
      ...menu,
      "1": { menu: "one", keys: { "4": "four", "47": "fourSeven" } },
    });
    press("147");
    expect(await result).toMatchObject({ path: ["one", "fourSeven"] });
  });

  it.each([
    ["2", "once"],
    ["77", "and each digit by itself is wrong", 2],
    ["#", "the terminator alone"],
  ])("fail a try for %s: %s", (digits, _, tries = 1) => {
    const { events, press } = running(menu);
    press(digits);
    expect(events.filter((event) => event.startsWith("failed"))).toHaveLength(tries);
  });

  it("fail one try for a few digits that belong together", async () => {
    const { clock, events, keypad, press } = running({ "456": "far" });
    press("457");
    press("45");
    await clock.advance(2_000);
    expect(events.filter((event) => event.startsWith("failed"))).toHaveLength(2);
    expect(keypad.peek()).toBe("");
  });
});

describe("a try in a menu that fails", () => {
  it("is asked again, and the last one gives the fallback", async () => {
    const { clock, events, result, press } = running(ivr, { fallback: "operator" });
    press("7");
    await clock.advance(5_000);
    await clock.advance(5_000);
    expect(await result).toEqual({ kind: "fallback", choice: "operator", after: "no-input", path: [] });
    expect(events).toEqual([
      "prompt / -",
      "failed / no-match 2",
      "prompt / no-match",
      "failed / no-input 1",
      "prompt / no-input",
      "failed / no-input 0",
    ]);
    expect(clock.pendingTimers).toBe(0);
  });

  it("says why and where, without a fallback", async () => {
    const { result, press } = running(ivr);
    press("27777");
    expect(await result).toEqual({ kind: "no-match", path: ["spanish"] });
  });

  it("counts anew in each menu, and on the way back", async () => {
    const { result, press, events } = running(ivr);
    press("77177*77277");
    expect(events.filter((event) => event.endsWith(" 0"))).toEqual([]);
    press("7");
    expect(await result).toEqual({ kind: "no-match", path: ["spanish"] });
  });

  it("counts on when it is repeated", async () => {
    const { result, press } = running(ivr);
    press("797979");
    expect(await result).toEqual({ kind: "no-match", path: [] });
  });

  it("of a sequence in it gives the fallback too, and holds none of its digits", async () => {
    const validate = (): boolean => false;
    const menu: DtmfMenuTree = { "1": { sequence: "code", length: 4, validate }, "0": "operator" };
    const { events, result, press } = running(menu, { fallback: "operator", retries: 1 });
    press("147114711");
    expect(await result).toEqual({ kind: "fallback", choice: "operator", after: "no-match", path: ["code"] });
    expect(JSON.stringify([events, await result])).not.toContain("47");
  });

  it("has the times of the nearest that gives them", async () => {
    const options = { retries: 0, firstDigitTimeoutMs: 7_000, interDigitTimeoutMs: 3_000 };
    const menu: DtmfMenuTree = {
      "1": {
        menu: "own",
        keys: { "1": "x", "2": { sequence: "code", length: 4 } },
        firstDigitTimeoutMs: 1_000,
      },
      "2": { sequence: "code", length: 4, interDigitTimeoutMs: 500 },
    };
    const ends = async (digits: string): Promise<number> => {
      const { clock, events, press } = running(menu, options);
      press(digits);
      let ms = 0;
      for (; !events.some((event) => event.startsWith("failed")); ms += 500) await clock.advance(500);
      return ms;
    };
    expect(await ends("")).toBe(7_000);
    expect(await ends("1")).toBe(1_000);
    expect(await ends("12")).toBe(1_000);
    expect(await ends("124")).toBe(3_000);
    expect(await ends("2")).toBe(7_000);
    expect(await ends("24")).toBe(500);
  });
});

describe("the terminator of menus", () => {
  it("is none where a key has it", async () => {
    const { result, press } = running({ "1": { menu: "more", keys: { "#": "pound" } } });
    press("1#");
    expect(await result).toMatchObject({ choice: "pound" });
  });

  it("may be another digit, or none", async () => {
    const star = running({ "1": "one", "12": "oneTwo" }, { terminator: "*" });
    star.press("1*");
    expect(await star.result).toMatchObject({ choice: "one" });
    const none = running({ "1": "one", "12": "oneTwo" }, { terminator: "none" });
    none.press("1#");
    expect(await none.result).toMatchObject({ choice: "one" });
    expect(none.keypad.peek()).toBe("#");
  });
});

describe("menus that are left", () => {
  it("are cancelled, wherever the caller is, and keep what is pressed later", async () => {
    for (const digits of ["", "1", "12", "1247", "77"]) {
      const stop = new AbortController();
      const { clock, keypad, result, press } = running(ivr, { signal: stop.signal });
      press(digits);
      stop.abort();
      press("0");
      expect(await result).toEqual({ kind: "cancelled" });
      expect([keypad.peek(), clock.pendingTimers]).toEqual(["0", 0]);
    }
  });

  it("may be cancelled by a choice, and keep what was typed ahead", async () => {
    const stop = new AbortController();
    const { keypad, result } = running(ivr, {
      typed: "1247",
      signal: stop.signal,
      onChoice: () => stop.abort(),
    });
    expect(await result).toEqual({ kind: "cancelled" });
    expect(keypad.peek()).toBe("247");
  });

  it("let a choice begin the next thing that listens", async () => {
    const { clock, keypad, result, press } = running({ "1": "identify" });
    const next = result.then(() => runDtmfMenu({ "2": "yes" }, { keypad, clock }));
    press("12");
    expect(await next).toMatchObject({ choice: "yes" });
  });

  it("take a digit that a choice presses after it", async () => {
    const clock = simulatedClock();
    const keypad = createDtmfKeypad({ clock });
    const result = runDtmfMenu(ivr, {
      keypad,
      clock,
      onChoice: ({ choice }) => choice === "english" && keypad.press("1"),
    });
    keypad.press("1");
    expect(await result).toMatchObject({ path: ["english", "appointment"] });
  });
});

describe("menus that types could not check", () => {
  const nested = (depth: number): DtmfMenuTree =>
    depth === 0 ? { "1": "end" } : { "1": { menu: "more", keys: nested(depth - 1) } };

  it.each<[string, unknown]>([
    ["nothing", null],
    ["a text", "123"],
    ["a key that is no digit", { x: "a" }],
    ["an empty key", { "": "a" }],
    ["a choice without a name", { "1": "" }],
    ["a choice that is a number", { "1": 1 }],
    ["a menu without keys", { "1": { menu: "more" } }],
    ["a menu without a name", { "1": { menu: "", keys: {} } }],
    ["a menu called back", { "1": { menu: "back", keys: {} } }],
    ["a sequence called repeat", { "1": { sequence: "repeat", length: 1 } }],
    ["a thing that is neither", { "1": { keys: {} } }],
    ["a thing that is both", { "1": { menu: "a", sequence: "b", keys: {}, length: 1 } }],
    ["a wrong key in a menu in a menu", { "1": { menu: "more", keys: { x: "a" } } }],
    ["menus without end", nested(20)],
  ])("are refused: %s", async (_, menu) => {
    await expect(running(menu as DtmfMenuTree).result).rejects.toMatchObject({
      code: "invalid-menu",
      field: "menu",
    });
  });

  it.each<[string, DtmfMenuTree, Options, string]>([
    ["a sequence without a length", { "1": { sequence: "code" } as never }, {}, "maxLength"],
    ["a way back that is the end", { "1": { sequence: "code", length: 4, back: "#" } }, {}, "back"],
    [
      "a time before now in a menu in a menu",
      { "1": { menu: "more", keys: {}, retries: -1 } },
      {},
      "retries",
    ],
    ["a terminator that is a key", ivr, { terminator: "*" }, "terminator"],
    ["a terminator that is no digit", ivr, { terminator: "x" as "#" }, "terminator"],
    ["a fallback that no key leads to", ivr, { fallback: "operatr" }, "fallback"],
    ["a fallback that is a menu", ivr, { fallback: "english" }, "fallback"],
  ])("are refused: %s", async (_, menu, options, field) => {
    await expect(running(menu, options).result).rejects.toMatchObject({ code: "invalid-option", field });
  });

  it("work: names that objects have anyway, and numbers as keys", async () => {
    for (const name of ["constructor", "__proto__", "toString"]) {
      const { result, press } = running({ 1: { menu: name, keys: { "2": name } } });
      press("12");
      expect(await result).toEqual({ kind: "chosen", choice: name, path: [name, name] });
    }
  });
});

describe("1,000 digits at machine speed", () => {
  it("go through the menus, or wait for whoever is next", async () => {
    const clock = simulatedClock();
    const keypad = createDtmfKeypad({ clock });
    const pressed = Array.from(
      { length: 1_000 },
      (_, index) => "0123456789*"[(index * 7 + (index >> 3)) % 11]!,
    ).join("");
    let read = "";
    const watched = {
      ...keypad,
      take(count?: number) {
        const taken = keypad.take(count);
        read += taken;
        return taken;
      },
    };
    let index = 0;
    for (; index < 400; index++) keypad.press(pressed[index]!);
    const kinds = new Set<string>();
    while (index < 1_000 || keypad.peek() !== "") {
      const stop = new AbortController();
      const result = runDtmfMenu(ivr, { keypad: watched, clock, signal: stop.signal });
      for (const end = index + 50; index < 1_000 && index < end; index++) keypad.press(pressed[index]!);
      if (index === 1_000 && keypad.peek().length < 10) stop.abort();
      kinds.add((await result).kind);
    }
    expect(read).toBe(pressed);
    expect(kinds).toContain("collected");
    expect(clock.pendingTimers).toBe(0);
  });
});
