import { describe, expectTypeOf, it } from "vitest";
import { systemClock } from "../clock.ts";
import { collectDigits, type DigitCollection } from "./collect-digits.ts";
import { createDtmfKeypad } from "./keypad.ts";
import type { DtmfChosen, DtmfCollected, DtmfLeaf, DtmfMenuTree, DtmfName, DtmfPlace } from "./menu-tree.ts";
import { runDtmfMenu } from "./run-menu.ts";

const options = { keypad: createDtmfKeypad({ clock: systemClock }), clock: systemClock };
const reasons = {
  "1": "appointment",
  "2": { sequence: "code", length: 6, back: "*" },
  "*": "back",
  "0": "operator",
} as const;
const ivr = {
  "1": { menu: "english", keys: reasons, retries: 1 },
  "2": { menu: "spanish", keys: { "1": "cita" } },
  "9": "repeat",
  "0": "operator",
} as const;

type Leaves =
  | DtmfChosen<"appointment", readonly ["english", "appointment"]>
  | DtmfCollected<"code", readonly ["english", "code"]>
  | DtmfChosen<"operator", readonly ["english", "operator"]>
  | DtmfChosen<"cita", readonly ["spanish", "cita"]>
  | DtmfChosen<"operator", readonly ["operator"]>;

describe("the types of menus in menus", () => {
  it("know what they end with, where they ask and every name, from the literal", () => {
    expectTypeOf<DtmfLeaf<typeof ivr>>().toEqualTypeOf<Leaves>();
    expectTypeOf<DtmfPlace<typeof ivr>>().toEqualTypeOf<
      readonly [] | readonly ["english"] | readonly ["english", "code"] | readonly ["spanish"]
    >();
    expectTypeOf<DtmfName<typeof ivr>>().toEqualTypeOf<
      "appointment" | "code" | "back" | "operator" | "english" | "spanish" | "cita" | "repeat"
    >();
  });

  it("narrow a result by its kind and choice, also without `as const`", async () => {
    const result = await runDtmfMenu(
      {
        "1": { menu: "dateOfBirth", keys: { "1": { sequence: "us", length: 8 }, "2": "skip" } },
        "0": "operator",
      },
      options,
    );
    expectTypeOf(result.kind).toEqualTypeOf<"chosen" | "collected" | "no-input" | "no-match" | "cancelled">();
    if (result.kind === "collected") {
      expectTypeOf(result.choice).toEqualTypeOf<"us">();
      expectTypeOf(result.path).toEqualTypeOf<readonly ["dateOfBirth", "us"]>();
      expectTypeOf(result.digits).toEqualTypeOf<string>();
    }
    if (result.kind === "chosen") {
      expectTypeOf(result.choice).toEqualTypeOf<"skip" | "operator">();
      // @ts-expect-error only a sequence has digits
      result.digits;
      // @ts-expect-error a typo of "operator"
      if (result.choice === "operatr") return;
    }
    // @ts-expect-error what failed has no choice
    if (result.kind === "no-input") result.choice;
  });

  it("put the fallback in the place of what failed", async () => {
    const result = await runDtmfMenu(ivr, { ...options, fallback: "operator" });
    expectTypeOf(result.kind).toEqualTypeOf<"chosen" | "collected" | "fallback" | "cancelled">();
    if (result.kind === "fallback") {
      expectTypeOf(result.choice).toEqualTypeOf<"operator">();
      expectTypeOf(result.after).toEqualTypeOf<"no-input" | "no-match">();
    }
  });

  it("tell listeners the names and places", () => {
    void runDtmfMenu(ivr, {
      ...options,
      prompt: ({ path, signal }) => {
        expectTypeOf(path).toEqualTypeOf<DtmfPlace<typeof ivr>>();
        expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
      },
      onChoice: ({ choice }) => {
        expectTypeOf(choice).toEqualTypeOf<DtmfName<typeof ivr>>();
        // @ts-expect-error a typo of "spanish"
        if (choice === "spansh") return;
      },
    });
  });

  it("take a check, and know that it gets digits", () => {
    void runDtmfMenu(
      {
        "1": {
          sequence: "code",
          minLength: 4,
          maxLength: 6,
          validate: (digits) => {
            expectTypeOf(digits).toEqualTypeOf<string>();
            return digits !== "0000";
          },
        },
      },
      options,
    );
  });

  it("take menus that only running can know", async () => {
    const result = await runDtmfMenu({ "1": "a" } as DtmfMenuTree, { ...options, fallback: "any" });
    expectTypeOf(result.kind).toEqualTypeOf<"chosen" | "collected" | "fallback" | "cancelled">();
  });

  it("refuse menus that cannot work", () => {
    // @ts-expect-error x is no digit
    void runDtmfMenu({ x: "a" }, options);
    // @ts-expect-error nor is it in a menu in a menu
    void runDtmfMenu({ "1": { menu: "more", keys: { "1x": "a" } } }, options);
    // @ts-expect-error a choice is a text
    void runDtmfMenu({ "1": 1 }, options);
    // @ts-expect-error a menu has keys
    void runDtmfMenu({ "1": { menu: "more" } }, options);
    // @ts-expect-error a typo of keys
    void runDtmfMenu({ "1": { menu: "more", kyes: { "1": "a" } } }, options);
    // @ts-expect-error a typo of retries
    void runDtmfMenu({ "1": { menu: "more", keys: { "1": "a" }, retrys: 1 } }, options);
    // @ts-expect-error a typo of length
    void runDtmfMenu({ "1": { sequence: "code", lenght: 4 } }, options);
    // @ts-expect-error a typo of terminator
    void runDtmfMenu({ "1": { sequence: "code", length: 4, terminater: "#" } }, options);
    // @ts-expect-error a sequence has a length
    void runDtmfMenu({ "1": { sequence: "code" } }, options);
    // @ts-expect-error a reserved name
    void runDtmfMenu({ "1": { menu: "back", keys: { "1": "a" } } }, options);
    // @ts-expect-error a reserved name
    void runDtmfMenu({ "1": { sequence: "repeat", length: 4 } }, options);
  });

  it("refuse a fallback that no key leads to", () => {
    // @ts-expect-error a typo of "operator"
    void runDtmfMenu(ivr, { ...options, fallback: "operatr" });
    // @ts-expect-error a menu is no choice
    void runDtmfMenu(ivr, { ...options, fallback: "english" });
    // @ts-expect-error nor is the way back
    void runDtmfMenu(ivr, { ...options, fallback: "back" });
  });
});

