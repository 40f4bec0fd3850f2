import { describe, expect, it } from "vitest";
import type { AudioClip } from "./prompt-audio.ts";
import { sentenceClip } from "./sentence-clip.ts";

const sampleRate = 24_000;
const text = "Thank you. Your appointment is confirmed.";

interface SoundShape {
  readonly silenceBeforeMs?: number;
  readonly speechMs?: number;
  readonly silenceAfterMs?: number;
  readonly level?: number;
}

/** A tone that swells and fades like syllables, between hiss that is no speech. */
function sound(shape: SoundShape = {}): AudioClip {
  const { silenceBeforeMs = 0, speechMs = 2_000, silenceAfterMs = 0, level = 6_000 } = shape;
  const [before, speech, after] = [silenceBeforeMs, speechMs, silenceAfterMs].map((ms) => ms * 24) as [
    number,
    number,
    number,
  ];
  const samples = Int16Array.from({ length: before + speech + after }, (_, index) => {
    const at = index - before;
    if (at < 0 || at >= speech) return ((index * 7919) % 21) - 10;
    const syllable = 0.6 + 0.4 * Math.sin((2 * Math.PI * 4 * at) / sampleRate);
    return Math.round(level * syllable * Math.sin((2 * Math.PI * 220 * at) / sampleRate));
  });
  return { samples, sampleRate };
}

const ms = ({ samples }: AudioClip): number => samples.length / 24;
const firstLoud = ({ samples }: AudioClip): number =>
  samples.findIndex((sample) => Math.abs(sample) > 500) / 24;
const rms = ({ samples }: AudioClip): number =>
  Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);

describe("sentenceClip", () => {
  it("begins with the speech and ends with it, whatever silence the voice left around it", () => {
    const clip = sentenceClip(text, sound({ silenceBeforeMs: 700, silenceAfterMs: 900 }));
    expect(firstLoud(clip)).toBeLessThan(50);
    expect(ms(clip)).toBeGreaterThanOrEqual(2_000);
    expect(ms(clip)).toBeLessThan(2_150);
  });

  it("keeps what begins and ends at once", () => {
    expect(ms(sentenceClip(text, sound()))).toBe(2_000);
  });

  it.each([
    { name: "faint", level: 800 },
    { name: "loud", level: 32_000 },
  ])("brings $name speech to the same loudness, and clips nothing", ({ level }) => {
    const clip = sentenceClip(text, sound({ level, silenceBeforeMs: 300 }));
    expect(rms(clip)).toBeGreaterThan(2_800);
    expect(rms(clip)).toBeLessThan(3_600);
    const peak = clip.samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    expect(peak).toBeLessThan(29_300);
  });

  it("leaves peaks below full scale, even when the speech is faint beside them", () => {
    const spiky = sound({ level: 1_000 });
    for (let at = 1_000; at < spiky.samples.length; at += 5_000) spiky.samples[at] = -32_768;
    const clip = sentenceClip(text, spiky);
    expect(clip.samples.every((sample) => Math.abs(sample) <= 29_300)).toBe(true);
  });

  it("begins and ends at zero, so that nothing clicks", () => {
    const clip = sentenceClip(text, sound({ level: 20_000 }));
    expect(clip.samples[0]).toBe(0);
    expect(clip.samples.at(-1)).toBe(0);
  });

  it("leaves the voice's own samples as they are", () => {
    const given = sound();
    const copy = given.samples.slice();
    sentenceClip(text, given);
    expect(given.samples).toEqual(copy);
  });

  it.each([
    { name: "nothing", clip: { samples: new Int16Array(0), sampleRate } },
    { name: "hiss", clip: sound({ speechMs: 0, silenceBeforeMs: 2_000 }) },
    { name: "half a second for a sentence of two", clip: sound({ speechMs: 500 }) },
    { name: "half a minute", clip: sound({ speechMs: 30_000 }) },
    { name: "another rate", clip: { ...sound(), sampleRate: 22_050 } },
  ])("refuses $name", ({ clip }) => {
    expect(() => sentenceClip(text, clip)).toThrowError(expect.objectContaining({ code: "unusable-audio" }));
  });
});
