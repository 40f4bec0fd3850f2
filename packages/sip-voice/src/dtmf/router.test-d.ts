import { describe, expectTypeOf, it } from "vitest";
import { systemClock } from "../clock.ts";
import type { DtmfChoice, DtmfKeysOf } from "./menu.ts";
import { createDtmfRouter, type DtmfSelection } from "./router.ts";

const options = { clock: systemClock };
const menu = { "1": "confirm", "3": "confirm", "2": "reschedule", "*9": "optOut" } as const;

describe("a menu's types", () => {
  it("know the choices and their digits from the literal", () => {
    expectTypeOf<DtmfChoice<typeof menu>>().toEqualTypeOf<"confirm" | "reschedule" | "optOut">();
    expectTypeOf<DtmfKeysOf<typeof menu, "confirm">>().toEqualTypeOf<"1" | "3">();
    expectTypeOf<DtmfKeysOf<typeof menu, "optOut">>().toEqualTypeOf<"*9">();
  });

  it("give listeners the choice and the digits as literals, also without `as const`", () => {
    const router = createDtmfRouter({ "1": "confirm", "2": "reschedule" }, options);
    router.on("confirm", (selection) => {
      expectTypeOf(selection).toEqualTypeOf<DtmfSelection<"confirm", "1">>();
      expectTypeOf(selection.digits).toEqualTypeOf<"1">();
    });
    createDtmfRouter(menu, options).on("confirm", ({ digits }) =>
      expectTypeOf(digits).toEqualTypeOf<"1" | "3">(),
    );
  });

  it("give `unmapped` any text, and `onAny` every choice", () => {
    const router = createDtmfRouter(menu, options);
    router.on("unmapped", (selection) =>
      expectTypeOf(selection).toEqualTypeOf<DtmfSelection<"unmapped", string>>(),
    );
    router.onAny((selection) => {
      expectTypeOf(selection.choice).toEqualTypeOf<"confirm" | "reschedule" | "optOut" | "unmapped">();
      expectTypeOf(selection.digits).toEqualTypeOf<string>();
    });
  });

  it("let a listening be ended", () => {
    expectTypeOf(createDtmfRouter(menu, options).on("optOut", () => {})).toEqualTypeOf<() => void>();
  });

  it("refuse a choice that the menu does not have", () => {
    const router = createDtmfRouter(menu, options);
    // @ts-expect-error a typo of "confirm"
    router.on("confrim", () => {});
    // @ts-expect-error a digit is not a choice
    router.on("1", () => {});
  });

  it("refuse digits that cannot be", () => {
    createDtmfRouter(menu, options).on("confirm", ({ digits }) => {
      // @ts-expect-error the digits of "confirm" are 1 and 3
      if (digits === "2") return;
    });
  });

  it("refuse a menu that cannot work", () => {
    // @ts-expect-error x is no digit
    createDtmfRouter({ x: "confirm" }, options);
    // @ts-expect-error the end of a sequence is no digit
    createDtmfRouter({ "1x": "confirm" }, options);
    // @ts-expect-error an empty key
    createDtmfRouter({ "": "confirm" }, options);
    // @ts-expect-error a lower-case letter is no digit
    createDtmfRouter({ a: "confirm" }, options);
    // @ts-expect-error `unmapped` is reserved
    createDtmfRouter({ "1": "unmapped" }, options);
    // @ts-expect-error a choice is a text
    createDtmfRouter({ "1": 1 }, options);
  });

  it("take numbers as keys, and every digit", () => {
    const router = createDtmfRouter({ 1: "confirm", "*": "star", "#": "pound", A: "a", "0D": "d" }, options);
    router.on("confirm", ({ digits }) => expectTypeOf(digits).toEqualTypeOf<"1">());
    router.on("d", ({ digits }) => expectTypeOf(digits).toEqualTypeOf<"0D">());
  });

  it("need a clock", () => {
    // @ts-expect-error without a clock there is no time
    createDtmfRouter(menu, {});
  });
});