describe("the types of a sequence", () => {
  it("give a result by its kind, with digits only where they were collected", async () => {
    const result = await collectDigits({ length: 8 }, options);
    expectTypeOf(result).toEqualTypeOf<DigitCollection>();
    if (result.kind === "collected") expectTypeOf(result.digits).toEqualTypeOf<string>();
    // @ts-expect-error what failed has no digits
    if (result.kind === "no-match") result.digits;
    // @ts-expect-error a typo of "no-input"
    if (result.kind === "noinput") return;
  });

  it("refuse a sequence that cannot be", () => {
    // @ts-expect-error without a length
    void collectDigits({}, options);
    // @ts-expect-error with a length and a range
    void collectDigits({ length: 4, maxLength: 5 }, options);
    // @ts-expect-error with a range that has no end
    void collectDigits({ minLength: 4 }, options);
    // @ts-expect-error with a typo
    void collectDigits({ length: 4, terminater: "#" }, options);
    // @ts-expect-error with a terminator that is no digit
    void collectDigits({ length: 4, terminator: "x" }, options);
    // @ts-expect-error with a way back from nowhere
    void collectDigits({ length: 4, back: "*" }, options);
    // @ts-expect-error without a clock
    void collectDigits({ length: 4 }, { keypad: options.keypad });
  });
});
