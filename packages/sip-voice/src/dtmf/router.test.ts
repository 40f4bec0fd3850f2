import { describe, expect, it } from "vitest";
import { simulatedClock } from "../testing/simulated-clock.ts";
import { checkDtmfMenu } from "./menu.ts";
import { createDtmfRouter, type DtmfRouter } from "./router.ts";

/** Writes down what was selected, as `choice:digits`. */
function heard(router: Pick<DtmfRouter<Record<string, string>>, "onAny">): string[] {
  const selections: string[] = [];
  router.onAny(({ choice, digits }) => selections.push(`${choice}:${digits}`));
  return selections;
}

function press(router: { push(digit: string): void }, digits: string): void {
  for (const digit of digits) router.push(digit);
}

const single = { "1": "confirm", "2": "reschedule", "0": "operator", "9": "optOut" } as const;

describe("a menu of single digits", () => {
  it("makes the choice before push returns, and leaves no timer", () => {
    const clock = simulatedClock();
    const router = createDtmfRouter(single, { clock });
    let confirmed = "";
    router.on("confirm", ({ choice, digits }) => {
      confirmed = `${choice}:${digits}`;
    });
    router.push("1");
    expect(confirmed).toBe("confirm:1");
    expect(clock.pendingTimers).toBe(0);
  });

  it.each([..."345678*#ABCD"])("gives %s, which it does not know, as unmapped at once", (digit) => {
    const router = createDtmfRouter(single, { clock: simulatedClock() });
    const selections = heard(router);
    const unmapped: string[] = [];
    router.on("unmapped", ({ digits }) => unmapped.push(digits));
    router.push(digit);
    expect(selections).toEqual([`unmapped:${digit}`]);
    expect(unmapped).toEqual([digit]);
  });

  it("calls only the listeners of the choice, and each choice's own before those of any", () => {
    const router = createDtmfRouter(single, { clock: simulatedClock() });
    const order: string[] = [];
    router.onAny(() => order.push("any"));
    router.on("operator", () => order.push("operator"));
    router.on("confirm", () => order.push("confirm"));
    router.push("0");
    expect(order).toEqual(["operator", "any"]);
  });

  it("stops calling a listener that has ended its listening, and only that one", () => {
    const router = createDtmfRouter(single, { clock: simulatedClock() });
    const calls: string[] = [];
    const stop = router.on("confirm", () => calls.push("first"));
    router.on("confirm", () => calls.push("second"));
    stop();
    stop();
    router.push("1");
    expect(calls).toEqual(["second"]);
  });

  it.each(["", "11", "x", "１"])("refuses '%s' as a digit and goes on working", (digit) => {
    const router = createDtmfRouter(single, { clock: simulatedClock() });
    const selections = heard(router);
    expect(() => router.push(digit)).toThrow(expect.objectContaining({ code: "invalid-digit" }));
    router.push("1");
    expect(selections).toEqual(["confirm:1"]);
  });

  it("loses none of 1,000 digits at machine speed and keeps their order", () => {
    const router = createDtmfRouter(single, { clock: simulatedClock() });
    const pressed = Array.from({ length: 1_000 }, (_, index) => "0123456789*#ABCD"[(index * 7) % 16]!);
    const selections = heard(router);
    press(router, pressed.join(""));
    expect(selections.map((one) => one.split(":")[1])).toEqual(pressed);
  });
});

