import { AudioFrame, AudioResampler, combineAudioFrames } from "@livekit/rtc-node";
import type { AudioClip } from "../../prompts/prompt-audio.ts";

const sampleRate = 24_000;

/** Frames of one voice as one clip: one channel at 24,000 samples a second, whatever they were. */
export function clipOfFrames(frames: readonly AudioFrame[]): AudioClip {
  if (frames.length === 0) return { samples: new Int16Array(0), sampleRate };
  const whole = combineAudioFrames([...frames]);
  const mono = whole.channels === 1 ? whole.data : mixed(whole);
  return { samples: whole.sampleRate === sampleRate ? mono : resampled(mono, whole.sampleRate), sampleRate };
}

function mixed({ data, channels, samplesPerChannel }: AudioFrame): Int16Array {
  return Int16Array.from({ length: samplesPerChannel }, (_, index) => {
    const together = data.subarray(index * channels, (index + 1) * channels);
    return Math.round(together.reduce((sum, sample) => sum + sample, 0) / channels);
  });
}

function resampled(samples: Int16Array, rate: number): Int16Array {
  const resampler = new AudioResampler(rate, sampleRate, 1);
  try {
    const whole = new AudioFrame(samples, rate, 1, samples.length);
    return combineAudioFrames([...resampler.push(whole), ...resampler.flush()]).data;
  } finally {
    resampler.close();
  }
}
