import { expect, test } from "vitest";
import { median, percentile } from "./median.ts";

test("the middle one of an odd number", () => {
  expect(median([9, 1, 5])).toBe(5);
});

test("the mean of the middle two of an even number", () => {
  expect(median([10, 1, 3, 2])).toBe(2.5);
});

test("sorts by value, not by spelling", () => {
  expect(median([9, 10, 100])).toBe(10);
});

test("nothing has no median", () => {
  expect(() => median([])).toThrow(RangeError);
});

test("a percentile is one of the figures, the one that so many do not exceed", () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect(percentile(hundred, 99)).toBe(99);
  expect(percentile(hundred, 100)).toBe(100);
  expect(percentile([7], 99)).toBe(7);
  expect(() => percentile([], 99)).toThrow(RangeError);
});
