import { writeFile } from "node:fs/promises";
import wavefile from "wavefile";
import { type AudioTimeline, LINE_SAMPLE_RATE } from "./audio-timeline.ts";

/** Writes what a line heard (left) and said (right) as a stereo WAV of 16-bit samples. */
export async function writeRecording(path: string, heard: AudioTimeline, said: AudioTimeline): Promise<void> {
  const length = Math.max(heard.length, said.length);
  const wav = new wavefile.WaveFile();
  wav.fromScratch(2, LINE_SAMPLE_RATE, "16", [padded(heard, length), padded(said, length)]);
  await writeFile(path, wav.toBuffer());
}

function padded(timeline: AudioTimeline, length: number): Int16Array {
  const samples = new Int16Array(length);
  samples.set(timeline.between());
  return samples;
}