describe("a menu with sequences", () => {
  const menu = {
    "1": "one",
    "12": "oneTwo",
    "123": "oneTwoThree",
    "4*": "fourStar",
    "*9": "secret",
  } as const;

  it("ends a sequence early at its full length", () => {
    const clock = simulatedClock();
    const router = createDtmfRouter(menu, { clock });
    const selections = heard(router);
    press(router, "123");
    expect(selections).toEqual(["oneTwoThree:123"]);
    expect(clock.pendingTimers).toBe(0);
  });

  it("waits the inter-digit time for a longer one, then takes what there is", async () => {
    const clock = simulatedClock();
    const router = createDtmfRouter(menu, { clock, interDigitTimeoutMs: 1_500 });
    const selections = heard(router);
    router.push("1");
    await clock.advance(1_499);
    expect(selections).toEqual([]);
    await clock.advance(1);
    expect(selections).toEqual(["one:1"]);
    expect(clock.pendingTimers).toBe(0);
  });

  it("waits 2 seconds unless told otherwise, anew after each digit", async () => {
    const clock = simulatedClock();
    const router = createDtmfRouter(menu, { clock });
    const selections = heard(router);
    router.push("1");
    await clock.advance(1_900);
    router.push("2");
    await clock.advance(1_999);
    expect(selections).toEqual([]);
    await clock.advance(1);
    expect(selections).toEqual(["oneTwo:12"]);
  });

  it.each([
    ["15", ["one:1", "unmapped:5"], "the digit that breaks the sequence is no part of it"],
    ["14*", ["one:1", "fourStar:4*"], "and may begin another"],
    ["125", ["oneTwo:12", "unmapped:5"], "the longest one that fits is taken"],
    ["124*", ["oneTwo:12", "fourStar:4*"], "also before another sequence"],
    ["45", ["unmapped:4", "unmapped:5"], "the beginning of a sequence alone is unmapped"],
    ["44*", ["unmapped:4", "fourStar:4*"], "one digit at a time"],
    ["123123", ["oneTwoThree:123", "oneTwoThree:123"], "a sequence may come again"],
  ])("pressed %s: %j; %s", (digits, expected) => {
    const clock = simulatedClock();
    const router = createDtmfRouter(menu, { clock });
    const selections = heard(router);
    press(router, digits);
    expect(selections).toEqual(expected);
    expect(clock.pendingTimers).toBe(0);
  });

  it("gives each digit of an unfinished sequence as unmapped when time runs out", async () => {
    const clock = simulatedClock();
    const router = createDtmfRouter({ "456": "far" }, { clock });
    const selections = heard(router);
    press(router, "45");
    await clock.advance(2_000);
    expect(selections).toEqual(["unmapped:4", "unmapped:5"]);
  });

  it("loses no digit, whatever is pressed in whatever rhythm", async () => {
    const clock = simulatedClock();
    const router = createDtmfRouter(menu, { clock });
    let seed = 42;
    const random = (below: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((seed / 2_147_483_648) * below);
    };
    let taken = "";
    router.onAny(({ choice, digits }) => {
      taken += digits;
      const known = (menu as Record<string, string>)[digits];
      expect(choice).toBe(known ?? "unmapped");
      if (!known) expect(digits).toHaveLength(1);
    });
    let pressed = "";
    for (let index = 0; index < 1_000; index++) {
      const digit = "1239*4#5"[random(8)]!;
      pressed += digit;
      router.push(digit);
      if (random(20) === 0) await clock.advance(random(3_000));
    }
    await clock.advance(2_000);
    expect(taken).toBe(pressed);
  });

  it("forgets waiting digits and their timer on reset", async () => {
    const clock = simulatedClock();
    const router = createDtmfRouter(menu, { clock });
    const selections = heard(router);
    press(router, "12");
    router.reset();
    expect(clock.pendingTimers).toBe(0);
    await clock.advance(10_000);
    router.push("3");
    expect(selections).toEqual(["unmapped:3"]);
  });

  it("takes a digit that a listener presses, and leaves one timer at most", async () => {
    const clock = simulatedClock();
    const router = createDtmfRouter(menu, { clock });
    const selections = heard(router);
    router.on("fourStar", () => router.push("1"));
    press(router, "4*");
    expect(selections).toEqual(["fourStar:4*"]);
    expect(clock.pendingTimers).toBe(1);
    router.push("2");
    await clock.advance(2_000);
    expect(selections).toEqual(["fourStar:4*", "oneTwo:12"]);
  });

  it("waits anew for a digit that a listener presses when time has run out", async () => {
    const clock = simulatedClock();
    const router = createDtmfRouter(menu, { clock });
    const selections = heard(router);
    const stop = router.on("one", () => {
      stop();
      router.push("1");
    });
    router.push("1");
    await clock.advance(2_000);
    expect(selections).toEqual(["one:1"]);
    router.push("2");
    await clock.advance(2_000);
    expect(selections).toEqual(["one:1", "oneTwo:12"]);
  });

  it("may be reset by a listener while digits wait", () => {
    const clock = simulatedClock();
    const router = createDtmfRouter(menu, { clock });
    const selections = heard(router);
    router.on("one", () => router.reset());
    press(router, "15");
    expect(selections).toEqual(["one:1"]);
    expect(clock.pendingTimers).toBe(0);
  });
});

