import type { AppointmentChange } from "../appointments/store.ts";
import type { CallEffect } from "../call/effect.ts";
import type { CallChoice, ChoiceVia, IdentityProof } from "../call/event.ts";
import type { CallId } from "../call/identifiers.ts";
import type { Language } from "../call/prompt.ts";
import { type CallEndedBy, type CallParty, type CallState, initialCallState } from "../call/state.ts";
import { CallStateMachine } from "../call/state-machine.ts";
import type { Clock, Timer } from "../clock.ts";
import type { Logger } from "../log/logger.ts";
import type { PhoneNumber } from "../phone/phone-number.ts";
import type { ContactPreferences } from "../policy/contact-preferences.ts";
import type { AppointmentDesk, DeskResult } from "./appointment-desk.ts";
import { CallKeys } from "./call-keys.ts";
import type { CallRecorder } from "./call-recorder.ts";
import { offerSlotsInstructions } from "./instructions.ts";
import type { Speech } from "./speech.ts";
import { withinStoreDeadline } from "./store-deadline.ts";
import type { TransferResult } from "./transfer-result.ts";

/** How long a caller who is left without a model may do nothing before the call is ended. */
const keysOnlyMs = 45_000;

/** A date of birth: two digits of the day and the month each, four of the year. */
const identityDigits = { length: 8, retries: 1 } as const;

/** What a {@link ClinicCall} needs. */
export interface ClinicCallOptions {
  readonly callId: CallId;
  readonly desk: AppointmentDesk;
  readonly speech: Speech;
  readonly recorder: CallRecorder;
  readonly preferences: ContactPreferences;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The patient's number, where it is known. */
  readonly phoneNumber: () => PhoneNumber | undefined;
  /** The language in which the call begins. */
  readonly language: Language;
  /** Hands the caller to the operator. */
  readonly transfer: () => Promise<TransferResult>;
  /** Greets the other party, with what may be told now. */
  readonly greet: () => Promise<void>;
  /** Has the model speak another language; the fixed sentences follow by themselves. */
  readonly speakLanguage: (language: Language) => Promise<void>;
  /** Checks a keyed date of birth; without it identity can't be proven by keys. */
  readonly checkIdentity?: (digits: string) => Promise<IdentityProof | undefined>;
  /** Keeps the wish to be called back; throws when it can't be kept. Without it no such wish can be kept. */
  readonly keepCallBack?: () => Promise<void>;
  /** Leaves a message on the machine that answered; without it none is left. */
  readonly leaveMessage?: () => Promise<void>;
}

/** Drives one call: takes keys and tools in, holds the state, and carries out what the state machine asks for. */
export class ClinicCall {
  readonly #options: ClinicCallOptions;
  readonly #machine: CallStateMachine;
  readonly #keys: CallKeys;
  #effects: Promise<void> = Promise.resolve();
  #writes: Promise<unknown> = Promise.resolve();
  #heardApology = false;
  #keysOnly: Timer | undefined;
  #end: (state: CallState) => void = () => {};

  /** Resolves with the final state when the call is over. */
  readonly ended: Promise<CallState> = new Promise((resolve) => {
    this.#end = resolve;
  });

