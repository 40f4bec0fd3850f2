import type { Timer } from "../../clock.ts";
import { CallerVoice } from "./caller-voice.ts";
import type { ModelSign } from "./model-sign.ts";
import type { ModelFailure, WatchdogOptions } from "./watchdog-options.ts";
import { watchdogTimes } from "./watchdog-times.ts";

/** What comes from our own side. */
const clientSigns: ReadonlySet<ModelSign["type"]> = new Set(["caller-sound", "asked", "tool-answered"]);

/** What only a model that hears does; the end of an older turn comes from a deaf one, too. */
const signsOfHearing: ReadonlySet<ModelSign["type"]> = new Set([
  "heard",
  "spoke",
  "interrupted",
  "tool-called",
]);

/**
 * Notices that the model on the other end of an open connection is dead, deaf or dumb, by what passes on the wire. It is told
 * of everything that passes and has no other senses, so that the simulated clock tests it.
 */
export class Watchdog {
  readonly #o: WatchdogOptions;
  readonly #voice = new CallerVoice();
  /** Tool calls without an answer: their names by their ids. */
  readonly #calls = new Map<string, string>();
  #runningTools = 0;
  #over = false;
  /** Whether words are owed for something that was asked or said. */
  #owed = false;
  /** Whether the end of a turn that comes next is that of an older turn. */
  #stale = false;
  /** Whether a turn has begun and not ended. */
  #turn = false;
  /** Whether the caller has spoken since the model last did. */
  #callerSpoke = false;
  /** Whether the model has spoken since the caller last began to. */
  #modelSpoke = false;
  #soundUntil = 0;
  #trustedUntil = 0;
  #setUp: Timer | undefined;
  #reply: Timer | undefined;
  #hearing: Timer | undefined;
  #probe: Timer | undefined;
  #stall: Timer | undefined;
  #call: Timer | undefined;

  /** Makes a watchdog that has nothing to watch yet. */
  constructor(options: WatchdogOptions) {
    this.#o = options;
  }

