import { expect, test } from "vitest";
import { ClaimTally, claimsText, holds } from "./claim.ts";

test("a claim that held every time", () => {
  const tally = new ClaimTally("Nobody is rung twice.");
  tally.try(true, "rung twice");
  tally.try(true, "rung twice");
  tally.note("longest 3 s");
  expect(tally.result()).toEqual({
    claim: "Nobody is rung twice.",
    tried: 2,
    held: 2,
    evidence: "longest 3 s",
  });
  expect(holds(tally.result())).toBe(true);
  expect(claimsText([tally.result()])).toBe("HOLDS  2 of 2: Nobody is rung twice.\n       longest 3 s");
});

test("one failure is enough, and is told", () => {
  const tally = new ClaimTally("Nobody is rung twice.");
  tally.try(true, "");
  tally.try(false, "call 2 rang twice");
  tally.note("2 calls");
  expect(tally.result()).toMatchObject({ tried: 2, held: 1, evidence: "call 2 rang twice; 2 calls" });
  expect(holds(tally.result())).toBe(false);
  expect(claimsText([tally.result()])).toContain("FAILS  1 of 2");
});

test("many failures are counted, not all told", () => {
  const tally = new ClaimTally("It works.");
  for (let call = 1; call <= 8; call++) tally.try(false, `call ${call}`);
  expect(tally.result().evidence).toBe("call 1; call 2; call 3; call 4; call 5; and 3 more failures");
});

test("what was never tried does not hold", () => {
  const claim = new ClaimTally("It works.").result();
  expect(holds(claim)).toBe(false);
  expect(claimsText([claim])).toBe("NEVER TRIED 0 of 0: It works.");
});
