import { expectTypeOf, test } from "vitest";
import { type ClinicMenuPlace, defineClinicMenu } from "./clinic-menu.ts";

const reasons = { "1": "talk", "2": "operator" } as const;

test("names the menus whose sentences are to be given, and takes no others", () => {
  type Tree = { "1": { menu: "en-US"; keys: { "1": { menu: "billing"; keys: typeof reasons } } } };
  expectTypeOf<ClinicMenuPlace<Tree>>().toEqualTypeOf<"first" | "en-US" | "en-US/billing">();
  // @ts-expect-error the sentence of the submenu is missing
  defineClinicMenu({ keys: { "1": { menu: "en-US", keys: reasons } }, sentences: { first: {} } });
});

test("takes choices that a call knows, and keys that a telephone has", () => {
  // @ts-expect-error "pay" is no choice of a call
  defineClinicMenu({ keys: { "1": "pay" }, sentences: { first: {} } });
  // @ts-expect-error "x" is no key
  defineClinicMenu({ keys: { x: "talk" }, sentences: { first: {} } });
});
