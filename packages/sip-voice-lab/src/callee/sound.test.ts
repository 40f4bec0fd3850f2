import { expect, it } from "vitest";
import { beepSound, mixSamples, noiseSound } from "./sound.ts";

const RATE = 16_000;
const rms = (samples: Int16Array) =>
  Math.sqrt(samples.reduce((sum, one) => sum + one * one, 0) / samples.length);
const crossings = (samples: Int16Array) =>
  samples.filter((one, index) => one >= 0 && (samples[index - 1] ?? 0) < 0).length;

it.each([400, 1_000, 1_400])("beeps at %i Hz, without a click", (hertz) => {
  const beep = beepSound({ hertz, ms: 500 }, RATE);
  expect(beep).toHaveLength(8_000);
  expect(crossings(beep)).toBeCloseTo(hertz / 2, -1);
  expect(rms(beep)).toBeCloseTo((0.25 * 32_767) / Math.SQRT2, -3);
  expect(Math.abs(beep[0] ?? 1)).toBeLessThan(500);
});

it("makes noise of the level asked for, the same in every run and other with another seed", () => {
  const noise = noiseSound(1_000, RATE, 0.01);
  expect(rms(noise)).toBeGreaterThan(0.009 * 32_767);
  expect(rms(noise)).toBeLessThan(0.011 * 32_767);
  expect(noiseSound(1_000, RATE, 0.01)).toEqual(noise);
  expect(noiseSound(1_000, RATE, 0.01, 2)).not.toEqual(noise);
});

it("mixes sounds of different lengths and does not overflow", () => {
  expect(mixSamples(Int16Array.of(1, 2, 3), Int16Array.of(10))).toEqual(Int16Array.of(11, 2, 3));
  expect(mixSamples(Int16Array.of(30_000), Int16Array.of(30_000))).toEqual(Int16Array.of(32_767));
});
