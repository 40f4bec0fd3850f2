import { joinSamples, type Pcm, scaleSamples, silence, speak } from "../voice/index.ts";
import { type Beep, beepSound, mixSamples, noiseSound } from "./sound.ts";

/** How a greeting sounds. */
export interface Greeting {
  /** The words. */
  readonly text: string;
  /** An espeak-ng voice. */
  readonly voice: string;
  /** Words a minute. */
  readonly pace: number;
  /** Silence before it, in milliseconds. */
  readonly afterMs: number;
  /** Its loudness, 1 for the voice as it is. */
  readonly level: number;
  /** Noise around it, as a root mean square of full scale. */
  readonly noise: number;
}

/** A machine's greeting. */
export interface MachineGreeting extends Greeting {
  /** The pause before the beep, in milliseconds. */
  readonly pauseMs: number;
  /** The beep; `"none"` where there is none. */
  readonly beep: Beep | "none";
}

type Sound = readonly [voice: string, pace: number, afterMs: number, level: number, noise: number];
const greeting = (text: string, [voice, pace, afterMs, level, noise]: Sound): Greeting => ({
  text,
  voice,
  pace,
  afterMs,
  level,
  noise,
});
const machine = (
  text: string,
  sound: Sound,
  pauseMs: number,
  hertz: number,
  ms: number,
): MachineGreeting => ({
  ...greeting(text, sound),
  pauseMs,
  beep: hertz === 0 ? "none" : { hertz, ms },
});

/** How people answer: brief, late, quiet, hurried, in noise, and at length. */
export const personGreetings: readonly Greeting[] = [
  greeting("Hello?", ["en-us", 150, 300, 1, 0]),
  greeting("Hello?", ["en-us+f2", 200, 100, 0.3, 0]),
  greeting("Hello?", ["en-us+m3", 120, 1_500, 0.6, 0.003]),
  greeting("Hi.", ["en-us+f4", 170, 700, 0.8, 0]),
  greeting("Yes?", ["en-us+m1", 150, 400, 1, 0.006]),
  greeting("Yeah, hello?", ["en-us+m7", 190, 200, 0.5, 0]),
  greeting("Hello, who is this?", ["en-us+f3", 160, 500, 0.9, 0.003]),
  greeting("Good morning, Lopez speaking.", ["en-us+m2", 150, 600, 1, 0]),
  greeting("Hello, this is Maria.", ["en-us+f5", 175, 300, 0.15, 0]),
  greeting("Hello? Hello?", ["en-us+m4", 160, 900, 0.7, 0]),
  greeting("Lopez residence, good afternoon, how can I help you?", ["en-us+f1", 170, 400, 0.8, 0]),
  greeting("Hello, this is Thomas speaking, sorry, I was just in the kitchen.", ["en-us+m5", 180, 300, 1, 0]),
  greeting("Hello, you are speaking with Grace, what can I do for you today?", [
    "en-us+f2",
    160,
    300,
    0.9,
    0.003,
  ]),
  greeting("Hello?", ["en-us+f3", 150, 2_500, 0.4, 0.003]),
  greeting("Who is calling?", ["en-us+m6", 150, 300, 1, 0.01]),
  greeting("نعم؟ مرحبا.", ["ar", 150, 400, 1, 0]),
];

/** How machines answer: long, short, with pauses, quiet, in noise, with all kinds of beeps and with none. */
export const machineGreetings: readonly MachineGreeting[] = [
  machine(
    "Hi, you have reached Maria. I can't come to the phone right now. Please leave a message after the tone.",
    ["en-us+f3", 150, 500, 1, 0],
    400,
    1_000,
    400,
  ),
  machine(
    "Your call has been forwarded to an automated voice messaging system. At the tone, please record your message.",
    ["en-us+f1", 160, 300, 0.8, 0],
    800,
    440,
    500,
  ),
  machine(
    "The person you have called is not available right now. Please leave a message.",
    ["en-us+m1", 150, 1_000, 0.5, 0],
    1_500,
    1_400,
    250,
  ),
  machine("You have reached the Lopez family. Leave a message.", ["en-us+m3", 170, 400, 1, 0], 600, 850, 300),
  machine("Leave a message.", ["en-us+m4", 150, 800, 1, 0], 300, 1_000, 200),
  machine(
    "Hello! This is Grace. I'm not here. You know what to do.",
    ["en-us+f4", 180, 300, 0.9, 0],
    500,
    1_100,
    700,
  ),
  machine(
    "Hey, it's Tom. Sorry I missed you. Leave your name and number and I'll get back to you soon. Thanks!",
    ["en-us+m5", 200, 200, 0.3, 0.003],
    1_000,
    620,
    400,
  ),
  machine(
    "The mailbox is full and can not accept any messages at this time. Goodbye.",
    ["en-us+f5", 160, 600, 0.8, 0],
    0,
    0,
    0,
  ),
  machine(
    "The number you have dialled is not in service. Please check the number and dial again.",
    ["en-us+m2", 150, 900, 0.7, 0],
    0,
    0,
    0,
  ),
  machine(
    "Hi. We can't take your call. Please call back during our business hours, Monday to Friday, nine to five.",
    ["en-us+f2", 165, 300, 0.9, 0.006],
    700,
    0,
    0,
  ),
  machine(
    "Please leave a detailed message after the beep, and somebody will return your call.",
    ["en-us+m6", 140, 2_000, 0.6, 0.003],
    2_000,
    950,
    1_000,
  ),
  machine("Hello, you've reached Omar's voicemail.", ["en-us+m7", 160, 300, 1, 0], 900, 1_200, 300),
  machine(
    "لقد اتصلت بهاتف عمر، لا أستطيع الرد الآن، من فضلك اترك رسالة بعد سماع الصفارة.",
    ["ar", 150, 400, 1, 0],
    500,
    1_000,
    400,
  ),
  machine(
    "Welcome to the voice mail of five five five, zero one one four. Nobody is available to take your call.",
    ["en-us+f3", 190, 500, 0.2, 0],
    600,
    700,
    500,
  ),
];

/** The sound of an answer: the greeting, a beep where there is one, and `afterwardsMs` in which nobody says anything. */
export async function greetingSound(
  answer: Greeting | MachineGreeting,
  sampleRate: number,
  afterwardsMs = 4_000,
): Promise<Pcm & { endsAtMs: number }> {
  const { samples } = await speak(answer.text, {
    voice: answer.voice,
    wordsPerMinute: answer.pace,
    sampleRate,
  });
  const pieces = [silence(answer.afterMs, sampleRate), scaleSamples(samples, answer.level)];
  if ("beep" in answer && answer.beep !== "none")
    pieces.push(silence(answer.pauseMs, sampleRate), beepSound(answer.beep, sampleRate));
  const said = joinSamples(...pieces);
  const quiet = joinSamples(said, silence(afterwardsMs, sampleRate));
  const endsAtMs = (said.length * 1000) / sampleRate;
  if (answer.noise === 0) return { samples: quiet, sampleRate, endsAtMs };
  const noise = noiseSound((quiet.length * 1000) / sampleRate, sampleRate, answer.noise);
  return { samples: mixSamples(quiet, noise), sampleRate, endsAtMs };
}
