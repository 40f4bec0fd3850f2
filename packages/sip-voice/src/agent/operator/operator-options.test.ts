import { describe, expect, it } from "vitest";
import { type OperatorOptions, operatorPlan } from "./operator-options.ts";

const phoneNumber = "+15105550199";

describe("the operator's options", () => {
  it("are few", () => {
    expect(operatorPlan({ phoneNumber })).toEqual({
      phoneNumber,
      method: "refer",
      openingHours: undefined,
      ringingTimeoutSeconds: 30,
      talkLimitSeconds: 3_600,
      language: "en-US",
    });
  });

  it.each<[string, object]>([
    ["operator.method", { method: "attended" }],
    ["operator.ringingTimeoutSeconds", { ringingTimeoutSeconds: 4 }],
    ["operator.ringingTimeoutSeconds", { ringingTimeoutSeconds: 81 }],
    ["operator.ringingTimeoutSeconds", { ringingTimeoutSeconds: Number.NaN }],
    ["operator.talkLimitSeconds", { talkLimitSeconds: 0 }],
    [
      "operator.openingHours.week.1.0.from",
      { openingHours: { timeZone: "UTC", week: { 1: [{ from: "8" }] } } },
    ],
  ])("are refused for their %s", (field, wrong) => {
    expect(() => operatorPlan({ phoneNumber, ...wrong } as OperatorOptions)).toThrow(
      expect.objectContaining({ code: "invalid-option", field }),
    );
  });

  it("are refused for a number that can't be dialled", () => {
    expect(() => operatorPlan({ phoneNumber: "0199" })).toThrow(
      expect.objectContaining({ code: "invalid-phone-number" }),
    );
  });
});
