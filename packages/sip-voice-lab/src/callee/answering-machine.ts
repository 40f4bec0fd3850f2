import type { Telephone } from "../telephone/telephone.ts";
import { joinSamples, silence, speak } from "../voice/index.ts";
import { type HeardSound, heardSince, untilQuiet, whenPickedUp } from "./callee.ts";
import { type Beep, beepSound } from "./sound.ts";

/** How an answering machine is set up. */
export interface AnsweringMachineOptions {
  /** How long it lets the telephone ring; 800 ms unless given. */
  readonly ringsForMs?: number;
  /** What it says. */
  readonly greeting?: string;
  /** An espeak-ng voice. */
  readonly voice?: string;
  /** The pause between greeting and beep; 400 ms unless given. */
  readonly pauseMs?: number;
  /** Its beep, 1,000 Hz for 400 ms unless given; `"none"` for a machine without one. */
  readonly beep?: Beep | "none";
  /** After how much silence it stops recording and hangs up; 4 s unless given. */
  readonly silenceMs?: number;
  /** After how long it stops recording and hangs up in any case; 60 s unless given. */
  readonly longestMs?: number;
}

/** An answering machine on a telephone. */
export interface AnsweringMachine {
  /** What it recorded, oldest first. A call that ended before the beep left nothing. */
  readonly messages: readonly HeardSound[];
  /** Calls that it took. */
  readonly calls: number;
  /** Resolves with the next message, once its recording has ended. */
  nextMessage(): Promise<HeardSound>;
}

const greetingText =
  "Hi, you have reached five five five, zero one one two. I can't come to the phone right now. " +
  "Please leave a message after the tone, and I will call you back as soon as I can.";

/** Plugs an answering machine into a telephone: it answers, speaks, beeps, records what it hears, and hangs up. */
export async function plugInAnsweringMachine(
  telephone: Telephone,
  options: AnsweringMachineOptions = {},
): Promise<AnsweringMachine> {
  const { greeting = greetingText, voice = "en-us+f3", pauseMs = 400 } = options;
  const { beep = { hertz: 1_000, ms: 400 }, silenceMs = 4_000, longestMs = 60_000 } = options;
  const { samples, sampleRate } = await speak(greeting, { voice });
  const tone = beep === "none" ? silence(0, sampleRate) : beepSound(beep, sampleRate);
  const announcement = joinSamples(samples, silence(pauseMs, sampleRate), tone);

  const messages: HeardSound[] = [];
  const waiting: ((message: HeardSound) => void)[] = [];
  let calls = 0;
  telephone.behaviour = { kind: "answers", afterMs: options.ringsForMs ?? 800 };
  whenPickedUp(telephone, async (line) => {
    calls += 1;
    const { endedAt } = await line.play(announcement, sampleRate);
    await untilQuiet(line, { since: endedAt, silenceMs, longestMs });
    const message = heardSince(line, endedAt);
    messages.push(message);
    for (const tell of waiting.splice(0)) tell(message);
    await line.hangUp();
  });
  return {
    messages,
    get calls() {
      return calls;
    },
    nextMessage: () => new Promise((resolve) => waiting.push(resolve)),
  };
}
