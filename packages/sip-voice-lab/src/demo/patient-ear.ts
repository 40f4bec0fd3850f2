import { clinic } from "@clinic/gemini-sip-agent/clinic";
import type { PromptName } from "@clinic/sip-voice";
import { sentencesOf } from "../gemini-stand-in/voice-output.ts";
import { LineEnded, type TelephoneLine, TelephoneTimeout } from "../telephone/index.ts";
import { joinSamples, type Pcm, speak } from "../voice/index.ts";
import { waitToHear } from "./heard-sentence.ts";

/** What the patient listens for. */
export interface Listening {
  /** What it is, for the report. */
  readonly what: string;
  /** The sound as it was sent. */
  readonly sentence: Pcm;
  /** Sound before this moment does not count; `performance.now()` axis. */
  readonly since: number;
  /** How long to listen. */
  readonly timeoutMs: number;
  /** When the agent says that it sent the sentence, if it does. */
  readonly sentAt: () => number | undefined;
}

/**
 * The patient's ear. It recognises sentences by their sound. Where a machine that does too much at a time has torn the sound
 * beyond recognition, speech in that place counts, if the agent says that it sent the sentence; that is kept and reported.
 */
export class PatientEar {
  /** What was heard, but torn. */
  readonly torn: string[] = [];
  readonly #line: TelephoneLine;

  constructor(line: TelephoneLine) {
    this.#line = line;
  }

  /**
   * Resolves with when the sentence began.
   * @throws TelephoneTimeout or LineEnded when it was not heard.
   */
  async hear({ what, sentence, since, timeoutMs, sentAt }: Listening): Promise<number> {
    try {
      return await waitToHear(this.#line, { sentence, since, timeoutMs });
    } catch (error) {
      if (!(error instanceof TelephoneTimeout || error instanceof LineEnded)) throw error;
      const from = sentAt();
      if (from === undefined) throw error;
      const to = from + lengthMs(sentence) + timeoutMs;
      const heardMs = this.#speechMs(Math.max(from, since), to);
      if (heardMs < lengthMs(sentence) / 3) throw new TelephoneTimeout(`did not hear “${what}”`, timeoutMs);
      this.torn.push(what);
      return Math.max(from, since);
    }
  }

  #speechMs(from: number, to: number): number {
    return this.#line.speechHeard
      .map(({ startedAt, endedAt = performance.now() }) => Math.min(endedAt, to) - Math.max(startedAt, from))
      .reduce((sum, ms) => sum + Math.max(0, ms), 0);
  }
}

/** The sound of a fixed sentence, as the agent plays it. */
export function promptSound(prompt: PromptName): Promise<Pcm> {
  return speak(clinic.prompts["en-US"][prompt], { language: "en-US" });
}

/** The sound of the model's words: the very samples that the stand-in sent. */
export async function modelSound(text: string): Promise<Pcm> {
  const spoken = await Promise.all(sentencesOf(text).map((sentence) => speak(sentence)));
  return {
    samples: joinSamples(...spoken.map(({ samples }) => samples)),
    sampleRate: spoken[0]?.sampleRate ?? 0,
  };
}

/** The length of a sound. */
export function lengthMs({ samples, sampleRate }: Pcm): number {
  return (samples.length * 1000) / sampleRate;
}
