import { describe, expect, it } from "vitest";
import { redact } from "../log/redactor.ts";
import { simulatedClock } from "../testing/simulated-clock.ts";
import { createDtmfKeypad, type DtmfKeypad } from "./keypad.ts";
import { createDtmfRouter } from "./router.ts";

function press(keypad: DtmfKeypad, digits: string): void {
  for (const digit of digits) keypad.press(digit);
}

const taken = expect.objectContaining({ code: "invalid-option", field: "keypad" });

describe("a keypad", () => {
  it("keeps digits in their order until someone takes them", () => {
    const keypad = createDtmfKeypad({ clock: simulatedClock() });
    press(keypad, "12*#");
    expect(keypad.peek()).toBe("12*#");
    expect(keypad.take(2)).toBe("12");
    expect(keypad.take(0)).toBe("");
    press(keypad, "3");
    expect(keypad.take()).toBe("*#3");
    expect(keypad.take()).toBe("");
  });

  it.each(["", "12", "x", "１"])("refuses '%s' as a digit and goes on working", (digit) => {
    const keypad = createDtmfKeypad({ clock: simulatedClock() });
    expect(() => keypad.press(digit)).toThrow(expect.objectContaining({ code: "invalid-digit" }));
    press(keypad, "1");
    expect(keypad.peek()).toBe("1");
  });

  it("tells its one listener of each press before press returns", () => {
    const keypad = createDtmfKeypad({ clock: simulatedClock() });
    const seen: string[] = [];
    const stop = keypad.listen(() => seen.push(keypad.peek()));
    press(keypad, "12");
    expect(() => keypad.listen(() => {})).toThrow(taken);
    stop();
    press(keypad, "3");
    expect(seen).toEqual(["1", "12"]);
    keypad.listen(() => seen.push(keypad.take()));
    stop();
    press(keypad, "4");
    expect(seen.at(-1)).toBe("1234");
  });

  it("shows its digits to nobody who prints it", () => {
    const keypad = createDtmfKeypad({ clock: simulatedClock() });
    press(keypad, "4711");
    expect(JSON.stringify([keypad, redact({ keypad })])).not.toContain("4711");
  });
});

describe("the terminator of what was taken", () => {
  it.each([
    ["waits already", "#5", 0, "", "5"],
    ["comes in time", "", 2_000, "#5", "5"],
    ["comes too late", "", 2_001, "#5", "#5"],
    ["comes twice", "", 0, "##", "#"],
    ["comes after another digit that waits", "5#", 0, "#", "5##"],
    ["comes after another digit", "", 0, "5#", "5#"],
  ])("is absorbed right after it: %s", async (_, typed, afterMs, pressed, left) => {
    const clock = simulatedClock();
    const keypad = createDtmfKeypad({ clock });
    press(keypad, typed);
    keypad.absorb("#", 2_000);
    await clock.advance(afterMs);
    press(keypad, pressed);
    expect(keypad.peek()).toBe(left);
    expect(clock.pendingTimers).toBe(0);
  });
});

describe("a keypad that feeds a router", () => {
  const menu = { "1": "confirm", "2": "identify" } as const;

  it("gives what was typed before, then every press, until it is stopped", () => {
    const clock = simulatedClock();
    const keypad = createDtmfKeypad({ clock });
    const router = createDtmfRouter(menu, { clock });
    const selections: string[] = [];
    router.onAny(({ digits }) => selections.push(digits));
    press(keypad, "12");
    const stop = keypad.feed(router);
    press(keypad, "3");
    expect(() => keypad.feed(router)).toThrow(taken);
    stop();
    press(keypad, "4");
    expect([selections.join(""), keypad.peek()]).toEqual(["123", "4"]);
  });

  it.each(["1203071984", ""])(
    "leaves the rest to others when a choice stops it; typed ahead: '%s'",
    (typed) => {
      const clock = simulatedClock();
      const keypad = createDtmfKeypad({ clock });
      const router = createDtmfRouter(menu, { clock });
      const feeding = new AbortController();
      router.on("identify", () => feeding.abort());
      press(keypad, typed);
      keypad.feed(router, feeding.signal);
      press(keypad, "1203071984".slice(typed.length));
      expect(keypad.peek()).toBe("03071984");
      keypad.feed(router, feeding.signal);
      expect(keypad.peek()).toBe("03071984");
      keypad.listen(() => {});
    },
  );

  it("leaves the rest to others when it is stopped while several are given", () => {
    const keypad = createDtmfKeypad({ clock: simulatedClock() });
    const given: string[] = [];
    const stop = keypad.feed({
      push(digit) {
        given.push(digit);
        if (digit === "1") press(keypad, "234");
        if (digit === "2") stop();
      },
    });
    press(keypad, "1");
    expect([given.join(""), keypad.peek()]).toEqual(["12", "34"]);
  });

  it("keeps the order of a digit that a choice presses", () => {
    const clock = simulatedClock();
    const keypad = createDtmfKeypad({ clock });
    const router = createDtmfRouter(menu, { clock });
    const selections: string[] = [];
    router.onAny(({ digits }) => selections.push(digits));
    router.on("confirm", () => keypad.press("9"));
    keypad.feed(router);
    press(keypad, "12");
    // A choice's own listener comes before that of any: what it presses is chosen first.
    expect(selections).toEqual(["9", "1", "2"]);
  });
});
