import type { Telephone } from "../telephone/telephone.ts";
import { callerUtterance, joinSamples, silence, speak } from "../voice/index.ts";
import { type HeardSound, heardSince, untilQuiet, whenPickedUp } from "./callee.ts";

/** How a call screener behaves. */
export interface CallScreenerOptions {
  /** How long the telephone rings; 600 ms unless given. */
  readonly ringsForMs?: number;
  /** What becomes of a caller who said who they are: put through after `connectsAfterMs`, or hung up on. */
  readonly verdict?: "connects" | "hangs-up";
  /** How long the owner of the telephone thinks; 1.5 s unless given. */
  readonly connectsAfterMs?: number;
  /** What the owner says when put through; `"Hello?"` unless given. */
  readonly hello?: string;
  /** How long the assistant waits for the caller to speak, before it hangs up; 8 s unless given. */
  readonly patienceMs?: number;
}

/** A telephone's assistant that asks callers who they are. */
export interface CallScreener {
  /** What callers said to the assistant, oldest first. */
  readonly introductions: readonly HeardSound[];
  /** Resolves when the owner has said hello to the next caller, with when that was. */
  nextConnected(): Promise<{ at: number }>;
}

const noticeText = "Hello, the person you are calling is using a screening service.";

/**
 * Plugs a call screener into a telephone: it answers in the way of the assistants of telephones' operating systems, asks who
 * is calling, listens, and then puts the caller through or not. Its question carries a tone tag, so that the Gemini stand-in
 * can transcribe it.
 */
export async function plugInCallScreener(
  telephone: Telephone,
  options: CallScreenerOptions = {},
): Promise<CallScreener> {
  const { verdict = "connects", connectsAfterMs = 1_500, patienceMs = 8_000 } = options;
  const voice = "en-us+m3";
  const notice = await speak(noticeText, { voice });
  const question = await callerUtterance("screening", { voice });
  const asking = joinSamples(notice.samples, silence(300, notice.sampleRate), question.samples);
  const hello = await speak(options.hello ?? "Hello?", { voice: "en-us+f2" });
  const introductions: HeardSound[] = [];
  const waiting: ((connected: { at: number }) => void)[] = [];
  telephone.behaviour = { kind: "answers", afterMs: options.ringsForMs ?? 600 };
  whenPickedUp(telephone, async (line) => {
    const asked = await line.play(asking, question.sampleRate);
    const spoke = await line.waitForSpeechStart({ since: asked.endedAt, timeoutMs: patienceMs }).then(
      () => true,
      () => false,
    );
    if (spoke) {
      await untilQuiet(line, { since: performance.now(), silenceMs: 1_200, longestMs: 30_000 });
      introductions.push(heardSince(line, asked.endedAt));
    }
    if (!spoke || verdict === "hangs-up") return await line.hangUp();
    await new Promise((resolve) => setTimeout(resolve, connectsAfterMs));
    const { endedAt } = await line.play(hello.samples, hello.sampleRate);
    for (const tell of waiting.splice(0)) tell({ at: endedAt });
  });
  return { introductions, nextConnected: () => new Promise((resolve) => waiting.push(resolve)) };
}
