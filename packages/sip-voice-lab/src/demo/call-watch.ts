import { setTimeout as sleep } from "node:timers/promises";
import { clinic } from "@clinic/gemini-sip-agent/clinic";
import type { CallRecord, CallRecordEntry, PromptName } from "@clinic/sip-voice";
import type { GeminiStandInEvent } from "../gemini-stand-in/index.ts";
import type { Lab } from "../lab/lab.ts";
import type { DemoCall } from "./demo-call.ts";
import type { LiveView } from "./live-view.ts";
import type { ModelTalk } from "./model-talk.ts";

const lookEveryMs = 60;
/** Two processes read the clock in milliseconds, and one of them slews. */
const clockSlackMs = 20;

/** A sentence of the model. */
export interface ModelSentence {
  readonly text: string;
  /** When its first sound can have been heard, at the earliest; `performance.now()` axis. */
  readonly since: number;
}

/** What a call waited for did not come. */
export class CallTrouble extends Error {}

/** Follows one call while it goes on, from its record and from what the model says, and shows it. */
export class CallWatch {
  /** What the model has said so far. */
  readonly modelSaid: ModelSentence[] = [];
  /** The call's record so far. */
  record: CallRecord | undefined;
  readonly #call: DemoCall;
  readonly #lab: Lab;
  readonly #view: LiveView;
  readonly #talk: ModelTalk;
  readonly #done = new AbortController();
  readonly #unfollow: () => void;
  #callId: string | undefined;
  #shown = 0;
  #looking: Promise<void>;

  constructor(call: DemoCall, lab: Lab, view: LiveView, talk: ModelTalk) {
    this.#call = call;
    this.#lab = lab;
    this.#view = view;
    this.#talk = talk;
    const startedAt = Date.now();
    const unknown = call.direction === "inbound" && call.unknownBecause !== undefined;
    const mark = unknown ? "Nothing was found for this call" : `Patient name: ${call.patient.name}.`;
    this.#unfollow = talk.follow(
      (instruction, at) => (call.alone ? at >= startedAt : instruction.includes(mark)),
      (event) => this.#hearModel(event),
    );
    this.#looking = this.#look();
  }

  /** From now on the record of this call is followed. */
  follow(callId: string): void {
    this.#callId = callId;
  }

  /** The patient does something. */
  patient(text: string): void {
    this.#view.show(this.#call.name, "patient", `${this.#call.patient.name} ${text}`);
  }

  /** Something else happens. */
  event(text: string): void {
    this.#view.show(this.#call.name, "event", `· ${text}`);
  }

  /** When the agent began to say a fixed sentence after a moment, by the record; `performance.now()` axis. */
  promptAt(prompt: PromptName, since: number): number | undefined {
    const entry = this.record?.entries.find(
      ({ at, event }) =>
        event.type === "prompt" &&
        event.prompt === prompt &&
        at - performance.timeOrigin >= since - clockSlackMs,
    );
    return entry && entry.at - performance.timeOrigin;
  }

  /** Waits for something that this watch sees. */
  async until<T>(what: string, timeoutMs: number, look: () => T | undefined): Promise<T> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      if (performance.now() >= deadline)
        throw new CallTrouble(`${what} did not come within ${timeoutMs / 1000} s`);
      await sleep(lookEveryMs / 2);
    }
  }

  /** Stops following, once the agent has written the end of the record or `withinMs` have passed. */
  async close(withinMs: number): Promise<void> {
    if (this.#callId !== undefined)
      await this.until("the record's end", withinMs, () => this.record?.finalState).catch(() => {});
    this.#done.abort();
    this.#unfollow();
    await this.#looking;
  }

  async #look(): Promise<void> {
    while (!this.#done.signal.aborted) {
      this.#talk.update();
      if (this.#callId !== undefined) {
        // The database is closed under us when the demo is interrupted.
        this.record = await this.#lab.database.callLog.read(this.#callId).catch(() => this.record);
        const entries = this.record?.entries ?? [];
        for (; this.#shown < entries.length; this.#shown += 1) this.#show(entries, this.#shown);
      }
      await sleep(lookEveryMs);
    }
  }

  #hearModel(event: GeminiStandInEvent): void {
    if (event.type === "speech") {
      // Told when the last of it was sent, which is faster than it is played.
      const since = event.at - performance.timeOrigin - event.milliseconds;
      this.modelSaid.push({ text: event.text, since });
      this.#view.show(this.#call.name, "model", `model: “${event.text}”`);
    } else if (event.type === "utterance") {
      this.event(`the model understood “${event.text}”`);
    } else if (event.type === "unrecognised-speech") {
      this.event("the model heard speech that it did not understand");
    }
  }

  #show(entries: readonly CallRecordEntry[], index: number): void {
    const event = entries[index]?.event;
    switch (event?.type) {
      case "prompt":
        this.#view.show(
          this.#call.name,
          "agent",
          `agent: “${clinic.prompts["en-US"][event.prompt as PromptName]}”`,
        );
        break;
      case "digit":
        this.event(event.choice === "unmapped" ? "the key means nothing" : `the key means ${event.choice}`);
        break;
      case "tool":
        this.event(`the model used ${event.name}: ${event.result}`);
        break;
      case "store":
        this.event(`database: ${event.change} ${event.result}`);
        break;
      case "model-lost":
        this.event(`the model is gone: ${event.cause}`);
        break;
      case "transition":
        this.#showState(entries, index);
        break;
      default:
    }
  }

  #showState(entries: readonly CallRecordEntry[], index: number): void {
    const event = entries[index]?.event;
    if (event?.type !== "transition") return;
    const before = entries.slice(0, index).findLast((entry) => entry.event.type === "transition")?.event;
    const last = before?.type === "transition" ? before.state : undefined;
    const { phase, disposition, endedBy } = event.state;
    if (phase !== (last?.phase ?? "starting"))
      this.event(phase === "ended" ? `ended (${endedBy})` : `phase: ${phase}`);
    if (disposition !== (last?.disposition ?? "none")) this.event(`disposition: ${disposition}`);
  }
}
