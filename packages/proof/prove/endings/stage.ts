import { setTimeout as sleep } from "node:timers/promises";
import {
  type AnsweredCall,
  type CallId,
  type CallRecordEvent,
  type CallResult,
  makeCall,
  type PromptName,
} from "@clinic/sip-voice";
import {
  callerUtterance,
  clinicNumbers,
  type GeminiStandIn,
  type GeminiStandInEvent,
  type Lab,
  type Telephone,
  type TelephoneLine,
  type UtteranceKey,
} from "@clinic/sip-voice-lab";
import { eventually, mustCome } from "../../src/eventually.ts";
import { hearPrompt } from "../../src/prompt-sound.ts";
import type { ProofPatient } from "../../src/proof-patients.ts";

/** A moment of a call. */
export type Moment = "ringing" | "opener" | "greeting" | "listening" | "acknowledgement" | "tool-call";

const consent = { basis: "given-at-booking", recordedAt: "2026-01-05T09:00:00Z" } as const;
/** So much of a sentence has to be heard before it is known to be that one. */
const beginningMs = 5_000;
const mostRepetitions = 3;
/** How long a patient waits for an answer before saying it again. */
const patienceMs = 10_000;

/** The stage of one call: its patient, its telephone, and the ways to bring the call to a moment. */
export class Stage {
  readonly lab: Lab;
  readonly patient: ProofPatient;
  readonly gemini: GeminiStandIn;
  readonly #known: ReadonlySet<CallId>;
  /** When the stage was set; milliseconds since the epoch. */
  readonly startedAt = Date.now();
  #callId: CallId | undefined;

  private constructor(lab: Lab, gemini: GeminiStandIn, patient: ProofPatient, known: ReadonlySet<CallId>) {
    this.lab = lab;
    this.gemini = gemini;
    this.patient = patient;
    this.#known = known;
  }

  /** Sets the stage for one call. */
  static async set(lab: Lab, patient: ProofPatient): Promise<Stage> {
    if (!lab.gemini) throw new Error("Endings are proven with the Gemini stand-in.");
    return new Stage(lab, lab.gemini, patient, new Set(await lab.database.callLog.recent(1000)));
  }

  /** The patient's telephone. */
  get telephone(): Telephone {
    return this.lab.telephone(this.patient.phoneNumber);
  }

  /** The call's id, once its record has begun. */
  async callId(): Promise<CallId | undefined> {
    const recent = this.#callId ? [] : await this.lab.database.callLog.recent(5);
    this.#callId ??= recent.find((id) => !this.#known.has(id));
    return this.#callId;
  }

  /** Whether the call's record has such an event. */
  async hasHappened(fits: (event: CallRecordEvent) => boolean): Promise<boolean> {
    const callId = await this.callId();
    const record = callId === undefined ? undefined : await this.lab.database.callLog.read(callId);
    return record?.entries.some(({ event }) => fits(event)) ?? false;
  }

  /** Waits for an event of the call's record. */
  async until(what: string, fits: (event: CallRecordEvent) => boolean): Promise<void> {
    await mustCome(what, () => this.hasHappened(fits));
  }

