import { describe, expect, it } from "vitest";
import { spokenNumber } from "./spoken-number.ts";

describe("spokenNumber", () => {
  it.each([
    { number: "+17205550174", said: "7 2 0, 5 5 5, 0 1 7 4" },
    { number: "911", said: "9 1 1" },
    { number: "+97145550100", said: "9 7 1, 4 5 5, 5 0 1, 0 0" },
    { number: "999", said: "9 9 9" },
    { number: "", said: "" },
  ])("says $number digit by digit", ({ number, said }) => {
    expect(spokenNumber(number, "en-US")).toBe(said);
  });

  it("says it in words in Arabic, whose voices would make one number of the digits", () => {
    expect(spokenNumber("911", "ar-XA")).toBe("تسعة واحد واحد");
    expect(spokenNumber("+17205550174", "ar-XA").split("،")).toHaveLength(3);
  });
});
