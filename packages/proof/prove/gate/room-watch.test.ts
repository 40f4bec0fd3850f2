import type { Lab } from "@clinic/sip-voice-lab";
import { expect, test } from "vitest";
import { RoomWatch } from "./room-watch.ts";

test("a room that went and came back appeared twice", () => {
  const watch = new RoomWatch({} as Lab);
  watch.note(["a"], 0);
  watch.note(["a", "b"], 100);
  watch.note(["b"], 200);
  watch.note(["a"], 500);
  expect([watch.appearances("a"), watch.appearances("b"), watch.appearances("c")]).toEqual([2, 1, 0]);
  expect(watch.wasThereAfter("a", 400)).toBe(true);
  expect(watch.wasThereAfter("b", 200)).toBe(false);
  expect([watch.looks, watch.longestGapMs]).toEqual([4, 300]);
});
