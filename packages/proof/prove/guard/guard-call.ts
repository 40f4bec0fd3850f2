import { setTimeout as sleep } from "node:timers/promises";
import { clinic } from "@clinic/gemini-sip-agent/clinic";
import {
  type AudioClip,
  type CallRecordEntry,
  type CallRecordEvent,
  makeCall,
  type PromptName,
} from "@clinic/sip-voice";
import { promptDirectory } from "@clinic/sip-voice/agent";
import {
  callerUtterance,
  clinicNumbers,
  type GeminiSession,
  type GeminiStandIn,
  type Lab,
  type TelephoneLine,
  type UtteranceKey,
  waitToHear,
} from "@clinic/sip-voice-lab";
import { eventually, mustCome } from "../../src/eventually.ts";
import type { ProofPatient } from "../../src/proof-patients.ts";
import type { GuardPhase } from "./plan.ts";

const consent = { basis: "given-at-booking", recordedAt: "2026-01-05T09:00:00Z" } as const;
/** How long the telephone of a patient who is called rings. */
const ringsForMs = 3_000;
/** How much before a sentence is told in the record it may begin to be heard. */
const sendingMs = 300;

/** How a sentence was heard. */
export interface HeardPrompt {
  /** When it began, in milliseconds since 1970. */
  readonly at: number;
  /** Whether it could not be recognised. */
  readonly torn: boolean;
}

/** When the sound began that fills at least a third of a sentence's place; `performance.now()` axis. */
function soundIn(line: TelephoneLine, from: number, ms: number): number | undefined {
  const to = from + ms + 2 * sendingMs;
  const pieces = line.speechHeard
    .map(({ startedAt, endedAt = performance.now() }) => ({
      from: Math.max(startedAt, from),
      to: Math.min(endedAt, to),
    }))
    .filter((piece) => piece.to > piece.from);
  const heardMs = pieces.reduce((sum, piece) => sum + piece.to - piece.from, 0);
  return heardMs >= ms / 3 ? pieces[0]?.from : undefined;
}

function lengthMs({ samples, sampleRate }: AudioClip): number {
  return (samples.length * 1000) / sampleRate;
}

/** One call of the proof, with the session of the model that serves it. */
export class GuardCall {
  readonly line: TelephoneLine;
  readonly session: GeminiSession;
  readonly callId: string;
  readonly #lab: Lab;
  readonly #gemini: GeminiStandIn;

  private constructor(
    lab: Lab,
    gemini: GeminiStandIn,
    line: TelephoneLine,
    session: GeminiSession,
    callId: string,
  ) {
    this.#lab = lab;
    this.#gemini = gemini;
    this.line = line;
    this.session = session;
    this.callId = callId;
  }

  /**
   * Has a patient and the clinic connected, up to the moment at which the model's session is known; only one call at a time
   * may begin, or the sessions could be mixed up. `ringing` is a call that the clinic makes: its model is there before.
   */
  static async begin(lab: Lab, patient: ProofPatient, phase: GuardPhase): Promise<GuardCall> {
    const { gemini } = lab;
    if (!gemini) throw new Error("The watchdog is proven with the Gemini stand-in.");
    const before = gemini.sessions.length;
    const telephone = lab.telephone(patient.phoneNumber);
    let line: TelephoneLine;
    if (phase === "ringing") {
      telephone.behaviour = { kind: "answers", afterMs: ringsForMs };
      const calling = makeCall(patient.phoneNumber, patient.appointment, { ...lab.callOptions, consent });
      calling.catch(() => {});
      await mustCome("the telephone rings", () => telephone.line !== undefined, 30_000);
      line = telephone.line as TelephoneLine;
    } else {
      line = await telephone.call(clinicNumbers.inbound);
      await line.answered;
    }
    // LiveKit's plugin opens two and closes the first. Another call may be getting a new one meanwhile.
    const own = (): GeminiSession | undefined => {
      const begun = gemini.sessions
        .slice(before)
        .filter(({ setup, memory }) => setup && !/^$|you take over now/.test(memory.systemInstruction));
      return begun.length < 2 ? undefined : begun.findLast(({ open }) => open);
    };
    await mustCome("the model connects", () => own() !== undefined, 20_000);
    let callId: string | undefined;
    await mustCome("the agent tells its call", async () => {
      const members = await lab.rooms.listParticipants(line.room);
      callId = members.map(({ attributes }) => attributes["clinic.callId"]).find(Boolean);
      return callId !== undefined;
    });
    return new GuardCall(lab, gemini, line, own() as GeminiSession, callId ?? "");
  }

