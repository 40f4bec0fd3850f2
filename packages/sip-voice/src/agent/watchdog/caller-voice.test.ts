import { describe, expect, it } from "vitest";
import { CallerVoice, type CallerVoiceChange } from "./caller-voice.ts";

/** Pieces of 50 ms at a loudness, as the model's client library sends them. */
function sound(ms: number, amplitude: number): string[] {
  return Array.from({ length: ms / 50 }, (_, piece) => {
    const bytes = Buffer.alloc(1600);
    for (let at = 0; at < 800; at++)
      bytes.writeInt16LE(Math.round(amplitude * Math.sin((piece * 800 + at) / 6)), at * 2);
    return bytes.toString("base64");
  });
}

function changes(voice: CallerVoice, ...pieces: readonly string[][]): CallerVoiceChange[] {
  return pieces.flat().flatMap((piece) => voice.push(piece) ?? []);
}

describe("a caller's voice", () => {
  it("starts after 150 ms of sound and stops after half a second of silence, with the length of what was loud", () => {
    const voice = new CallerVoice();
    expect(changes(voice, sound(1_000, 0), sound(100, 8_000))).toEqual([]);
    expect(changes(voice, sound(50, 8_000))).toEqual([{ type: "started" }]);
    expect(voice.speaking).toBe(true);
    expect(changes(voice, sound(850, 8_000), sound(450, 0))).toEqual([]);
    expect(changes(voice, sound(50, 0))).toEqual([{ type: "stopped", ms: 1_000 }]);
    expect(voice.speaking).toBe(false);
  });

  it("goes on over the pauses between words", () => {
    const voice = new CallerVoice();
    const words = Array.from({ length: 5 }, () => [...sound(300, 8_000), ...sound(300, 0)]);
    expect(changes(voice, ...words)).toEqual([{ type: "started" }]);
    expect(changes(voice, sound(500, 0))).toEqual([{ type: "stopped", ms: 1_500 }]);
  });

  it("is not a click, nor a line that hums softly", () => {
    const voice = new CallerVoice();
    expect(changes(voice, sound(100, 20_000), sound(1_000, 0), sound(20_000, 300))).toEqual([]);
  });

  it("is not the noise of a loud line, once that is known, but is what rises above it", () => {
    const voice = new CallerVoice();
    changes(voice, sound(60_000, 800));
    expect(voice.speaking).toBe(false);
    expect(changes(voice, sound(1_000, 8_000), sound(1_000, 800)).map(({ type }) => type)).toEqual([
      "started",
      "stopped",
    ]);
  });

  it("is still a voice after half a minute of speaking", () => {
    const voice = new CallerVoice();
    expect(changes(voice, sound(30_000, 8_000))).toEqual([{ type: "started" }]);
    expect(voice.speaking).toBe(true);
  });

  it("takes no notice of sound that is none", () => {
    expect(changes(new CallerVoice(), ["", "A"])).toEqual([]);
  });
});
