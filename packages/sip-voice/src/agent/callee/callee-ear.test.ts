import { describe, expect, it } from "vitest";
import { CalleeEar, type CalleeSound } from "./callee-ear.ts";
import { join, noise, plus, rest, talk, tone } from "./synthetic-sound.ts";

function hear(samples: Int16Array, piece = 160): CalleeSound[] {
  const ear = new CalleeEar();
  const heard: CalleeSound[] = [];
  for (let at = 0; at < samples.length; at += piece)
    heard.push(...ear.push(samples.subarray(at, at + piece)));
  return heard;
}
const tonesIn = (samples: Int16Array) => hear(samples).filter(({ type }) => type === "tone-ended");

describe("a tone", () => {
  it.each([400, 440, 620, 850, 1_000, 1_100, 1_400, 1_777, 2_100])(
    "of %i Hz is heard, with its pitch",
    (hertz) => {
      for (const ms of [200, 400, 1_000]) {
        for (const level of [0.02, 0.25]) {
          const [heard, ...more] = tonesIn(join(rest(300), tone(hertz, ms, level), rest(300)));
          expect(more).toEqual([]);
          if (heard?.type !== "tone-ended") throw new Error("No tone was heard.");
          expect(Math.abs(heard.hertz - hertz)).toBeLessThanOrEqual(10);
          expect(Math.abs(heard.startedAt - 300)).toBeLessThanOrEqual(40);
          expect(Math.abs(heard.endedAt - 300 - ms)).toBeLessThanOrEqual(60);
        }
      }
    },
  );

  it("is heard in noise 15 dB below it", () => {
    const sound = plus(
      join(rest(500), tone(1_000, 400, 0.1), rest(500)),
      noise(1_400, 0.1 / 5.6 / Math.SQRT2),
    );
    expect(tonesIn(sound)).toHaveLength(1);
  });

  it("is not talk", () => {
    expect(hear(join(rest(300), tone(1_000, 500, 0.25), rest(500))).map(({ type }) => type)).toEqual([
      "tone",
      "tone-ended",
    ]);
  });

  it.each([
    ["two at once, as of ringing", plus(tone(440, 800, 0.1), tone(480, 800, 0.1))],
    ["two at once, as of a key", plus(tone(697, 300, 0.1), tone(1_209, 300, 0.1))],
    ["a click", tone(1_000, 30, 0.3)],
    ["one that slides", tone(600, 400, 0.2, 1_500)],
    ["talk", talk(4_000)],
    ["noise", noise(2_000, 0.05)],
  ])("is not %s", (_, sound) => {
    expect(tonesIn(join(rest(300), sound, rest(300)))).toEqual([]);
  });
});

describe("talk", () => {
  it("is heard from its beginning to its end, in pieces of any size", () => {
    for (const piece of [1, 80, 160, 333, 8_000]) {
      const [began, ended, ...more] = hear(join(rest(500), talk(1_000), rest(600)), piece);
      expect(more).toEqual([]);
      expect(began?.type).toBe("talk");
      expect(Math.abs((began?.startedAt ?? 0) - 500)).toBeLessThanOrEqual(60);
      expect(ended?.type === "quiet" && Math.abs(ended.endedAt - 1_500)).toBeLessThanOrEqual(100);
    }
  });

  it("is not silence, a click, or noise that goes on", () => {
    expect(hear(rest(2_000))).toEqual([]);
    expect(hear(join(rest(500), noise(20, 0.2), rest(500)))).toEqual([]);
    for (const level of [0.003, 0.01, 0.05]) expect(hear(noise(5_000, level))).toEqual([]);
  });

  it("is not noise that begins in silence: that is taken back", () => {
    const heard = hear(join(rest(800), noise(4_000, 0.01)));
    expect(heard.map(({ type }) => type)).toEqual(["talk", "noise"]);
  });

  it("is heard over noise 10 dB below it", () => {
    const sound = join(rest(1_000), talk(1_000, 0.1), rest(1_000));
    const heard = hear(plus(sound, noise(3_000, 0.03 / Math.sqrt(10) / 2)));
    const began = heard.find(({ type }) => type === "talk");
    expect(Math.abs((began?.startedAt ?? 0) - 1_000)).toBeLessThanOrEqual(120);
  });
});
