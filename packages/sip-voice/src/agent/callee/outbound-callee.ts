import { type Clock, pause } from "../../clock.ts";
import type { Logger } from "../../log/logger.ts";
import type { CallRecorder } from "../call/call-recorder.ts";
import type { ClinicCall } from "../call/clinic-call.ts";
import type { Speech } from "../speech/speech.ts";
import { type CalleeFinding, type CalleeSign, type CalleeVerdict, calleeTiming } from "./callee-judge.ts";
import { CalleeWatch } from "./callee-watch.ts";
import { MachineMessage } from "./machine-message.ts";
import type { OutboundManners } from "./outbound-manners.ts";
import { screeningSense } from "./screening-words.ts";

/** What an {@link OutboundCallee} needs. */
export interface OutboundCalleeOptions {
  readonly manners: OutboundManners;
  readonly call: Pick<ClinicCall, "state" | "partyDetected" | "settled" | "end">;
  readonly speech: Pick<Speech, "say" | "interrupt" | "muteModel" | "finished">;
  readonly recorder: CallRecorder;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Aborted when the call is over. */
  readonly over: AbortSignal;
  /** From now on the model is to hear the callee, or not. */
  readonly onHears: (hears: boolean) => void;
  /** Has the model greet the callee. */
  readonly greet: () => Promise<void>;
}

/** How long the agent waits for a hello, in the manner `after-greeting`. */
const helloWithinMs = 2_000;
/** The longest talk that is waited for before the opener or the greeting. */
const longestTalkMs = 15_000;
/** A beep that comes later says nothing about who answered. */
const beepWithinMs = 30_000;
/** How long a screener may take to bring its person. */
const personWithinMs = 60_000;
/** The silence after a person's first words, when a screener put the call through: its own words are known by then. */
const connectedSilenceMs = 1_200;
/** How often a screener is told who is calling. */
const mostIntroductions = 2;

/**
 * Who answered a call that we placed, and how they are met: the opener for a person, the message or nothing for a machine,
 * who we are for a screener. The model neither hears nor speaks until a person is there; only the words of what may be a
 * screener are passed to it, unheard in its turn, to be transcribed.
 */
export class OutboundCallee {
  readonly #o: OutboundCalleeOptions;
  readonly #watch: CalleeWatch;
  #verdict: CalleeVerdict | undefined;
  #helloOver = false;
  #openerSaid = false;
  #hasBegun = false;
  #byKey = false;
  #wasMissed = false;
  #wasMachine = false;
  #modelHears = false;
  #words: { readonly at: number; readonly sense: "asks" | "holds" } | undefined;

  /** Makes what meets the callee of one call. */
  constructor(options: OutboundCalleeOptions) {
    this.#o = options;
    const { clock, over, manners } = options;
    const detector = typeof manners.detection === "function" ? manners.detection() : undefined;
    this.#watch = new CalleeWatch({ clock, over, detector, onFinding: (finding) => this.#find(finding) });
    options.onHears(false);
  }

  /** Whether the model is to hear the callee. */
  get modelHears(): boolean {
    return this.#modelHears;
  }

