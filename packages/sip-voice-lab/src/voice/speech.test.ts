import { describe, expect, it } from "vitest";
import { silence } from "./pcm.ts";
import { resample } from "./resample.ts";
import { languageOf, speak } from "./speech.ts";
import { SpeechActivityDetector } from "./speech-activity.ts";
import { ToneTagDetector } from "./tone-tag-detector.ts";
import { callerUtterance, utteranceById, utteranceByText, utterances } from "./utterances.ts";

const RATE = 16_000;

describe("speak", () => {
  it("speaks English and Arabic at the rate asked for, audibly and unhurriedly", async () => {
    const english = await speak("Your appointment is on Friday at ten.", { language: "en-US" });
    expect(english.sampleRate).toBe(24_000);
    expect(english.samples.length / 24_000).toBeGreaterThan(1.8);
    expect(Math.max(...english.samples)).toBeGreaterThan(8_000);
    const arabic = await speak("موعدك يوم الجمعة", { sampleRate: 48_000 });
    expect(arabic.samples.length / 48_000).toBeGreaterThan(1);
    expect(languageOf("موعدك")).toBe("ar-XA");
  });

  it("synthesises a sentence once, and tells an unknown voice", async () => {
    expect(await speak("Once.")).toBe(await speak("Once.", { language: "en-US" }));
    await expect(speak("Never.", { voice: "no-such-voice" })).rejects.toThrow("no-such-voice");
  });
});

describe("resample", () => {
  it("keeps a tone's pitch and level, and drops what the new rate can't hold", () => {
    const tone = (hertz: number) =>
      Int16Array.from({ length: 48_000 }, (_, n) => 10_000 * Math.sin((2 * Math.PI * hertz * n) / 48_000));
    const kept = resample({ samples: tone(1_000), sampleRate: 48_000 }, 16_000).samples.subarray(100, -100);
    expect(kept.length).toBe(15_800);
    expect(Math.max(...kept)).toBeGreaterThan(9_800);
    expect(Math.max(...kept)).toBeLessThan(10_200);
    const dropped = resample({ samples: tone(12_000), sampleRate: 48_000 }, 16_000).samples.subarray(
      100,
      -100,
    );
    expect(Math.max(...dropped)).toBeLessThan(100);
  });
});

describe("speech activity", () => {
  it.each(utterances.map(({ key }) => key))("sees one start and one end in the utterance %s", async (key) => {
    const { samples } = await callerUtterance(key, { sampleRate: RATE });
    for (const level of [1, 0.1]) {
      // Less than the usual 400 ms, for the sake of lines that swallow soft sounds.
      const detector = new SpeechActivityDetector({ silenceMs: 340 });
      const heard = [
        ...detector.push(samples.map((sample) => sample * level)),
        ...detector.push(silence(600, RATE)),
      ];
      expect(heard).toEqual(["start", "end"]);
    }
  });

  it("ends 400 ms after the last sound, and never in silence or steady noise", async () => {
    const { samples } = await callerUtterance("yes", { sampleRate: RATE });
    const detector = new SpeechActivityDetector();
    detector.push(samples);
    expect(detector.push(silence(300, RATE))).toEqual([]);
    expect(detector.speaking).toBe(true);
    expect(detector.push(silence(150, RATE))).toEqual(["end"]);
    expect(detector.push(silence(5_000, RATE))).toEqual([]);
    const hiss = Int16Array.from({ length: 5 * RATE }, (_, n) => ((n * 7_919) % 101) - 50);
    expect(new SpeechActivityDetector().push(hiss)).toEqual([]);
  });
});

describe("utterances", () => {
  it("have ids, keys and words of their own", () => {
    for (const property of ["id", "key", "text"] as const) {
      expect(new Set(utterances.map((entry) => entry[property])).size).toBe(utterances.length);
    }
  });

  it("begin with their tone tag", async () => {
    for (const { id, key } of utterances) {
      const { samples } = await callerUtterance(key, { sampleRate: RATE });
      expect(new ToneTagDetector().push(samples)).toEqual([id]);
    }
  });

  it("are found by number and by words", () => {
    expect(utteranceById(2)?.key).toBe("want-friday");
    expect(utteranceByText("i'd like to come on friday instead please")?.id).toBe(2);
    expect(utteranceById(250)).toBeUndefined();
    expect(utteranceByText("something else")).toBeUndefined();
  });
});
