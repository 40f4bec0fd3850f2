import { describe, expect, it } from "vitest";
import { type ClinicMenu, defineClinicMenu, menuKeys, menuSentences } from "./clinic-menu.ts";

const reasons = { "1": "talk", "2": "operator", "*": "back" } as const;
const menu = defineClinicMenu({
  keys: {
    "1": { menu: "en-US", keys: reasons },
    "2": { menu: "ar-XA", keys: { ...reasons, "0": "call-back" } },
  },
  sentences: {
    first: { "en-US": "English 1", "ar-XA": "Arabic 2" },
    "en-US": { "en-US": "reasons" },
    "ar-XA": { "ar-XA": "reasons in Arabic" },
  },
});

/** A menu as a file could have it, which no compiler has seen. */
const fromFile =
  (given: object): (() => ClinicMenu) =>
  () =>
    defineClinicMenu(given as Parameters<typeof defineClinicMenu>[0]);

describe("a clinic's menu", () => {
  it("has the keys 0 and 9 in every menu that gives them no other meaning", () => {
    expect(menuKeys(menu.keys)).toEqual({
      "0": "operator",
      "1": { menu: "en-US", keys: { ...reasons, "0": "operator", "9": "opt-out" } },
      "2": { menu: "ar-XA", keys: { ...reasons, "0": "call-back", "9": "opt-out" } },
      "9": "opt-out",
    });
  });

  it("is said in every language at first, and further in the one that is spoken, or in what there is", () => {
    const spoken = (path: string[], language: "en-US" | "ar-XA") =>
      menuSentences(menu, path, language).map(({ text }) => text);
    expect(spoken([], "ar-XA")).toEqual(["English 1", "Arabic 2"]);
    expect(spoken(["ar-XA"], "ar-XA")).toEqual(["reasons in Arabic"]);
    expect(spoken(["en-US"], "ar-XA")).toEqual(["reasons"]);
  });

  it.each([
    {
      what: "a choice that nobody knows",
      given: { keys: { "1": "pay" }, sentences: { first: { "en-US": "x" } } },
      field: "keys",
    },
    {
      what: "a menu without a sentence",
      given: { keys: { "1": { menu: "en-US", keys: reasons } }, sentences: { first: { "en-US": "x" } } },
      field: "sentences.en-US",
    },
    {
      what: "a key that is none",
      given: { keys: { x: "talk" }, sentences: { first: { "en-US": "x" } } },
      field: "menu",
    },
    { what: "no keys", given: { keys: 1, sentences: {} }, field: "menu" },
  ])("with $what is refused", ({ given, field }) => {
    expect(fromFile(given)).toThrow(expect.objectContaining({ code: "invalid-menu", field }));
  });
});