  /** What the call's record holds, in a few words: for evidence when something did not come. */
  async story(): Promise<string> {
    const callId = await this.callId();
    const record = callId === undefined ? undefined : await this.lab.database.callLog.read(callId);
    const entries = record?.entries.map(({ event }) => this.#word(event)) ?? ["no record"];
    const model = this.gemini.events.filter(({ at }) => at >= this.startedAt).map(({ type }) => type);
    return `${entries.join(" > ")}; model: ${model.join(" > ")}`;
  }

  /** The patient calls the clinic; the call is brought to a moment. */
  async callIn(moment: Moment): Promise<TelephoneLine> {
    const line = await this.telephone.call(clinicNumbers.inbound);
    if (moment === "ringing") {
      await sleep(100);
      return line;
    }
    await line.answered;
    await this.bringTo(moment, line);
    return line;
  }

  /** The clinic calls the patient. */
  async callOut(signal?: AbortSignal): Promise<CallResult> {
    // Asking for the telephone plugs it in.
    if (this.telephone.isInUse) throw new Error("The patient's telephone is in use.");
    return await makeCall(this.patient.phoneNumber, this.patient.appointment, {
      ...this.lab.callOptions,
      consent,
      ...(signal ? { signal } : {}),
    });
  }

  /** The clinic calls the patient, who answers; the call is brought to a moment. */
  async callOutTo(moment: Moment): Promise<{ line: TelephoneLine; result: AnsweredCall }> {
    const result = await this.callOut();
    const line = this.telephone.line;
    if (result.outcome !== "answered" || !line)
      throw new Error(`The patient was not reached: ${result.outcome}`);
    await this.bringTo(moment, line);
    return { line, result };
  }

  /** Brings a call that was answered to a moment. */
  async bringTo(moment: Moment, line: TelephoneLine): Promise<void> {
    await this.until("the opener begins", ({ type }) => type === "prompt");
    await sleep(700);
    if (moment === "opener") return;
    await this.until("the opener ends", ({ type }) => type === "opener-said");
    if (moment === "acknowledgement") {
      await line.press("1");
      await this.until(
        "the key is acknowledged",
        (event) => event.type === "prompt" && event.prompt === "confirmed",
      );
      await sleep(150);
      return;
    }
    await this.#untilModel("the model greets", "speech");
    await sleep(800);
    if (moment === "greeting") return;
    await this.#untilModel("the model has greeted", "turn-complete");
    // What the model has sent is still being heard.
    await line.waitForSilence({ silenceMs: 800, timeoutMs: 15_000 });
    if (moment !== "tool-call") return;
    await this.sayUntil(line, "want-friday", "the model calls a tool", () => this.#modelDid("tool-call"));
  }

  /**
   * The patient says something until it has its effect, as people do: on a busy machine a sentence can arrive torn. Resolves
   * with the effect, also in the middle of the sentence.
   */
  async sayUntil(
    line: TelephoneLine,
    key: UtteranceKey,
    what: string,
    effect: () => boolean | Promise<boolean>,
  ): Promise<void> {
    const { samples, sampleRate } = await callerUtterance(key);
    for (let time = 1; time <= mostRepetitions; time++) {
      // The call may end in the middle of it.
      line.play(samples, sampleRate).catch(() => {});
      const { came } = await eventually(effect, patienceMs, 40);
      if (came) return;
      if (line.isOver) break;
    }
    throw new Error(`${what}: it did not come to that.`);
  }

  /**
   * Waits until the patient hears one of the clinic's sentences: its very sound, as it was prepared. Tells how many
   * milliseconds after `since` it began; `undefined` when it was not heard, or began later than `withinMs`.
   */
  async hears(
    line: TelephoneLine,
    prompt: PromptName,
    since: number,
    withinMs: number,
  ): Promise<number | undefined> {
    const timeoutMs = since + withinMs + beginningMs - performance.now();
    const at = await hearPrompt(this.lab, line, prompt, { since, timeoutMs }).catch(() => undefined);
    const ms = at === undefined ? Number.POSITIVE_INFINITY : at - since;
    return ms <= withinMs ? ms : undefined;
  }

  #word(event: CallRecordEvent): string {
    switch (event.type) {
      case "prompt":
        return event.prompt;
      case "transition":
        return event.event;
      case "model-lost":
        return `model lost: ${event.cause}`;
      case "tool":
        return `${event.name} ${event.result}`;
      default:
        return event.type;
    }
  }

  async #untilModel(what: string, type: GeminiStandInEvent["type"]): Promise<void> {
    await mustCome(what, () => this.#modelDid(type));
  }

  #modelDid(type: GeminiStandInEvent["type"]): boolean {
    return this.gemini.events.some((event) => event.type === type && event.at >= this.startedAt);
  }
}
