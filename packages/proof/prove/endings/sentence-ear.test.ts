import { resample, speak } from "@clinic/sip-voice-lab";
import { expect, test } from "vitest";
import { findSentence } from "./sentence-ear.ts";

const apology = "I am sorry, I can not hear you right now. Press 1 to confirm your appointment.";
const others = [
  "Hello, this is the automated assistant of Riverside Family Clinic. I am an A.I.",
  "I am sorry, I could not save that. Press 0 to speak to a person.",
  "That key has no meaning here. Press 1 to confirm, 2 for another time, or 0 for a person.",
];

test("finds the sentence where it is, at another rate and quieter", async () => {
  const sentence = await speak(apology);
  const before = resample(await speak("Hello, this is the clinic."), 16_000).samples;
  const said = resample(sentence, 16_000).samples.map((sample) => sample / 3);
  const heard = { samples: Int16Array.from([...before, ...said]), sampleRate: 16_000 };
  const found = findSentence(heard, sentence);
  expect(found.likeness).toBeGreaterThan(0.95);
  expect(Math.abs(found.atMs - (before.length / 16_000) * 1000)).toBeLessThanOrEqual(40);
});

test.each(others)("does not take for it: %s", async (text) => {
  expect(findSentence(await speak(text), await speak(apology)).likeness).toBeLessThan(0.6);
});

test("silence is no sentence", async () => {
  const silence = { samples: new Int16Array(48_000), sampleRate: 16_000 };
  expect(findSentence(silence, await speak(apology))).toEqual({ heard: false, likeness: 0, atMs: 0 });
});
