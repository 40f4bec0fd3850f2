import { acousticDetection, type CalleeVerdict } from "@clinic/sip-voice/agent";
import { describe, expect, it } from "vitest";
import { type Greeting, greetingSound, machineGreetings, personGreetings } from "./greeting-corpus.ts";

const RATE = 8_000;

/** The last verdict on a greeting, and when the greeting ended. */
async function judge(greeting: Greeting): Promise<{ verdict: CalleeVerdict | undefined; endsAtMs: number }> {
  const { samples, endsAtMs } = await greetingSound(greeting, RATE);
  const last = acousticDetection()()
    .push(samples)
    .findLast(({ type }) => type === "verdict");
  return { verdict: last?.type === "verdict" ? last.verdict : undefined, endsAtMs };
}

/** The same words by other voices, hurried or slow, soft or loud, in quiet or in noise. */
function otherwise(greetings: readonly Greeting[]): Greeting[] {
  const ways = [
    { voice: "en-us+f1", pace: 215, noise: 0.008, level: 1 },
    { voice: "en-us+m7", pace: 175, noise: 0.003, level: 0.8 },
    { voice: "en-us+croak", pace: 130, noise: 0, level: 0.5 },
  ];
  return greetings.flatMap((one) =>
    ways.map((way) => ({ ...one, ...way, voice: one.voice === "ar" ? "ar" : way.voice })),
  );
}

const median = (times: readonly number[]) => times.toSorted((a, b) => a - b)[times.length >> 1] ?? 0;

describe("the detector, on voices of the lab", () => {
  it.each(personGreetings)("takes a person for one: $text", async (greeting) => {
    const { verdict, endsAtMs } = await judge(greeting);
    expect(verdict?.party).toBe("person");
    expect((verdict?.afterMs ?? 0) - endsAtMs).toBeLessThanOrEqual(1_400);
  });

  it.each(machineGreetings)("takes a machine for one: $text", async (greeting) => {
    const { verdict, endsAtMs } = await judge(greeting);
    expect(verdict?.party).toBe("machine");
    // By its beep at the latest, or in the fifth second of its talk.
    expect(verdict?.afterMs).toBeLessThanOrEqual(Math.max(endsAtMs + 100, greeting.afterMs + 5_500));
  });

  it("is right in 19 of 20 cases on voices and noises that it was not set by", async () => {
    const people = await Promise.all(otherwise(personGreetings).map(judge));
    const machines = await Promise.all(otherwise(machineGreetings).map(judge));
    const right = (found: typeof people, party: string) =>
      found.filter(({ verdict }) => verdict?.party === party);
    expect(people).toHaveLength(48);
    expect(machines).toHaveLength(42);
    expect(right(people, "person").length / people.length).toBeGreaterThanOrEqual(0.95);
    expect(right(machines, "machine").length / machines.length).toBeGreaterThanOrEqual(0.95);
    const waits = right(people, "person").map(({ verdict, endsAtMs }) => (verdict?.afterMs ?? 0) - endsAtMs);
    expect(median(waits)).toBeLessThan(900);
    // A busy machine takes its time to speak ninety sentences.
  }, 240_000);
});
