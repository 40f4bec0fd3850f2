import type { SpeechLanguage } from "../voice/speech.ts";
import { until } from "./until.ts";
import { pieceMs, sayPaced } from "./voice-output.ts";

/** What a turn of the model is to hold, decided once the think-time is over. */
export interface TurnPlan {
  /** Words to speak; an empty text is not spoken. */
  text: string;
  /** The language of the words. */
  language?: SpeechLanguage | undefined;
  /** Sends the tool call that follows the words; the turn is then completed by what follows the tool's answer. */
  call?: (() => void) | undefined;
  /** Stop after so many milliseconds of sound, and never complete. */
  stall?: { afterMs: number; onStall: () => void };
}

/** What a {@link ModelTurn} works with. */
export interface ModelTurnOptions {
  thinkTimeMs: number;
  pace: number;
  turnCompletes: "after-playback" | "at-once";
  transcribes: boolean;
  /** Decides what to say and do; `undefined` for no reply at all. */
  plan: () => TurnPlan | undefined;
  /** Sends a message to the client. */
  send: (message: object) => void;
  /** The words are all out, with the length of their sound. */
  onSpoken: (text: string, milliseconds: number) => void;
  /** The turn is over, by completion or interruption. */
  onComplete: (interrupted: boolean) => void;
}

/** One turn of the model: it thinks, speaks, and calls a tool or completes the turn. */
export class ModelTurn {
  readonly #abort = new AbortController();
  readonly #options: ModelTurnOptions;
  #over = false;

  constructor(options: ModelTurnOptions) {
    this.#options = options;
  }

  /** Whether the turn has ended. */
  get over(): boolean {
    return this.#over;
  }

  /** Starts the turn; it goes on by itself. */
  start(): this {
    this.#run().catch((error: unknown) => {
      if (!this.#abort.signal.aborted) throw error;
    });
    return this;
  }

  /** Stops the turn as Gemini does when the caller speaks: `interrupted`, then the turn is complete. */
  interrupt(): void {
    if (this.#over) return;
    this.drop();
    this.#options.send({ serverContent: { interrupted: true } });
    this.#complete(0, true);
  }

  /** Stops the turn without a word, as when the connection is gone. */
  drop(): void {
    this.#over = true;
    this.#abort.abort();
  }

  async #run(): Promise<void> {
    const { thinkTimeMs, plan, turnCompletes, send } = this.#options;
    const { signal } = this.#abort;
    await until(thinkTimeMs, signal);
    const planned = plan();
    signal.throwIfAborted();
    if (planned === undefined) {
      this.#over = true;
      return;
    }
    const start = performance.now();
    const spoken = planned.text === "" ? 0 : await this.#speak(planned);
    if (planned.call !== undefined) {
      this.#over = true;
      planned.call();
      return;
    }
    if (spoken > 0) send({ serverContent: { generationComplete: true } });
    // Gemini takes it that the client plays the sound at its own speed, and completes the turn when it has.
    if (turnCompletes === "after-playback") await until(spoken - (performance.now() - start), signal);
    this.#over = true;
    this.#complete(spoken, false);
  }

  async #speak({ text, language, stall }: TurnPlan): Promise<number> {
    const { send, pace, transcribes, onSpoken } = this.#options;
    let sentMs = 0;
    const onPiece = ({ data, text: words }: { data: string; text: string }) => {
      if (stall && !this.#over && sentMs >= stall.afterMs) {
        this.drop();
        stall.onStall();
      }
      if (this.#over) return;
      sentMs += pieceMs;
      const part = { inlineData: { mimeType: "audio/pcm;rate=24000", data } };
      send({ serverContent: { modelTurn: { role: "model", parts: [part] } } });
      if (transcribes && words !== "") send({ serverContent: { outputTranscription: { text: words } } });
    };
    const milliseconds = await sayPaced({ text, language, pace, signal: this.#abort.signal, onPiece });
    onSpoken(text, milliseconds);
    return milliseconds;
  }

  #complete(spokenMs: number, interrupted: boolean): void {
    // About 25 audio tokens a second, as Gemini counts.
    const responseTokenCount = Math.round(spokenMs / 40);
    this.#options.send({
      serverContent: { turnComplete: true },
      usageMetadata: {
        promptTokenCount: 100,
        responseTokenCount,
        totalTokenCount: 100 + responseTokenCount,
        responseTokensDetails: [{ modality: "AUDIO", tokenCount: responseTokenCount }],
      },
    });
    this.#options.onComplete(interrupted);
  }
}