  /** A connection was opened; everything that an earlier one owed is forgotten. */
  connected(): void {
    if (this.#over) return;
    this.#forget();
    this.#setUp = this.#lostAfter(watchdogTimes.setUpMs, "no-set-up");
  }

  /** The connection is gone, and somebody else tells of it. */
  disconnected(): void {
    this.#forget();
  }

  /** Nothing is watched any more. */
  stop(): void {
    this.#forget();
    this.#over = true;
  }

  /** A tool began to run. */
  toolBegan(): void {
    this.#runningTools += 1;
    this.#watchCalls();
  }

  /** A tool ended. */
  toolEnded(): void {
    this.#runningTools = Math.max(0, this.#runningTools - 1);
    this.#watchCalls();
  }

  /** Whether a tool runs. */
  get toolRuns(): boolean {
    return this.#runningTools > 0;
  }

  /** Takes what passed on the wire. */
  see(sign: ModelSign): void {
    if (this.#over) return;
    if (!clientSigns.has(sign.type)) this.#setUp?.cancel();
    if (signsOfHearing.has(sign.type)) this.#hears();
    switch (sign.type) {
      case "caller-sound":
        this.#hearCaller(sign.data);
        break;
      case "asked":
        if (!this.#probe) this.#owe();
        break;
      case "tool-answered":
        this.#answered(sign.id, sign.name);
        break;
      case "heard":
        // It also comes late, when the answer has begun, and piece by piece.
        if (this.#callerSpoke && !this.#owed) this.#owe();
        else if (this.#callerSpoke) this.#awaitReply();
        break;
      case "spoke":
        this.#spoke(sign.ms);
        break;
      case "generated":
        this.#stall?.cancel();
        break;
      case "interrupted":
        this.#stall?.cancel();
        this.#soundUntil = 0;
        // Being asked for something else interrupts, too, and then the words are still owed.
        if (!this.#stale) this.#settle();
        break;
      case "turn-over":
        this.#turnOver();
        break;
      case "tool-called":
        this.#stall?.cancel();
        this.#settle();
        this.#turn = true;
        this.#calls.set(sign.id, sign.name);
        this.#watchCalls();
        break;
      case "tool-cancelled":
        this.#calls.delete(sign.id);
        this.#watchCalls();
        break;
      case "going-away":
        this.#lose("going-away");
        break;
      case "set-up":
        break;
    }
  }

  /** The model is not deaf. */
  #hears(): void {
    this.#hearing?.cancel();
    if (!this.#probe) return;
    this.#probe.cancel();
    this.#probe = undefined;
    this.#trustedUntil = this.#o.clock.now() + watchdogTimes.trustMs;
  }

  /** Words are owed from now on. */
  #owe(): void {
    this.#stale = this.#turn || this.#owed;
    this.#owed = true;
    this.#awaitReply();
  }

  #awaitReply(): void {
    this.#reply?.cancel();
    this.#reply = this.#after(watchdogTimes.lateMs, () => this.#late());
  }

  /** Nothing is owed any more. */
  #settle(): void {
    this.#owed = false;
    this.#stale = false;
    this.#reply?.cancel();
  }

  #late(): void {
    // Whoever is still speaking has not been kept waiting, and a model that waits for a tool says nothing.
    if (this.#voice.speaking || this.#calls.size > 0) this.#awaitReply();
    else if (this.#o.expectsWords()) {
      this.#reply = this.#lostAfter(watchdogTimes.lostMs, "no-reply");
      this.#o.onLate();
    } else this.#settle();
  }

  #spoke(ms: number): void {
    this.#settle();
    this.#modelSpoke = true;
    this.#callerSpoke = this.#voice.speaking;
    const now = this.#o.clock.now();
    this.#soundUntil = (this.#turn ? Math.max(this.#soundUntil, now) : now) + ms;
    this.#turn = true;
    this.#stall?.cancel();
    this.#stall = this.#lostAfter(this.#soundUntil - now + watchdogTimes.stallMs, "stalled");
  }

  #turnOver(): void {
    this.#stall?.cancel();
    this.#turn = false;
    const isOlder = this.#stale;
    this.#stale = false;
    if (!this.#owed || isOlder) return;
    this.#settle();
    if (this.#o.expectsWords()) this.#lose("empty-reply");
  }

  #answered(id: string | undefined, name: string): void {
    const answered = id ?? [...this.#calls].find(([, called]) => called === name)?.[0];
    if (answered !== undefined) this.#calls.delete(answered);
    this.#watchCalls();
    if (this.#calls.size > 0) return;
    // The turn of the call goes on with the words about its answer.
    this.#turn = false;
    this.#owed = false;
    this.#owe();
  }

  #watchCalls(): void {
    this.#call?.cancel();
    if (this.#over || this.#calls.size === 0) return;
    // The framework passes an answer on once what the model said before its call was played (agents 1.9.0).
    const playing = Math.max(0, this.#soundUntil - this.#o.clock.now());
    this.#call = this.#lostAfter(
      playing + (this.toolRuns ? watchdogTimes.toolMs : watchdogTimes.callMs),
      "unanswered-tool-call",
    );
  }

  #hearCaller(data: string): void {
    const change = this.#voice.push(data);
    if (!change) return;
    this.#o.onCallerVoice(change.type === "started");
    if (change.type === "started") {
      this.#hearing?.cancel();
      this.#callerSpoke = true;
      this.#modelSpoke = false;
      return;
    }
    if (this.#owed) {
      this.#awaitReply();
      return;
    }
    const isNoise = change.ms < watchdogTimes.utteranceMs || this.#o.clock.now() < this.#trustedUntil;
    // While a tool call is open the model hears nothing, healthy as it may be.
    if (isNoise || this.#modelSpoke || this.#probe || this.#calls.size > 0) return;
    this.#hearing = this.#after(watchdogTimes.unheardMs, () => this.#ask());
  }

  /** Asks a model that shows no sign of having heard to speak: a living one does, whatever the sound was. */
  #ask(): void {
    if (!this.#o.expectsWords()) return;
    // It can't be asked while a sentence is being said; the caller waits for that, too.
    if (this.#o.onUnheard()) this.#probe = this.#lostAfter(watchdogTimes.deafMs, "deaf");
    else this.#hearing = this.#after(watchdogTimes.askAgainMs, () => this.#ask());
  }

  #lose(failure: ModelFailure): void {
    this.stop();
    this.#o.onLost(failure);
  }

  #lostAfter(ms: number, failure: ModelFailure): Timer {
    return this.#after(ms, () => this.#lose(failure));
  }

  #after(ms: number, act: () => void): Timer {
    return this.#o.clock.setTimer(() => {
      if (!this.#over) act();
    }, ms);
  }

  #forget(): void {
    for (const timer of [this.#setUp, this.#reply, this.#hearing, this.#probe, this.#stall, this.#call])
      timer?.cancel();
    this.#probe = undefined;
    this.#calls.clear();
    this.#owed = false;
    this.#stale = false;
    this.#turn = false;
    this.#callerSpoke = false;
  }
}
