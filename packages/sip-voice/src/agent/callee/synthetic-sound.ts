import { calleeSampleRate } from "./tone.ts";

const lengthOf = (ms: number): number => Math.round((ms * calleeSampleRate) / 1000);
const fullScale = 32_767;

/** Silence. */
export const rest = (ms: number): Int16Array => new Int16Array(lengthOf(ms));

/** A sine at a share of full scale; it slides to another pitch where one is given. */
export function tone(hertz: number, ms: number, level: number, slidesTo = hertz): Int16Array {
  const length = lengthOf(ms);
  let phase = 0;
  return Int16Array.from({ length }, (_, n) => {
    phase += (2 * Math.PI * (hertz + ((slidesTo - hertz) * n) / length)) / calleeSampleRate;
    return Math.round(level * fullScale * Math.sin(phase));
  });
}

/** Something like talk: harmonics of a voice whose pitch and loudness go up and down four times a second. */
export function talk(ms: number, level = 0.3): Int16Array {
  let phase = 0;
  return Int16Array.from({ length: lengthOf(ms) }, (_, n) => {
    const seconds = n / calleeSampleRate;
    phase += (2 * Math.PI * (140 + 25 * Math.sin(2 * Math.PI * 1.3 * seconds))) / calleeSampleRate;
    const loudness = 0.15 + 0.85 * Math.abs(Math.sin(2 * Math.PI * 2 * seconds + 0.5));
    const voice = [1, 0.8, 0.7, 0.5, 0.4, 0.3].reduce(
      (sum, part, at) => sum + part * Math.sin((at + 1) * phase),
      0,
    );
    return Math.round((level * loudness * fullScale * voice) / 3);
  });
}

/** White noise of a root mean square of a share of full scale, the same in every run. */
export function noise(ms: number, level: number, seed = 7): Int16Array {
  let state = seed;
  return Int16Array.from({ length: lengthOf(ms) }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.round((state / 2 ** 32 - 0.5) * Math.sqrt(12) * level * fullScale);
  });
}

/** One after the other. */
export const join = (...parts: readonly Int16Array[]): Int16Array =>
  Int16Array.from(parts.flatMap((part) => [...part]));

/** Both at once. */
export const plus = (a: Int16Array, b: Int16Array): Int16Array =>
  a.map((one, n) => Math.max(-32_768, Math.min(32_767, one + (b[n] ?? 0))));