  /** Takes what the callee's telephone sends: 8,000 mono samples a second. */
  push(samples: Int16Array): void {
    this.#watch.push(samples);
    const { talk, now } = this.#watch;
    const talksFor = talk && talk.endedAt === undefined ? now - talk.startedAt : 0;
    // It is no short hello. If a screener speaks, its words tell.
    if (!this.#verdict && talksFor > calleeTiming.helloMs) this.#overhear();
  }

  /** A key was pressed: no machine does that. */
  press(): void {
    if (this.#verdict?.party === "person") return;
    this.#byKey = true;
    this.#conclude("person", "key");
  }

  /** Whether words that the model transcribed are a person's, to be acted on. */
  get isPerson(): boolean {
    return this.#verdict?.party === "person" || this.#verdict?.party === "unknown";
  }

  /** Whether the person who is there now was not taken for one at first, and has not been welcomed. */
  get wasMissed(): boolean {
    return this.#wasMissed;
  }

  /** Takes what the model transcribed of the callee's words. */
  hearWords(text: string): void {
    if (this.isPerson) return;
    const sense = screeningSense(text, this.#o.manners.screeningWords);
    if (!sense) return;
    this.#words = { at: this.#watch.now, sense };
    if (sense === "asks") this.#conclude("screener", "words");
    this.#watch.look();
  }

  /** Says the opener in its time; resolves `false` when nobody is there to say it to. */
  async sayOpener(): Promise<boolean> {
    if (this.#o.manners.opener === "after-greeting") await this.#hello();
    // What a machine is told is not the opener.
    if (this.#verdict && !this.isPerson) return false;
    this.#openerSaid = true;
    await this.#o.speech.say("opener");
    return this.isPerson || this.#verdict === undefined;
  }

  /** Resolves when it is clear that the conversation may begin, `true`, or that a machine or a screener is there. */
  async isThere(): Promise<boolean> {
    const { over, manners } = this.#o;
    if (!this.#verdict && manners.detection !== "off") {
      // Somebody who is silent listens; somebody who talks may be anybody yet.
      await this.#watch.until(() => (this.#verdict || !this.#talksNow() ? true : undefined), longestTalkMs);
    }
    // Whoever comes after a machine or a screener is welcomed by themselves.
    if (over.aborted || this.#wasMachine) return false;
    if (!this.#verdict) this.#conclude("unknown", "nothing-said");
    this.#begin();
    return true;
  }

  /** Leaves the message, or does not, as the clinic has it. */
  async leaveMessage(): Promise<void> {
    const { manners, speech, clock, over, recorder } = this.#o;
    const message = new MachineMessage({
      watch: this.#watch,
      clock,
      over,
      isMachine: () => this.#verdict?.party === "machine",
      // Prepared, or by a voice: the model has no say here.
      say: () => speech.say("voicemail"),
      interrupt: () => speech.interrupt(),
      onPerson: () => this.#conclude("person", "talked-back"),
    });
    const isVoicemail = this.#verdict?.sign !== "fax-tone" && this.#verdict?.sign !== "information-tones";
    if (!isVoicemail) return;
    // Also when nothing is to be left: only its end tells a machine from a screener.
    if (manners.voicemail !== "leave-message") return void (await message.turn());
    const left = await message.leave();
    // Where a screener or a person turned up before a word of it was said, there is nothing to tell.
    if (message.begun || this.#verdict?.party === "machine") recorder.add({ type: "message", left });
  }

  /** Begins the conversation with somebody who was not there at first: taken for a machine, or behind a screener. */
  async welcome(): Promise<void> {
    this.#wasMissed = false;
    if (this.#byKey) return void this.#welcomeAfterKey();
    await this.#o.speech.say("opener");
    this.#begin();
    await this.#o.greet();
  }

  /** What the key asked for is done and acknowledged first, and may be all that was wanted. */
  async #welcomeAfterKey(): Promise<void> {
    const { call, speech, greet } = this.#o;
    this.#begin();
    await call.settled();
    await speech.finished();
    if (call.state.phase !== "active" || call.state.disposition !== "none") return;
    await speech.say("opener");
    await greet();
  }

  /** From now on the two talk with each other. What the model had to say to what it overheard was not heard. */
  #begin(): void {
    this.#hasBegun = true;
    this.#hear();
    this.#o.speech.muteModel(false);
  }

  async #hello(): Promise<void> {
    const isOver = (): true | undefined => (this.#helloOver || this.#verdict ? true : undefined);
    const isOverOrSilent = (): true | undefined =>
      isOver() ?? (this.#watch.now >= helloWithinMs && !this.#talksNow() ? true : undefined);
    await this.#watch.until(isOverOrSilent, helloWithinMs);
    if (this.#talksNow()) await this.#watch.until(isOver, longestTalkMs);
  }

  #talksNow(): boolean {
    const { talk, tone, now } = this.#watch;
    if (tone && tone.endedAt === undefined) return true;
    // A pause within a greeting is not its end.
    return (
      talk !== undefined && (talk.endedAt === undefined || now - talk.endedAt < calleeTiming.personSilenceMs)
    );
  }

  #find(finding: CalleeFinding): void {
    if (finding.type === "hello-over") this.#helloOver = true;
    else if (this.#o.manners.detection !== "off") this.#take(finding.verdict);
  }

  #take(verdict: CalleeVerdict): void {
    const party = this.#verdict?.party;
    if (verdict.party === "machine") {
      const isLate = verdict.sign === "long-talk" ? this.#hasBegun : verdict.afterMs > beepWithinMs;
      // Whom we talk with is a person, whatever their clock or their truck beeps like.
      if (isLate || (party === "person" && (this.#hasBegun || this.#byKey))) return;
    }
    // From here on it is for its turn, its words or an answer to tell.
    if ((party === "machine" || party === "screener") && verdict.party !== "machine") return;
    this.#conclude(verdict.party, verdict.sign, verdict);
  }

  #conclude(party: CalleeVerdict["party"], sign: CalleeSign, known?: CalleeVerdict): void {
    const { call, logger } = this.#o;
    if (this.#verdict?.party === party || call.state.phase !== "active") return;
    const { talk, now } = this.#watch;
    const talkMs = talk ? (talk.endedAt ?? now) - talk.startedAt : 0;
    const verdict = known ?? { party, sign, afterMs: now, talkMs };
    if (party === "person")
      this.#wasMissed = this.#verdict?.party === "machine" || this.#verdict?.party === "screener";
    this.#verdict = verdict;
    logger.debug({ party, sign, afterMs: verdict.afterMs, talkMs: verdict.talkMs }, "who answered");
    if (party === "person" || party === "unknown") this.#hear();
    else {
      this.#wasMachine = true;
      this.#overhear();
    }
    const evidence = { sign, afterMs: verdict.afterMs, talkMs: verdict.talkMs, openerSaid: this.#openerSaid };
    if (party !== "unknown") call.partyDetected(party, evidence);
    if (party === "screener") void this.#waitForPerson();
    this.#watch.look();
  }

  /** Has the model hear what it may not answer, for its transcript. */
  #overhear(): void {
    this.#o.speech.muteModel(true);
    this.#hear();
  }

  #hear(): void {
    if (this.#modelHears) return;
    this.#modelHears = true;
    this.#o.onHears(true);
  }

  /** A screener asked who is calling, and was told: waits for whom it brings. */
  async #waitForPerson(): Promise<void> {
    const { call, speech, clock, over } = this.#o;
    const { machineTalkMs } = calleeTiming;
    for (let told = 1; ; told += 1) {
      if (told === 1) await call.settled();
      else await speech.say("screening");
      if (over.aborted || this.#verdict?.party !== "screener") return;
      const since = this.#watch.now;
      let ignored = since;
      const who = await this.#watch.until<"person" | "machine" | "asks" | "gone">(() => {
        if (this.#verdict?.party !== "screener") return "gone";
        const { talk, tone, now } = this.#watch;
        const words = this.#words && this.#words.at > since ? this.#words : undefined;
        if (words?.sense === "asks") return "asks";
        if (words && words.at > ignored) ignored = words.at;
        if (tone && tone.startedAt > since) return "machine";
        if (!talk || talk.startedAt <= ignored) return undefined;
        if ((talk.endedAt ?? now) - talk.startedAt >= machineTalkMs) return "machine";
        return talk.endedAt !== undefined && now - talk.endedAt >= connectedSilenceMs ? "person" : undefined;
      }, personWithinMs);
      if (who === "person") return this.#conclude("person", "talked-back");
      if (who === "machine") return this.#conclude("machine", "long-talk");
      if (who === "asks" && told < mostIntroductions) {
        await pause(clock, connectedSilenceMs, over);
        continue;
      }
      if (who !== "gone") await call.end("agent");
      return;
    }
  }
}
