import type { Telephone } from "../telephone/telephone.ts";
import { joinSamples, silence, speak } from "../voice/index.ts";
import { whenPickedUp } from "./callee.ts";
import { mixSamples, noiseSound } from "./sound.ts";

/** How a person picks up. */
export interface PersonOptions {
  /** How long the telephone rings; 600 ms unless given. */
  readonly ringsForMs?: number;
  /** What they say; nothing when empty. `"Hello?"` unless given. */
  readonly hello?: string;
  /** How long after they picked up; 300 ms unless given. */
  readonly afterMs?: number;
  /** An espeak-ng voice. */
  readonly voice?: string;
  /** Noise around them, as a root mean square of full scale (0.01 is a busy street); none unless given. */
  readonly noise?: number;
  /** For how long the noise goes on; 20 s unless given. */
  readonly noiseMs?: number;
}

/** Somebody at a telephone. */
export interface Person {
  /** Resolves when they have said hello on the next call, with when they began and ended (`performance.now()` axis). */
  nextHello(): Promise<{ startedAt: number; endedAt: number }>;
}

/** Has a person pick a telephone up and say hello, at once or late, briefly or at length, in quiet or in noise; or say nothing. */
export async function seatPerson(telephone: Telephone, options: PersonOptions = {}): Promise<Person> {
  const { hello = "Hello?", afterMs = 300, voice = "en-us+f2", noise = 0, noiseMs = 20_000 } = options;
  const spoken = hello === "" ? undefined : await speak(hello, { voice });
  const sampleRate = spoken?.sampleRate ?? 24_000;
  const words = spoken?.samples ?? silence(0, sampleRate);
  const said = joinSamples(silence(afterMs, sampleRate), words);
  const sound = noise > 0 ? mixSamples(said, noiseSound(noiseMs, sampleRate, noise)) : said;
  const waiting: ((said: { startedAt: number; endedAt: number }) => void)[] = [];
  telephone.behaviour = { kind: "answers", afterMs: options.ringsForMs ?? 600 };
  whenPickedUp(telephone, async (line) => {
    const { startedAt } = await line.play(sound, sampleRate);
    const helloAt = startedAt + afterMs;
    const times = { startedAt: helloAt, endedAt: helloAt + (words.length * 1000) / sampleRate };
    for (const tell of waiting.splice(0)) tell(times);
  });
  return { nextHello: () => new Promise((resolve) => waiting.push(resolve)) };
}
