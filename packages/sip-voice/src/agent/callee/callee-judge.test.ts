import { describe, expect, it } from "vitest";
import type { CalleeFinding } from "./callee-judge.ts";
import { acousticDetection } from "./detection.ts";
import { join, noise, plus, rest, talk, tone } from "./synthetic-sound.ts";

/** Everything that the detector says of a sound, in short. */
function judge(...sounds: readonly Int16Array[]): string[] {
  const detector = acousticDetection()();
  const samples = join(...sounds);
  const findings: CalleeFinding[] = [];
  for (let at = 0; at < samples.length; at += 160)
    findings.push(...detector.push(samples.subarray(at, at + 160)));
  return findings.map((finding) =>
    finding.type === "verdict" ? `${finding.verdict.party} by ${finding.verdict.sign}` : finding.type,
  );
}
const pause = (ms: number): Int16Array => rest(ms);
const beep = tone(1_000, 400, 0.25);
const person = ["hello-over", "person by short-hello"];

describe("who answered", () => {
  it.each<[string, Int16Array[], string[]]>([
    ["a hello at once", [rest(200), talk(600), rest(3_000)], person],
    ["a late hello", [rest(2_500), talk(600), rest(3_000)], person],
    ["two hellos", [rest(300), talk(500), pause(900), talk(500), rest(3_000)], person],
    ["a long hello", [rest(300), talk(3_300), rest(3_000)], ["person by long-hello"]],
    ["somebody who says nothing", [rest(6_000)], ["unknown by nothing-said"]],
    ["noise and nobody", [noise(6_000, 0.01)], ["unknown by nothing-said"]],
    [
      "somebody who says hello after a while",
      [rest(5_000), talk(600), rest(2_000)],
      ["unknown by nothing-said", ...person],
    ],
    ["a machine that talks on", [rest(300), talk(3_000), pause(500), talk(3_000)], ["machine by long-talk"]],
    [
      "a machine with a short greeting and a beep",
      [rest(300), talk(2_800), pause(600), beep, rest(500)],
      ["machine by beep"],
    ],
    [
      "a machine that begins as a person",
      [rest(300), talk(700), pause(900), talk(4_000)],
      [...person, "machine by long-talk"],
    ],
    [
      "a machine that begins as a person and beeps late",
      [rest(300), talk(1_500), pause(1_500), beep, rest(500)],
      [...person, "machine by beep"],
    ],
    ["a machine that only beeps", [rest(500), beep, rest(1_500)], ["machine by beep"]],
    ["a fax machine", [rest(500), tone(2_100, 1_500, 0.1), rest(500)], ["machine by fax-tone"]],
    [
      "a number out of service",
      [rest(300), tone(914, 274, 0.1), tone(1_371, 274, 0.1), tone(1_777, 380, 0.1), rest(100)],
      ["machine by information-tones"],
    ],
    [
      "a network that rings on after it answered",
      [rest(300), tone(425, 1_000, 0.1), rest(3_000)],
      ["unknown by nothing-said"],
    ],
  ])("%s", (_, sounds, findings) => {
    expect(judge(...sounds)).toEqual(findings);
  });

  it("is told also in noise", () => {
    const hello = join(rest(1_000), talk(700, 0.3), rest(3_000));
    expect(judge(plus(hello, noise(4_700, 0.01)))).toEqual(person);
  });

  it("is told in time: a person 0.7 s after the hello, a machine in its fifth second", () => {
    const verdictOf = (sound: Int16Array) => {
      const finding = acousticDetection()()
        .push(sound)
        .find(({ type }) => type === "verdict");
      return finding?.type === "verdict" ? finding.verdict : undefined;
    };
    const afterHello = verdictOf(join(rest(300), talk(600), rest(2_000)))?.afterMs ?? 0;
    // The talk itself fades for up to a tenth of a second.
    expect(afterHello).toBeGreaterThanOrEqual(1_500);
    expect(afterHello).toBeLessThanOrEqual(1_700);
    const afterTalk = verdictOf(join(rest(300), talk(6_000)))?.afterMs ?? 0;
    expect(afterTalk).toBeGreaterThanOrEqual(4_750);
    expect(afterTalk).toBeLessThanOrEqual(4_950);
  });

  it("follows the clinic's own timing", () => {
    const detector = acousticDetection({ machineTalkMs: 2_000 })();
    const parties = detector
      .push(join(rest(300), talk(3_000)))
      .map((finding) => finding.type === "verdict" && finding.verdict.party);
    expect(parties).toEqual(["machine"]);
  });
});
