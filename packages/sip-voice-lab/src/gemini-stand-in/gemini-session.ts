import { utteranceById } from "../voice/utterances.ts";
import { CallerHearing, type Heard } from "./caller-hearing.ts";
import type { CleanClosingSocket } from "./clean-closing-socket.ts";
import {
  type ClientMessage,
  type FunctionResponse,
  readClientMessage,
  type Setup,
  soundOf,
  wordsOf,
} from "./client-message.ts";
import { type GeminiFailure, PlannedFailures } from "./failure.ts";
import { ModelTurn } from "./model-turn.ts";
import type { GeminiScript, ScriptCall, ScriptCue } from "./script.ts";
import { ScriptMemory } from "./script-memory.ts";
import type { GeminiStandInEventBody } from "./stand-in-event.ts";
import { planTurn } from "./turn-planner.ts";

/** What a session shares with the others of one stand-in. */
export interface SessionSurroundings {
  script: GeminiScript;
  thinkTimeMs: number;
  readonly pace: number;
  readonly turnCompletes: "after-playback" | "at-once";
  readonly failures: PlannedFailures;
  /** What can be resumed, by handle. */
  readonly resumable: Map<string, ScriptMemory>;
  readonly emit: (sessionId: string, event: GeminiStandInEventBody) => void;
}

/** One connection to the Gemini stand-in, from setup to close. */
export class GeminiSession {
  /** The session's name in events. */
  readonly id: string;
  /** Takes no notice of anything while true: the session is open and dead. */
  deaf = false;
  #memory = new ScriptMemory();
  #setup: Setup | undefined;
  #turn: ModelTurn | undefined;
  #calls = 0;
  #handles = 0;
  readonly #pendingCalls = new Map<string, string>();
  readonly #hearing = new CallerHearing();
  readonly #socket: CleanClosingSocket;
  readonly #surroundings: SessionSurroundings;
  readonly #failures = new PlannedFailures();
  #closedByUs: number | undefined;
  #leaving: NodeJS.Timeout | undefined;