  /** Brings the call to a moment. */
  async bringTo(phase: GuardPhase): Promise<void> {
    if (phase === "ringing") return;
    await this.until("the opener begins", ({ type }) => type === "prompt");
    if (phase === "opener") return await sleep(500);
    await this.until("the opener ends", ({ type }) => type === "opener-said");
    if (phase === "acknowledgement") {
      await this.line.press("2");
      return await this.until("the key is acknowledged", isPrompt("reschedule-requested"));
    }
    if (phase === "transfer") {
      await this.line.press("0");
      return await this.until("the transfer begins", isPrompt("operator"));
    }
    await this.#untilModel("the model greets", "speech");
    if (phase === "greeting") return await sleep(500);
    await this.#untilModel("the model has greeted", "turn-complete");
    if (phase === "between-keys") await this.line.press("7");
    if (phase === "caller-speaking") {
      const said = this.say("when");
      said.catch(() => {});
      await sleep(600);
    }
    if (phase === "tool-running") {
      const said = this.say("want-friday");
      said.catch(() => {});
      await this.#untilModel("the model calls a tool", "tool-call");
    }
  }

  /** The patient says something; resolves when it was said, with the moment in milliseconds since 1970. */
  async say(key: UtteranceKey): Promise<number> {
    const { samples, sampleRate } = await callerUtterance(key);
    await this.line.play(samples, sampleRate);
    return Date.now();
  }

  /** The operator did not take the call, and the caller hears so. */
  async comesBack(): Promise<void> {
    await this.until("the caller is back", ({ type }) => type === "transfer");
  }

  /** Whether the caller was told at a moment that the operator does not come. */
  async isBackAt(at: number): Promise<boolean> {
    return (await this.entries()).some((entry) => entry.event.type === "transfer" && entry.at <= at);
  }

  /**
   * When the patient heard one of the sentences begin: one that was being said at a moment, or that began after it. The record
   * only says where to listen: to look for a sentence in all of the sound takes long, and these telephones run in the same
   * process. Where the machine has torn the sound beyond recognition, sound in the sentence's place counts.
   */
  async hears(
    prompts: readonly PromptName[],
    moment: number,
    until: number,
  ): Promise<HeardPrompt | undefined> {
    let said: { readonly at: number; readonly sentence: AudioClip } | undefined;
    const sentences = await Promise.all(
      prompts.map(async (name) => [name, await this.#soundOf(name)] as const),
    );
    const looks = async (): Promise<boolean> => {
      for (const { at, event } of await this.entries()) {
        const sentence = sentences.find(([name]) => isPrompt(name)(event))?.[1];
        if (sentence && !said && at + lengthMs(sentence) > moment) said = { at, sentence };
      }
      return said !== undefined;
    };
    await eventually(looks, Math.max(0, until - Date.now()), 50);
    if (!said) return undefined;
    const { sentence } = said;
    const axis = Date.now() - performance.now();
    const from = said.at - axis;
    // A sentence is known by its first seconds.
    const timeoutMs = Math.max(1_000, until - Date.now()) + 4_500;
    const heardAt = await waitToHear(this.line, { sentence, since: from - sendingMs, timeoutMs }).catch(
      () => undefined,
    );
    const at = heardAt ?? soundIn(this.line, from, lengthMs(sentence));
    return at === undefined || at + axis > until ? undefined : { at: at + axis, torn: heardAt === undefined };
  }

  async #soundOf(prompt: PromptName): Promise<AudioClip> {
    const audio = promptDirectory(this.#lab.workerEnvironment.SIP_VOICE_PROMPTS ?? "");
    const sentence = await audio.find(clinic.prompts["en-US"][prompt], "en-US");
    if (!sentence) throw new Error(`There is no prepared audio for "${prompt}".`);
    return sentence;
  }

  /** The call's record as it is now. */
  async entries(): Promise<readonly CallRecordEntry[]> {
    return (await this.#lab.database.callLog.read(this.callId))?.entries ?? [];
  }

  /** Waits for an event of the call's record. */
  async until(what: string, fits: (event: CallRecordEvent) => boolean, withinMs = 20_000): Promise<void> {
    await mustCome(what, async () => (await this.entries()).some(({ event }) => fits(event)), withinMs);
  }

  async #untilModel(what: string, type: "speech" | "turn-complete" | "tool-call"): Promise<void> {
    const { id } = this.session;
    await mustCome(
      what,
      () => this.#gemini.events.some((event) => event.type === type && event.sessionId === id),
      30_000,
    );
  }
}

/** Whether an event is the saying of a sentence. */
export function isPrompt(name: PromptName): (event: CallRecordEvent) => boolean {
  return (event) => event.type === "prompt" && event.prompt === name;
}