describe("a menu with a terminator", () => {
  const menu = { "1": "one", "12": "oneTwo", "4*": "fourStar" } as const;

  it.each([
    ["1#", ["one:1"], "ends what waits and chooses once"],
    ["12#", ["oneTwo:12"], "belongs to a full sequence too"],
    ["1#1#", ["one:1", "one:1"], "each time"],
    ["1##", ["one:1", "unmapped:#"], "a second one is a digit of its own"],
    ["#", ["unmapped:#"], "alone is a digit"],
    ["7#", ["unmapped:7", "unmapped:#"], "after a digit without a meaning as well"],
    ["4#", ["unmapped:4"], "ends an unfinished sequence"],
    ["125#", ["oneTwo:12", "unmapped:5", "unmapped:#"], "belongs to the digit right before it only"],
  ])("pressed %s: %j; it %s", (digits, expected) => {
    const clock = simulatedClock();
    const router = createDtmfRouter(menu, { clock, terminator: "#" });
    const selections = heard(router);
    press(router, digits);
    expect(selections).toEqual(expected);
    expect(clock.pendingTimers).toBe(0);
  });

  it("takes it as a digit when it comes too late, or after a reset", async () => {
    const clock = simulatedClock();
    const router = createDtmfRouter(menu, { clock, terminator: "#" });
    const selections = heard(router);
    press(router, "12");
    await clock.advance(2_000);
    press(router, "#12");
    await clock.advance(2_001);
    press(router, "#12");
    router.reset();
    press(router, "#");
    expect(selections).toEqual(["oneTwo:12", "oneTwo:12", "unmapped:#", "oneTwo:12", "unmapped:#"]);
  });

  it.each(["*", "x", "", "##"])("refuses '%s', which is a part of a key or no digit", (terminator) => {
    expect(() => createDtmfRouter(menu, { clock: simulatedClock(), terminator: terminator as "#" })).toThrow(
      expect.objectContaining({ code: "invalid-option", field: "terminator" }),
    );
  });
});

describe("a menu that types could not check", () => {
  it.each<[string, unknown]>([
    ["an empty key", { "": "confirm" }],
    ["a key that is not a digit", { x: "confirm" }],
    ["a key with a digit and something else", { "1 ": "confirm" }],
    ["a lower-case letter", { a: "confirm" }],
    ["the reserved choice", { "1": "unmapped" }],
    ["an empty choice", { "1": "" }],
    ["a choice that is not a text", { "1": 5 }],
    ["a choice that is missing", { "1": null }],
    ["no menu", null],
    ["a text", "123"],
  ])("is refused: %s", (_, menu) => {
    const refusal = expect.objectContaining({ code: "invalid-menu", field: "menu" });
    expect(() => checkDtmfMenu(menu as never)).toThrow(refusal);
    expect(() => createDtmfRouter(menu as never, { clock: simulatedClock() })).toThrow(refusal);
  });

  it.each<[string, Record<string, string>]>([
    ["all digits", Object.fromEntries([..."0123456789*#ABCD"].map((digit) => [digit, `key ${digit}`]))],
    ["two keys for one choice", { "1": "confirm", "3": "confirm" }],
    ["names that objects have anyway", { "1": "constructor", "2": "__proto__", "3": "toString" }],
    ["nothing", {}],
  ])("works: %s", (_, menu) => {
    const router = createDtmfRouter(menu as Record<never, string>, { clock: simulatedClock() });
    const selections = heard(router as never);
    press(router, Object.keys(menu).join(""));
    expect(selections).toEqual(Object.entries(menu).map(([digits, choice]) => `${choice}:${digits}`));
  });
});
