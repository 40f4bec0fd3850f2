import type { Pcm } from "./pcm.ts";

// Zero crossings of the sinc on each side: enough that nothing audible folds back into the speech band.
const HALF_WIDTH = 16;

/**
 * Converts mono sound to another sample rate with a windowed-sinc polyphase filter.
 * Returns the same object when the rate already fits.
 */
export function resample(pcm: Pcm, sampleRate: number): Pcm {
  if (pcm.sampleRate === sampleRate) return pcm;
  const divisor = greatestCommonDivisor(pcm.sampleRate, sampleRate);
  const up = sampleRate / divisor;
  const down = pcm.sampleRate / divisor;
  const kernels = kernelsFor(up, down);
  const taps = kernels[0]?.length ?? 0;
  const source = pcm.samples;
  const length = Math.floor((source.length * up) / down);
  const samples = new Int16Array(length);
  for (let index = 0; index < length; index += 1) {
    const position = index * down;
    const first = Math.floor(position / up) - taps / 2 + 1;
    const kernel = kernels[position % up] as Float64Array;
    let sum = 0;
    for (let tap = 0; tap < taps; tap += 1) sum += (source[first + tap] ?? 0) * (kernel[tap] as number);
    samples[index] = Math.max(-32_768, Math.min(32_767, Math.round(sum)));
  }
  return { samples, sampleRate };
}

/** One filter for each of the `up` positions an output sample can have between two input samples. */
function kernelsFor(up: number, down: number): Float64Array[] {
  const cutoff = Math.min(1, up / down) * 0.95;
  const half = Math.ceil(HALF_WIDTH / cutoff);
  return Array.from({ length: up }, (_, phase) => {
    const kernel = Float64Array.from({ length: half * 2 }, (__, tap) => {
      const distance = tap - half + 1 - phase / up;
      return cutoff * sinc(cutoff * distance) * hann(distance / half);
    });
    const sum = kernel.reduce((total, weight) => total + weight, 0);
    return kernel.map((weight) => weight / sum);
  });
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

function hann(x: number): number {
  return Math.abs(x) >= 1 ? 0 : 0.5 * (1 + Math.cos(Math.PI * x));
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