  /** Makes the driver of one call. */
  constructor(options: ClinicCallOptions) {
    this.#options = options;
    const { recorder, logger, callId, clock, language } = options;
    this.#machine = new CallStateMachine({ ...initialCallState, language });
    this.#keys = new CallKeys(clock, (choice) => {
      recorder.add({ type: "digit", choice });
      if (choice === "unmapped") this.#machine.send({ type: "pressed-unmapped" });
      else this.#machine.send({ type: "chose", choice, via: "digit" });
    });
    this.#machine.on("change", ({ event, state }) => {
      logger.debug(
        { callId, event: event.type, phase: state.phase, disposition: state.disposition },
        "call state changed",
      );
      recorder.add({ type: "transition", event: event.type, state });
    });
    this.#machine.on("effect", (effect) => this.#carryOut(effect));
    this.#machine.on("ended", (state) => {
      this.#keysOnly?.cancel();
      this.#keys.stop();
      recorder.add({ type: "ended", state });
      this.#end(state);
    });
  }

  /** The call's state now. */
  get state(): CallState {
    return this.#machine.state;
  }

  /** The appointment that the call may see. */
  get desk(): AppointmentDesk {
    return this.#options.desk;
  }

  /** A key was pressed. What is not a digit is ignored: it came over the network. So is what comes after the end. */
  press(digit: string): void {
    this.#options.logger.debug({ callId: this.#options.callId, digit }, "digit received");
    if (this.state.phase === "ended" || !this.#keys.press(digit)) return;
    this.callerHeard();
    if (this.state.model === "lost") this.#waitForKeys();
  }

  /** Whether the caller was told that the model is gone. */
  get heardApology(): boolean {
    return this.#heardApology;
  }

  /** The other party's telephone rings. */
  rang(): void {
    this.#machine.send({ type: "rang" });
  }

  /** The two parties are connected. */
  connected(): void {
    if (!this.#isAwaited) return;
    this.#machine.send({ type: "connected" });
    if (this.state.model === "lost") this.#waitForKeys();
  }

  /** The call's appointment was found. */
  appointmentFound(appointmentId: string): void {
    this.#machine.send({ type: "appointment-found", appointmentId });
  }

  /** The model is gone; the caller hears so, and keys go on working. */
  modelLost(cause: string): void {
    if (this.state.phase === "ended" || this.state.model === "lost") return;
    this.#options.recorder.add({ type: "model-lost", cause });
    this.#options.speech.loseModel();
    this.#machine.send({ type: "model-lost" });
    // Nobody presses keys before the call is up.
    if (!this.#isAwaited) this.#waitForKeys();
  }

  /** A new model took over; `afterMs` is how long there was none. */
  modelRestored(afterMs: number): void {
    if (this.state.phase === "ended" || this.state.model === "working") return;
    this.#keysOnly?.cancel();
    this.#options.recorder.add({ type: "model-restored", afterMs });
    this.#options.speech.restoreModel();
    this.#machine.send({ type: "model-restored" });
  }

  /** It became clear who is on the other end. */
  partyDetected(
    party: Exclude<CallParty, "unknown">,
    evidence?: Readonly<Record<string, number | string | boolean>>,
  ): void {
    this.#options.recorder.add({ type: "party", party, ...(evidence ? { evidence } : {}) });
    this.#machine.send({ type: "party-detected", party });
  }

  /** Nothing was heard of the caller for a while. */
  callerSilent(): void {
    this.#machine.send({ type: "caller-silent" });
  }

  /** The caller spoke, or pressed a key. */
  callerHeard(): void {
    this.#machine.send({ type: "caller-heard" });
  }

  /** Whether the caller is keying a sequence in. */
  get isKeying(): boolean {
    return this.#keys.collecting;
  }

  /** The caller spoke of an emergency. */
  emergency(): void {
    // The words come again with every piece of a transcript.
    if (this.state.emergency || this.#isAwaited || this.state.phase === "ended") return;
    // What the model would answer must not be heard beside the sentence.
    this.#options.speech.muteModel(true);
    this.#options.recorder.add({ type: "emergency" });
    this.#machine.send({ type: "emergency" });
  }

  /** Something on the page was tapped. */
  tap(choice: CallChoice): void {
    this.#options.recorder.add({ type: "tap", choice });
    this.callerHeard();
    this.#machine.send({ type: "chose", choice, via: "tap" });
  }

  /** From now on another language is spoken. */
  chooseLanguage(language: Language, via: ChoiceVia): void {
    this.#machine.send({ type: "language-chosen", language, via });
  }

  /** Before anything is told, the other party must show who they are. */
  identityAsked(): void {
    this.#machine.send({ type: "identity-asked" });
  }

  /** The other party is the patient; `via` where they did something for it on this call. */
  identityProven(by: IdentityProof, via?: ChoiceVia): void {
    this.#options.recorder.add({ type: "identity", result: "proven", by });
    this.#machine.send({ type: "identity-proven", by, ...(via ? { via } : {}) });
  }

  /** The other party gave a wrong proof. */
  identityRefused(via: ChoiceVia): void {
    this.#options.recorder.add({ type: "identity", result: "refused" });
    this.#machine.send({ type: "identity-refused", via });
  }

  /** Notes whether the patient would come at short notice. */
  preferWalkIn(walkIn: boolean): void {
    this.#machine.send({ type: "walk-in-preferred", walkIn });
  }

  /** Notes how the patient wants to be reminded. */
  preferReminder(reminder: NonNullable<CallState["reminder"]>): void {
    this.#machine.send({ type: "reminder-preferred", reminder });
  }

  /** The patient asked for the operator by voice. */
  askForOperator(): void {
    this.#machine.send({ type: "chose", choice: "operator", via: "voice" });
  }

  /** The patient wants no more calls; `true` when that is durable. */
  async optOut(via: ChoiceVia): Promise<boolean> {
    this.#machine.send({ type: "chose", choice: "opt-out", via });
    await this.#writes;
    return this.state.optedOut;
  }

  /** The number is not the patient's; `true` when it is durable that it is not called again. */
  async wrongNumber(via: ChoiceVia): Promise<boolean> {
    this.#machine.send({ type: "wrong-number", via });
    await this.#writes;
    return this.state.optedOut;
  }

  /** The patient wants to be called back; `true` when that is durable. */
  async requestCallBack(via: ChoiceVia): Promise<boolean> {
    this.#machine.send({ type: "chose", choice: "call-back", via });
    await this.#writes;
    return this.state.callBack;
  }

  /** The other party left the room: because they hung up, or because the operator has them now. */
  async partyLeft(by: CallEndedBy): Promise<void> {
    if (this.state.phase === "transferring") await this.#effects;
    await this.end(by);
  }

  /** The call is over, or is to be. What the patient has decided last is written first. */
  async end(by: CallEndedBy): Promise<void> {
    // Another may begin while one is waited for.
    for (let seen: unknown; seen !== this.#writes; ) {
      seen = this.#writes;
      await seen;
    }
    this.#machine.send({ type: "ended", by });
  }

  /** Resolves when what the patient asked for so far is done, and what is to be said about it was said. */
  async settled(): Promise<void> {
    await this.#writes;
    await this.#effects;
  }

  /** Ends the call once what is being said was said; a caller who is on the way to the operator stays on that way. */
  async endWhenQuiet(): Promise<void> {
    await this.#options.speech.finished();
    if (this.state.phase !== "transferring") await this.end("agent");
  }

  /** Whether the call is not up yet. */
  get #isAwaited(): boolean {
    return this.state.phase === "starting" || this.state.phase === "ringing";
  }

  /** Writes a change of the appointment and tells the state machine what came of it. */
  change(change: AppointmentChange, via: ChoiceVia, slotId?: string): Promise<DeskResult> {
    const changed = this.#change(change, via, slotId);
    this.#write(changed.then(() => {}));
    return changed;
  }

  async #change(change: AppointmentChange, via: ChoiceVia, slotId: string | undefined): Promise<DeskResult> {
    const result = await this.desk.change(change, slotId);
    this.#options.recorder.add({ type: "store", change, result: result.ok ? "kept" : result.reason, via });
    this.#machine.send(result.ok ? { type: "stored", change, via } : { type: "not-stored", change, via });
    return result;
  }

  /** Without a model nobody would ever say goodbye to a caller who presses nothing. */
  #waitForKeys(): void {
    this.#keysOnly?.cancel();
    this.#keysOnly = this.#options.clock.setTimer(() => {
      this.#inLine(() => this.#options.speech.say("goodbye"));
      this.#inLine(() => this.end("agent"));
    }, keysOnlyMs);
  }

  /** Interrupting, writing and speaking start at once; what must wait for speech to end waits in line. */
  #carryOut(effect: CallEffect): void {
    const { speech } = this.#options;
    switch (effect.type) {
      case "interrupt":
        speech.interrupt();
        break;
      case "say": {
        if (effect.prompt === "apology") this.#heardApology = true;
        const said = speech.say(effect.prompt);
        // What went wrong is met when its turn comes; until then it must not count as unhandled.
        said.catch(() => {});
        this.#inLine(() => said);
        break;
      }
      case "store":
        void this.change(effect.change, effect.via);
        break;
      case "offer-slots":
        this.#inLine(async () => {
          // Another key may have been pressed meanwhile.
          if (this.state.disposition === "reschedule-requested") void speech.reply(offerSlotsInstructions);
        });
        break;
      case "transfer":
        this.#inLine(() => this.#transfer());
        break;
      case "opt-out":
        this.#write(this.#optOut(effect.via));
        break;
      case "request-call-back":
        this.#write(this.#requestCallBack(effect.via));
        break;
      case "ask-identity":
        void this.#askIdentity(effect.again);
        break;
      case "greet":
        this.#inLine(() => this.#options.greet());
        break;
      case "speak-language":
        speech.speakIn(effect.language);
        this.#inLine(() => this.#options.speakLanguage(effect.language));
        break;
      case "leave-message":
        this.#inLine(async () => {
          await this.#options.leaveMessage?.();
          // Somebody may have picked up meanwhile.
          if (this.state.party === "machine") await this.end("agent");
        });
        break;
      case "introduce":
        this.#inLine(() => speech.say("screening"));
        break;
      case "hang-up":
        this.#inLine(async () => {
          await this.#writes;
          await this.endWhenQuiet();
        });
        break;
    }
  }

  #inLine(step: () => Promise<void>): void {
    this.#effects = this.#effects.then(step).catch((error: unknown) => {
      this.#options.logger.error({ error, callId: this.#options.callId }, "a step of the call failed");
    });
  }

  async #transfer(): Promise<void> {
    const { transfer, recorder, speech, logger, callId } = this.#options;
    await speech.finished();
    if (this.state.phase !== "transferring") return;
    const result = await transfer().catch((error: unknown): TransferResult => {
      logger.error({ error, callId }, "the transfer failed");
      return { reached: false, reason: "unknown" };
    });
    if (result.reached) {
      recorder.add({ type: "transfer", result: "reached", by: result.by });
      this.#machine.send({ type: "transferred", by: result.by });
      await this.end("transfer");
    } else {
      recorder.add({ type: "transfer", result: result.reason });
      speech.muteModel(false);
      this.#machine.send({ type: "transfer-failed", reason: result.reason });
    }
  }

  #write(written: Promise<void>): void {
    this.#writes = Promise.all([this.#writes, written]);
  }

  async #optOut(via: ChoiceVia): Promise<void> {
    const { preferences, phoneNumber, clock } = this.#options;
    const kept = await this.#kept("an opt-out", async () => {
      const number = phoneNumber();
      if (!number) throw new Error("The caller's number is not known.");
      await preferences.optOut(number, new Date(clock.now()).toISOString());
    });
    this.#machine.send({ type: kept ? "opt-out-kept" : "opt-out-not-kept", via });
  }

  async #requestCallBack(via: ChoiceVia): Promise<void> {
    const { keepCallBack } = this.#options;
    const kept = await this.#kept("a wish to be called back", async () => {
      if (!keepCallBack) throw new Error("No store takes such wishes.");
      await keepCallBack();
    });
    this.#machine.send({ type: kept ? "call-back-kept" : "call-back-not-kept", via });
  }

  async #kept(what: string, keep: () => Promise<void>): Promise<boolean> {
    const { clock, logger, callId } = this.#options;
    try {
      await withinStoreDeadline(clock, keep());
      return true;
    } catch (error) {
      logger.error({ error, callId, what }, "a wish of the caller could not be kept");
      return false;
    }
  }

  /** Asks for the date of birth by keys. Who can't give it stays where they are, and hears of the operator. */
  async #askIdentity(again: boolean): Promise<void> {
    const { checkIdentity, recorder, speech, clock, logger, callId } = this.#options;
    const collected = checkIdentity
      ? await this.#keys.collect(identityDigits, async ({ tryNumber, signal }) => {
          signal.addEventListener("abort", () => speech.interrupt(), { once: true });
          await speech.say(again || tryNumber > 1 ? "identity-again" : "identity-ask");
        })
      : undefined;
    recorder.add({ type: "keyed", purpose: "identity", result: collected?.kind ?? "not-possible" });
    if (collected?.kind === "cancelled" || this.state.phase === "ended") return;
    if (!checkIdentity || collected?.kind !== "collected") return await speech.say("identity-failed");
    try {
      const proof = await withinStoreDeadline(clock, checkIdentity(collected.digits));
      if (proof) this.identityProven(proof, "digit");
      else this.identityRefused("digit");
    } catch (error) {
      logger.error({ error, callId }, "the identity could not be checked");
      await speech.say("not-stored");
    }
  }
}
