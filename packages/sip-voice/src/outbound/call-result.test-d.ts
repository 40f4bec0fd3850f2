import { describe, expectTypeOf, it } from "vitest";
import type { DialOutcomeName } from "../sip/dial-outcome.ts";
import type { AnsweredCall, CallResult, EndedCall, RefusedCall } from "./call-result.ts";

describe("the result of a call", () => {
  it("has exactly the outcomes of the table", () => {
    expectTypeOf<CallResult["outcome"]>().toEqualTypeOf<DialOutcomeName>();
  });

  it("is told apart by its outcome", () => {
    expectTypeOf<CallResult & { outcome: "answered" }>().toExtend<AnsweredCall>();
    const told = (result: CallResult): void => {
      if (result.outcome === "answered") expectTypeOf(result.ended).toEqualTypeOf<Promise<EndedCall>>();
      else if (result.outcome === "refused-by-policy") expectTypeOf(result).toEqualTypeOf<RefusedCall>();
      else expectTypeOf(result.sipStatus).toEqualTypeOf<number | undefined>();
      // @ts-expect-error only an answered call can be hung up
      void result.hangUp;
    };
    expectTypeOf(told).returns.toBeVoid();
  });

  it("makes a switch exhaustive", () => {
    const inWords = (result: CallResult): string => {
      switch (result.outcome) {
        case "answered":
        case "busy":
        case "no-answer":
        case "declined":
        case "invalid-number":
        case "trunk-capacity":
        case "trunk-refused":
        case "unreachable":
        case "agent-unavailable":
        case "refused-by-policy":
        case "cancelled":
        case "unknown":
          return result.retry;
      }
    };
    expectTypeOf(inWords).returns.toBeString();
  });
});
