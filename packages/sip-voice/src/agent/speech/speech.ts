import type { voice } from "@livekit/agents";
import type { Language, PromptName, PromptTexts } from "../../call/prompt.ts";
import { type Clock, pause } from "../../clock.ts";
import type { Logger } from "../../log/logger.ts";
import type { AudioClip, PromptAudio } from "../../prompts/prompt-audio.ts";
import type { CallRecorder } from "../call/call-recorder.ts";
import { verbatimInstructions } from "../model/instructions.ts";
import { ModelNotes } from "../model/model-notes.ts";
import type { PromptPlayer } from "./prompt-player.ts";

/** How long the model may go on talking before the agent acts all the same. */
const longestSentenceMs = 8_000;
/** How long the model must be silent to have finished. */
const settledMs = 400;
/** How long it is looked for the sound of a sentence, wherever that is kept. */
const lookMs = 1_000;
/** How long the model may take over a fixed sentence, from being asked to its end. */
const verbatimMs = 20_000;

/** What a {@link Speech} needs. */
export interface SpeechOptions {
  /** The session that speaks now; another one after a rebuild. */
  readonly session: voice.AgentSession;
  readonly player: PromptPlayer;
  /** What was prepared. */
  readonly audio: PromptAudio;
  /** What is spoken in the call; without it what was not prepared is the model's to say. */
  readonly spoken?: PromptAudio | undefined;
  /** The wording of the fixed sentences, in every language of the clinic. */
  readonly texts: Readonly<Record<Language, PromptTexts>>;
  /** The language in which the call begins. */
  readonly language: Language;
  readonly recorder: CallRecorder;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The agent's two voices, prepared audio and the model's, so that they do not speak at once. */
export class Speech {
  readonly #options: SpeechOptions;
  #modelWorks = true;
  #isMuted = false;
  #language: Language;
  #interruptions = 0;
  readonly #notes = new ModelNotes();

  /** Makes the speech of one call. */
  constructor(options: SpeechOptions) {
    this.#options = options;
    this.#language = options.language;
  }

  /** From now on the fixed sentences are said in another language. */
  speakIn(language: Language): void {
    this.#language = language;
  }

  /** The wording of a fixed sentence. */
  textOf(prompt: PromptName): string {
    return this.#options.texts[this.#language][prompt];
  }

  /** From now on only prepared audio speaks. */
  loseModel(): void {
    this.#modelWorks = false;
  }

  /** The model speaks again. */
  restoreModel(): void {
    this.#modelWorks = true;
  }

  /** Whether the model is to hold its tongue. */
  get isMuted(): boolean {
    return this.#isMuted;
  }

  /** Has the model hold its tongue, or lets it speak again; it goes on listening. */
  muteModel(muted: boolean): void {
    if (this.#isMuted === muted) return;
    this.#isMuted = muted;
    this.#options.session.output.setAudioEnabled(!muted);
  }

  /** Cuts a fixed sentence short; the model may go on. */
  stopSentence(): void {
    this.#interruptions += 1;
    this.#options.player.stop();
  }

  /** Whether a fixed sentence is being said. */
  get isPlaying(): boolean {
    return this.#options.player.isPlaying;
  }

  /** Whether either voice speaks, or is about to. */
  get isSpeaking(): boolean {
    const { agentState } = this.#options.session;
    return this.isPlaying || (this.#modelWorks && (agentState === "speaking" || agentState === "thinking"));
  }

  /** Falls silent, both voices. */
  interrupt(): void {
    this.#interruptions += 1;
    this.#options.player.stop();
    this.#interruptModel();
  }

  /** Says a fixed sentence; resolves when it was said or cut short. */
  async say(prompt: PromptName): Promise<void> {
    await this.sayText(prompt, this.textOf(prompt), this.#language);
  }

  /** Says a sentence of the clinic's own; `prompt` is its name in the record. Resolves when it was said or cut short. */
  async sayText(prompt: string, text: string, language: Language): Promise<void> {
    const { player, recorder, logger } = this.#options;
    const interruptions = this.#interruptions;
    const sound = await this.#soundOf(text, language);
    // Whoever interrupted meanwhile wants to hear something else.
    if (interruptions !== this.#interruptions) return;
    if (sound) {
      recorder.add({ type: "prompt", prompt, source: sound.source });
      const cutShort = this.#notes.said(text);
      try {
        if (!(await player.play(sound.clip))) cutShort();
      } catch (error) {
        logger.error({ error, prompt }, "a sentence's audio could not be played");
      }
      return;
    }
    recorder.add({ type: "prompt", prompt, source: this.#modelWorks ? "model" : "none" });
    if (this.#modelWorks) await this.#sayByModel(text);
    else logger.error({ prompt }, "a sentence has neither prepared audio nor a voice to speak it");
  }

  /** Has the model speak; resolves when it has finished, was interrupted or failed. */
  async reply(instructions: string): Promise<void> {
    if (!this.#modelWorks || this.#isMuted) return;
    await this.#generate(this.#notes.before(instructions));
  }

  /** In the order of trust: what was prepared, what a text-to-speech makes of it now. */
  async #soundOf(
    text: string,
    language: Language,
  ): Promise<{ clip: AudioClip; source: "prepared" | "tts" } | undefined> {
    const { audio, spoken, clock } = this.#options;
    const over = new AbortController();
    const late = pause(clock, lookMs, over.signal).then(() => undefined);
    const prepared = await Promise.race([audio.find(text, language).catch(() => undefined), late]);
    over.abort();
    if (prepared) return { clip: prepared, source: "prepared" };
    const clip = await spoken?.find(text, language).catch(() => undefined);
    return clip && { clip, source: "tts" };
  }

  /** The last resort: word for word, as far as a model does that. Heard also from a model that holds its tongue. */
  async #sayByModel(text: string): Promise<void> {
    const { session, clock } = this.#options;
    if (this.#isMuted) session.output.setAudioEnabled(true);
    const over = new AbortController();
    await Promise.race([this.#generate(verbatimInstructions(text)), pause(clock, verbatimMs, over.signal)]);
    over.abort();
    if (this.#isMuted) session.output.setAudioEnabled(false);
  }

  async #generate(instructions: string): Promise<void> {
    try {
      await this.#options.session.generateReply({ instructions }).waitForPlayout();
    } catch (error) {
      this.#options.logger.warn({ error }, "the model did not reply");
    }
  }

  /** Resolves when neither voice speaks, or after a while in any case. */
  async finished(): Promise<void> {
    const { player, clock, session } = this.#options;
    const until = clock.now() + longestSentenceMs;
    const idle = new AbortController();
    await Promise.race([player.idle, pause(clock, longestSentenceMs, idle.signal)]);
    idle.abort();
    let silentSince = clock.now();
    while (this.#modelWorks && !this.#isMuted && clock.now() < until) {
      if (session.agentState === "speaking" || session.agentState === "thinking") silentSince = clock.now();
      else if (clock.now() - silentSince >= settledMs) return;
      await pause(clock, 50);
    }
  }

  #interruptModel(): void {
    if (!this.#modelWorks) return;
    try {
      // Without `force` a sentence that disallows interruptions would go on under the acknowledgement.
      this.#options.session.interrupt({ force: true });
    } catch (error) {
      this.#options.logger.debug({ error }, "nothing to interrupt");
    }
  }
}
