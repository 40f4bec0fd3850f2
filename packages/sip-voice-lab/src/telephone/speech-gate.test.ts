import { expect, test } from "vitest";
import { AudioTimeline, LINE_SAMPLE_RATE } from "./audio-timeline.ts";
import { levelDb, SpeechGate } from "./speech-gate.ts";

const FRAME = 320;
const frame = (amplitude: number) =>
  Int16Array.from({ length: FRAME }, (_, i) => (i % 2 ? amplitude : -amplitude));

/** Pushes 20 ms frames of the given amplitudes and gives the edges. */
function edges(gate: SpeechGate, amplitudes: number[]) {
  return amplitudes.flatMap((amplitude, index) => gate.push(frame(amplitude), index * 20, 20) ?? []);
}
const times = (count: number, amplitude: number) => Array.from({ length: count }, () => amplitude);

test("speech starts at its first loud frame and ends at its last", () => {
  const gate = new SpeechGate();
  expect(edges(gate, [...times(10, 0), ...times(20, 3000), ...times(20, 0)])).toEqual([
    { edge: "start", at: 200 },
    { edge: "end", at: 600 },
  ]);
});

test("a click is not speech", () => {
  expect(edges(new SpeechGate(), [0, 0, 20_000, 0, 0, 20_000, 0])).toEqual([]);
});

test("a gap between words and a quiet syllable do not end it", () => {
  const quiet = 100; // about -50 dBFS: too low to open, loud enough to hold
  expect(levelDb(frame(quiet))).toBeGreaterThan(-52);
  expect(edges(new SpeechGate(), times(50, quiet))).toEqual([]);
  const words = [...times(5, 3000), ...times(10, 0), ...times(5, 3000), ...times(30, quiet)];
  expect(edges(new SpeechGate(), words)).toEqual([{ edge: "start", at: 0 }]);
});

test("a timeline mixes what is at the same time, keeps within bounds, and is silent in between", () => {
  const timeline = new AudioTimeline(1000);
  timeline.write(timeline.indexAt(1100), Int16Array.of(20_000, -20_000, 5));
  timeline.write(timeline.indexAt(1100), Int16Array.of(20_000, -20_000, 6));
  const from = timeline.between(1100);
  expect([...from]).toEqual([32_767, -32_768, 11]);
  expect(timeline.between(1000, 1100)).toEqual(new Int16Array(LINE_SAMPLE_RATE / 10));
  timeline.write(timeline.indexAt(61_000), Int16Array.of(7));
  expect(timeline.length).toBe(60 * LINE_SAMPLE_RATE + 1);
  expect(timeline.between(60_999).at(-1)).toBe(7);
});