  constructor(id: string, socket: CleanClosingSocket, surroundings: SessionSurroundings) {
    this.id = id;
    this.#socket = socket;
    this.#surroundings = surroundings;
    socket.on("message", (data) => this.#receive(data.toString()));
    socket.on("error", () => socket.terminate());
    socket.on("close", (code) => {
      this.#turn?.drop();
      clearTimeout(this.#leaving);
      const byUs = this.#closedByUs;
      this.#emit({ type: "closed", by: byUs === undefined ? "client" : "stand-in", code: byUs ?? code });
    });
    this.#emit({ type: "connected" });
  }

  /** Whether the connection stands. */
  get open(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  /** What the client set up; `undefined` until it did. */
  get setup(): Setup | undefined {
    return this.#setup;
  }

  /** The conversation as the script sees it. */
  get memory(): ScriptMemory {
    return this.#memory;
  }

  /** The ids of tool calls that have no answer. */
  get unansweredCalls(): string[] {
    return [...this.#pendingCalls.keys()];
  }

  /** Closes the connection; 1005 sends no code, 1006 cuts it. */
  close(code: number, reason = ""): void {
    if (!this.open) return;
    this.#turn?.drop();
    this.#closedByUs = code;
    this.#socket.closeWith(code, reason);
  }

  /** Refuses the session as Gemini does: the socket opens, and closes with a reason. */
  refuse(code: number, reason: string): void {
    this.#emit({ type: "refused", reason });
    this.close(code, reason);
  }

  /** Announces that the connection will end, and ends it when that time is over. */
  goAway(timeLeftMs: number, code = 1000): void {
    this.#send({ goAway: { timeLeft: `${timeLeftMs / 1000}s` } });
    this.#emit({ type: "go-away" });
    clearTimeout(this.#leaving);
    this.#leaving = setTimeout(() => this.close(code, "session ended"), timeLeftMs).unref();
  }

  /** Stops in the middle of whatever it says, and takes no notice of anything from then on. */
  stall(): void {
    this.#turn?.drop();
    this.deaf = true;
  }

  /** Makes something go wrong in this session, before what is planned for any session. */
  failNext(failure: Extract<GeminiFailure, { at: "reply" }>, times = 1): void {
    this.#failures.add(failure, times);
  }

  /** Takes back the tool calls that have no answer yet. */
  cancelToolCalls(): void {
    const ids = this.unansweredCalls;
    if (ids.length === 0) return;
    this.#pendingCalls.clear();
    this.#send({ toolCallCancellation: { ids } });
    for (const callId of ids) this.#emit({ type: "tool-call-cancelled", callId });
  }

  #receive(data: string): void {
    if (!this.open || this.deaf) return;
    let message: ClientMessage;
    try {
      message = readClientMessage(data);
    } catch {
      this.refuse(1007, "Request contains an invalid argument.");
      return;
    }
    if ((message.setup === undefined) === (this.#setup === undefined))
      this.refuse(1007, "setup must be the first message and only the first");
    else if (message.setup !== undefined) this.#begin(message.setup);
    else if (message.realtimeInput !== undefined) this.#hear(message);
    else if (message.clientContent !== undefined) this.#takeContent(message.clientContent);
    else if (message.toolResponse !== undefined)
      this.#takeToolResponses(message.toolResponse.functionResponses ?? []);
  }

  #begin(setup: Setup): void {
    const handle = setup.sessionResumption?.handle;
    const resumed = handle === undefined ? undefined : this.#surroundings.resumable.get(handle);
    if (handle !== undefined && resumed === undefined) {
      this.refuse(1008, "BidiGenerateContent session not found");
      return;
    }
    const failure = this.#surroundings.failures.take("setup");
    if (failure !== undefined) {
      if ("close" in failure) this.refuse(failure.close, failure.reason ?? "");
      return;
    }
    this.#memory = resumed ?? this.#memory;
    this.#memory.begin(setup);
    this.#setup = setup;
    this.#emit({ type: "setup", setup, resumed: resumed !== undefined });
    this.#send({ setupComplete: {} });
  }

  #hear({ realtimeInput = {} }: ClientMessage): void {
    // As Gemini does: what the caller says while a tool works is lost.
    if (this.#pendingCalls.size > 0) {
      this.#hearing.reset();
      return;
    }
    const sound = soundOf(realtimeInput);
    const heard: Heard[] = sound === undefined ? [] : this.#hearing.push(sound);
    if (realtimeInput.activityStart !== undefined) heard.push({ kind: "speech-started" });
    if (realtimeInput.activityEnd !== undefined || realtimeInput.audioStreamEnd)
      heard.push(...this.#hearing.finish());
    for (const each of heard) {
      if (each.kind === "speech-started") this.#onSpeechStarted();
      else this.#onSpeechEnded(each.toneTag);
    }
    if (realtimeInput.text !== undefined) {
      const turns = [{ role: "user", parts: [{ text: realtimeInput.text }] }];
      this.#answer(this.#memory.addTurns(turns, true));
    }
  }

  #onSpeechStarted(): void {
    this.#emit({ type: "caller-speech-started" });
    this.#turn?.interrupt();
  }

  #onSpeechEnded(toneTag: number | undefined): void {
    const utterance = toneTag === undefined ? undefined : utteranceById(toneTag);
    if (utterance === undefined) {
      this.#emit({ type: "unrecognised-speech" });
      if (this.#surroundings.script.unrecognised !== undefined) this.#answer({ kind: "unrecognised-speech" });
      return;
    }
    this.#emit({ type: "utterance", ...utterance });
    this.#memory.heard("caller", utterance.text);
    this.#turn?.interrupt();
    if (this.#setup?.inputAudioTranscription !== undefined) {
      this.#send({ serverContent: { inputTranscription: { text: utterance.text } } });
    }
    this.#answer({ kind: "utterance", utterance });
  }

  #takeContent({ turns = [], turnComplete = false }: NonNullable<ClientMessage["clientContent"]>): void {
    const cue = this.#memory.addTurns(turns, turnComplete);
    const ignored = cue !== undefined && this.#pendingCalls.size > 0;
    if (cue?.kind === "instruction" && !ignored) {
      this.#emit({ type: "instruction", text: cue.text });
    } else {
      this.#emit({ type: "content", text: wordsOf(turns), ignored });
    }
    // Any content of the client interrupts what the model is saying.
    this.#turn?.interrupt();
    if (!ignored) this.#answer(cue);
  }

  #takeToolResponses(responses: readonly FunctionResponse[]): void {
    const answered = responses.filter(
      ({ id, willContinue }) => willContinue !== true && this.#pendingCalls.delete(id ?? ""),
    );
    for (const response of answered) {
      this.#memory.answered(response);
      const result = this.#memory.toolResults.get(response.name);
      this.#emit({ type: "tool-result", callId: response.id ?? "", tool: response.name, result });
    }
    const last = answered.at(-1);
    if (last !== undefined && this.#pendingCalls.size === 0)
      this.#answer({ kind: "tool-result", tool: last.name });
  }

  #answer(cue: ScriptCue | undefined): void {
    if (cue === undefined) return;
    if (cue.kind === "utterance") this.#memory.utterance = cue.utterance;
    this.#turn?.interrupt();
    const { thinkTimeMs, pace, turnCompletes } = this.#surroundings;
    this.#turn = new ModelTurn({
      thinkTimeMs,
      pace,
      turnCompletes,
      transcribes: this.#setup?.outputAudioTranscription !== undefined,
      plan: () =>
        planTurn(cue, {
          script: this.#surroundings.script,
          memory: this.#memory,
          failures: [this.#failures, this.#surroundings.failures],
          emit: (event) => this.#emit(event),
          sendCall: (call) => this.#sendCall(call),
          close: (code, reason) => this.close(code, reason),
        }),
      send: (message) => this.#send(message),
      onSpoken: (text, milliseconds) => {
        this.#memory.heard("model", text);
        this.#emit({ type: "speech", text, milliseconds });
      },
      onComplete: (interrupted) => {
        this.#emit({ type: interrupted ? "interrupted" : "turn-complete" });
        this.#offerResumption();
      },
    }).start();
  }

  #sendCall(call: ScriptCall): void {
    this.#calls += 1;
    const callId = `${this.id}-call-${this.#calls}`;
    const args = call.args?.(this.#memory) ?? {};
    this.#pendingCalls.set(callId, call.tool);
    this.#emit({ type: "tool-call", callId, tool: call.tool, args });
    const name = call.tool === "" ? undefined : call.tool;
    this.#send({ toolCall: { functionCalls: [{ id: callId, name, args }] } });
  }

  #offerResumption(): void {
    if (this.#setup?.sessionResumption === undefined) return;
    this.#handles += 1;
    const newHandle = `${this.id}-handle-${this.#handles}`;
    this.#surroundings.resumable.set(newHandle, this.#memory);
    this.#send({ sessionResumptionUpdate: { newHandle, resumable: true } });
  }

  #send(message: object): void {
    // Gemini sends its JSON in binary frames.
    if (this.open) this.#socket.send(Buffer.from(JSON.stringify(message)));
  }

  #emit(event: GeminiStandInEventBody): void {
    this.#surroundings.emit(this.id, event);
  }
}
