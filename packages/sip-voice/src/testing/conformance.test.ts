import { expect, it } from "vitest";
import { memoryLedger } from "../outbound/memory-ledger.ts";
import { testLedger } from "./ledger-suite.ts";

const make = () => ({ port: memoryLedger() });

it("refuses to skip a case that there is not, or without a reason", () => {
  expect(() => testLedger("skips", make, { skip: { "reserves a new atempt": "typo" } })).toThrow(
    "has no case",
  );
  expect(() => testLedger("skips", make, { skip: { "reserves a new attempt": " " } })).toThrow("Say why");
});
