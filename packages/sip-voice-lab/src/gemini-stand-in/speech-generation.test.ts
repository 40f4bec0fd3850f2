import { SipVoiceError } from "@clinic/sip-voice";
import { geminiPromptVoice } from "@clinic/sip-voice/agent";
import { simulatedClock } from "@clinic/sip-voice/testing";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { speak } from "../voice/index.ts";
import { defaultClinicScript } from "./default-clinic-script.ts";
import { type GeminiStandIn, startGeminiStandIn } from "./gemini-stand-in.ts";

// What Google's plugin, and the library's voice on it, make of the stand-in's speech and of its refusals.

const text = "Thank you. Your appointment is confirmed.";
const sentenceMs = 60_000;
let gemini: GeminiStandIn;

beforeAll(async () => {
  gemini = await startGeminiStandIn({ script: defaultClinicScript });
});

afterEach(() => gemini.failNoMore());

afterAll(() => gemini.stop());

function voiceWith(
  options: { readonly apiKey?: string; readonly model?: string; readonly voice?: string } = {},
) {
  const clock = simulatedClock();
  const delays: number[] = [];
  const setTimer: typeof clock.setTimer = (onFire, delayMs) => {
    delays.push(delayMs);
    return clock.setTimer(onFire, delayMs);
  };
  const voice = geminiPromptVoice({
    apiKey: gemini.apiKey,
    baseUrl: gemini.baseUrl,
    ...options,
    clock: { ...clock, setTimer },
  });
  return { clock, delays, voice };
}

const requests = () => gemini.events.filter((event) => event.type === "speech-requested");

describe("Gemini's text-to-speech", () => {
  it("speaks the sentence and nothing else, sample for sample as it came", async () => {
    const before = process.env.GOOGLE_GEMINI_BASE_URL;
    const { voice, clock } = voiceWith({ voice: "Kore" });
    expect(voice.name).toBe("gemini-3.8-flash-lite-tts/Kore");
    const clip = await voice.speak(text, "en-US");
    const spoken = await speak(text, { language: "en-US" });
    expect(clip.sampleRate).toBe(24_000);
    expect(Math.abs(clip.samples.length - spoken.samples.length)).toBeLessThan(2_400);
    expect(clip.samples.subarray(0, 10_000)).toEqual(spoken.samples.subarray(0, 10_000));
    expect(requests().at(-1)).toMatchObject({ model: "gemini-3.8-flash-lite-tts", voice: "Kore", text });
    expect(process.env.GOOGLE_GEMINI_BASE_URL).toBe(before);
    expect(clock.pendingTimers).toBe(0);
  });

  it("speaks Arabic", async () => {
    const { samples } = await voiceWith().voice.speak("شكراً لك، تم تأكيد موعدك.", "ar-XA");
    expect(samples.length).toBeGreaterThan(24_000);
  });

  it("is told to read aloud when the model would answer otherwise", async () => {
    await voiceWith({ model: "gemini-2.5-flash-tts" }).voice.speak("Hello there.", "en-US");
    expect(requests().at(-1)).toMatchObject({ text: expect.stringMatching(/^Say the text.*Hello there/s) });
  });

  it("waits as long as the service says when it has had enough, then goes on", async () => {
    gemini.failNext({ at: "speech", status: 429, retryDelay: "23s" });
    const { voice, clock, delays } = voiceWith();
    const asked = requests().length;
    const spoken = voice.speak(text, "en-US");
    await expect.poll(() => delays, { timeout: 20_000 }).toEqual([sentenceMs, 23_000]);
    await clock.advance(22_900);
    expect(requests().length).toBe(asked + 1);
    await clock.advance(100);
    expect((await spoken).samples.length).toBeGreaterThan(24_000);
    expect(requests().length).toBe(asked + 2);
  });

  it.each([
    { name: "a wrong key", options: { apiKey: "wrong" }, failure: undefined, says: /status 400.*key/s },
    {
      name: "a model that is not there",
      options: {},
      failure: { at: "speech", status: 404 } as const,
      says: /status 404.*model/s,
    },
    {
      name: "a quota of a day",
      options: {},
      failure: {
        at: "speech",
        status: 429,
        retryDelay: "40s",
        quotaId: "GenerateRequestsPerDayPerProjectPerModel",
      } as const,
      says: /status 429.*quota/s,
    },
  ])("is asked once for $name, and says so without the sentence", async ({ options, failure, says }) => {
    if (failure) gemini.failNext(failure);
    const asked = requests().length;
    const error = await voiceWith(options)
      .voice.speak(text, "en-US")
      .catch((caught: unknown) => caught);
    expect(SipVoiceError.is(error) && error.code).toBe("voice-unavailable");
    expect((error as Error).message).toMatch(says);
    expect((error as Error).message).not.toContain("appointment");
    expect(requests().length).toBe(asked + 1);
  });

  it("gives up after four tries", async () => {
    gemini.failNext({ at: "speech", status: 503 }, 9);
    const { voice, clock, delays } = voiceWith();
    const asked = requests().length;
    const failed = expect(voice.speak(text, "en-US")).rejects.toMatchObject({ code: "voice-unavailable" });
    for (const delayMs of [1_000, 2_000, 4_000]) {
      await expect.poll(() => delays.at(-1), { timeout: 20_000 }).toBe(delayMs);
      await clock.advance(delayMs);
    }
    await failed;
    expect(requests().length).toBe(asked + 4);
  });

  it("gives silence when the model gives none, which a rendering refuses", async () => {
    gemini.failNext({ at: "speech", kind: "empty" });
    expect((await voiceWith().voice.speak(text, "en-US")).samples).toHaveLength(0);
  });

  it("is given up at once when the run is ended", async () => {
    gemini.failNext({ at: "speech", kind: "silent" });
    const stop = new AbortController();
    const { voice } = voiceWith();
    const asked = requests().length;
    const spoken = voice.speak(text, "en-US", stop.signal);
    await expect.poll(() => requests().length).toBe(asked + 1);
    stop.abort();
    await expect(spoken).rejects.toThrow(/abort/i);
  });

  it("is not waited for longer than a minute", async () => {
    gemini.failNext({ at: "speech", kind: "silent" }, 4);
    const { voice, clock, delays } = voiceWith();
    const asked = requests().length;
    const failed = expect(voice.speak(text, "en-US")).rejects.toMatchObject({ code: "voice-unavailable" });
    for (const [tries, delayMs] of [1_000, 2_000, 4_000, undefined].entries()) {
      await expect.poll(() => requests().length, { timeout: 20_000 }).toBe(asked + tries + 1);
      await clock.advance(sentenceMs);
      if (delayMs === undefined) break;
      await expect.poll(() => delays.at(-1), { timeout: 20_000 }).toBe(delayMs);
      await clock.advance(delayMs);
    }
    await failed;
  });
});
