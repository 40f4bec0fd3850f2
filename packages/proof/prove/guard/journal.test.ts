import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { GuardJournal } from "./journal.ts";
import type { SeenFailure } from "./tried-failure.ts";

const folder = mkdtempSync(join(tmpdir(), "guard-journal-"));
afterAll(() => rmSync(folder, { recursive: true }));
const seen: SeenFailure = { causes: ["deaf"], restored: true, story: "", pressure: 0 };

describe("the journal of prove guard", () => {
  it("goes on from where an earlier run stopped, and tries again what could not be tried", () => {
    const file = join(folder, "journal.jsonl");
    const first = new GuardJournal(file);
    first.add({ planned: { mode: "deaf", phase: "opener", time: 1 }, seen });
    first.add({ planned: { mode: "deaf", phase: "opener", time: 2 }, trouble: "the telephone did not ring" });
    first.add({ after: "deaf" });
    const second = new GuardJournal(file);
    expect(second.has("deaf, opener, 1")).toBe(true);
    expect(second.has("deaf, opener, 2")).toBe(false);
    second.add({ planned: { mode: "deaf", phase: "opener", time: 2 }, seen });
    const third = new GuardJournal(file);
    expect(third.calls.map(({ trouble }) => trouble)).toEqual([undefined, undefined]);
    expect(third.ends).toEqual([{ after: "deaf" }]);
  });
});
