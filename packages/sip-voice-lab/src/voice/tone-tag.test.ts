import { beforeAll, describe, expect, it } from "vitest";
import { joinSamples, scaleSamples, silence } from "./pcm.ts";
import { resample } from "./resample.ts";
import { speak } from "./speech.ts";
import { TONE_TAG_MS, toneTag, toneTagChecksum } from "./tone-tag.ts";
import { ToneTagDetector } from "./tone-tag-detector.ts";

const RATE = 16_000;

function detect(samples: Int16Array, chunk = samples.length): number[] {
  const detector = new ToneTagDetector();
  const found: number[] = [];
  for (let at = 0; at < samples.length; at += chunk)
    found.push(...detector.push(samples.subarray(at, at + chunk)));
  return found;
}

/** Noise that is the same in every run. */
function noise(length: number, rms: number, seed = 1): Int16Array {
  let state = seed;
  return Int16Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.round((state / 2 ** 32 - 0.5) * Math.sqrt(12) * rms);
  });
}

function mix(a: Int16Array, b: Int16Array): Int16Array {
  return a.map((sample, index) => Math.max(-32_768, Math.min(32_767, sample + (b[index] ?? 0))));
}

function rms(samples: Int16Array): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}

describe("tone tag", () => {
  it("is about 0.4 s long and takes only numbers that it can carry", () => {
    expect(TONE_TAG_MS).toBe(390);
    for (const id of [-1, 256, 1.5, Number.NaN]) expect(() => toneTag(id, RATE)).toThrow(RangeError);
  });

  it("carries each number from 0 to 255, and the checksum tells them apart", () => {
    for (let id = 0; id < 256; id += 1) expect(detect(toneTag(id, RATE))).toEqual([id]);
    expect(new Set(Array.from({ length: 256 }, (_, id) => toneTagChecksum(id))).size).toBe(256);
  });

  it.each([8_000, 22_050, 24_000, 48_000])("is found after being resampled from %i Hz", (sampleRate) => {
    for (const id of [0, 27, 85, 170, 228, 255]) {
      expect(detect(resample({ samples: toneTag(id, sampleRate), sampleRate }, RATE).samples)).toEqual([id]);
    }
  });

  it.each([1, 0.3, 0.1])("is found at level %f", (level) => {
    for (const id of [0, 99, 255]) expect(detect(scaleSamples(toneTag(id, RATE), level))).toEqual([id]);
  });

  it.each([1, 160, 333, 800, 4_801])("is found in chunks of %i samples, at any offset", (chunk) => {
    for (const offset of [0, 1, 37, 255, 1_111]) {
      expect(
        detect(joinSamples(new Int16Array(offset), toneTag(42, RATE), silence(50, RATE)), chunk),
      ).toEqual([42]);
    }
  });

  it("is found in noise 6 dB below it", () => {
    for (let id = 0; id < 256; id += 15) {
      const tag = scaleSamples(toneTag(id, RATE), 0.3);
      expect(detect(mix(tag, noise(tag.length, rms(tag) / 2, id + 1)))).toEqual([id]);
    }
  });

  it("is found when the first 60 ms are lost, as when a track starts", () => {
    for (const lost of [10, 30, 60])
      expect(detect(toneTag(77, RATE).subarray((lost * RATE) / 1000))).toEqual([77]);
  });

  it("is found each time when two follow each other", () => {
    expect(
      detect(joinSamples(toneTag(5, RATE), silence(100, RATE), toneTag(5, RATE), toneTag(200, RATE))),
    ).toEqual([5, 5, 200]);
  });

  it("is not found when a symbol is damaged", () => {
    const slot = (65 * RATE) / 1000;
    const swapped = toneTag(42, RATE);
    swapped.copyWithin(3 * slot, 2 * slot, 3 * slot);
    expect(detect(swapped)).toEqual([]);
    expect(detect(toneTag(42, RATE).fill(0, 3 * slot, 4 * slot))).toEqual([]);
  });

  it("is forgotten by a reset", () => {
    const detector = new ToneTagDetector();
    const tag = toneTag(9, RATE);
    const half = tag.length / 2;
    detector.push(tag.subarray(0, half));
    detector.reset();
    expect(detector.push(tag.subarray(half))).toEqual([]);
  });
});

describe("no tone tag", () => {
  let minute: Int16Array;
  beforeAll(async () => {
    const sentences = Array.from({ length: 14 }, (_, index) =>
      speak(
        `Sentence ${index + 1}: your appointment with doctor Example is at ${index} thirty, number 5 5 5 0 1 0 ${index}.`,
        {
          sampleRate: RATE,
          voice: ["en-us", "en-us+f3", "en-us+m3"][index % 3] as string,
        },
      ),
    );
    minute = joinSamples(...(await Promise.all(sentences)).map((sentence) => sentence.samples));
  });

  it("is heard in a minute of speech, at several levels, nor in noise", () => {
    expect(minute.length).toBeGreaterThan(60 * RATE);
    for (const level of [1, 0.2]) expect(detect(scaleSamples(minute, level), 800)).toEqual([]);
    expect(detect(noise(10 * RATE, 5_000), 800)).toEqual([]);
  });
});
