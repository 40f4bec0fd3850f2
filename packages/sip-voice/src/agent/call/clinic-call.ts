import type { Slot } from "../../appointments/appointment.ts";
import type { AppointmentChange } from "../../appointments/store.ts";
import type { ClinicMenu } from "../../call/clinic-menu.ts";
import type { CallChoice, ChoiceVia, IdentityProof } from "../../call/event.ts";
import type { Language } from "../../call/prompt.ts";
import { type CallEndedBy, type CallParty, type CallState, initialCallState } from "../../call/state.ts";
import { CallStateMachine } from "../../call/state-machine.ts";
import type { Timer } from "../../clock.ts";
import type { AppointmentDesk, DeskResult } from "../desk/appointment-desk.ts";
import { movedInstructions } from "../model/instructions.ts";
import { CallEffects } from "./call-effects.ts";
import { CallKeys } from "./call-keys.ts";
import { CallMenu } from "./call-menu.ts";
import type { ClinicCallOptions } from "./clinic-call-options.ts";

/** How long a caller who is left without a model may do nothing before the call is ended. */
const keysOnlyMs = 45_000;

/** Drives one call: takes keys and tools in, holds the state, and carries out what the state machine asks for. */
export class ClinicCall {
  readonly #options: ClinicCallOptions;
  readonly #machine: CallStateMachine;
  readonly #keys: CallKeys;
  readonly #menu: CallMenu;
  readonly #effects: CallEffects;
  #lastHeardAt = 0;
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
    options.desk.guard(() => this.state.identity === "proven");
    this.#keys = new CallKeys(clock, (choice) => {
      recorder.add({ type: "digit", choice });
      if (choice === "unmapped") this.#machine.send({ type: "pressed-unmapped" });
      else this.#machine.send({ type: "chose", choice, via: "digit" });
    });
    this.#menu = new CallMenu(options, this.#machine, this.#keys);
    this.#effects = new CallEffects(options, this.#machine, this.#keys, this.#menu);
    this.#machine.on("change", ({ event, state }) => {
      logger.debug(
        { callId, event: event.type, phase: state.phase, disposition: state.disposition },
        "call state changed",
      );
      recorder.add({ type: "transition", event: event.type, state });
    });
    this.#machine.on("effect", (effect) => this.#effects.carryOut(effect));
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
    this.callerSounds();
    if (this.state.model === "lost") this.#waitForKeys();
  }

  /** Whether the caller was told that the model is gone, since it was lost last. */
  get heardApology(): boolean {
    return this.#effects.heardApology;
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
    // Whoever talks with the operator needs no model.
    if (this.state.transfer === "completed") return;
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
    const quiet = !this.#effects.heardApology;
    this.#effects.forgetApology();
    this.#machine.send(quiet ? { type: "model-restored", quiet } : { type: "model-restored" });
  }

  /** Tells a caller that the model is gone who was not told when it went. */
  async tellOfLoss(): Promise<void> {
    if (this.state.phase !== "active" || this.state.model !== "lost" || this.heardApology) return;
    this.#effects.carryOut({ type: "say", prompt: "apology" });
    await this.settled();
  }

  /** There will be no other model: a person is asked to take over, and where none does the keys still work. */
  modelGivenUp(): void {
    if (this.state.phase === "ended") return;
    this.#options.recorder.add({ type: "model-lost", cause: "given-up" });
    // As with a key: nobody but us says that the caller is being connected.
    this.#machine.send({ type: "chose", choice: "operator", via: "digit" });
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

  /** The caller spoke: who does so need not go through a menu. */
  callerHeard(): void {
    this.#menu.close();
    this.callerSounds();
  }

  /** Something was heard of the caller, be it a cough: they are there. */
  callerSounds(): void {
    this.#lastHeardAt = this.#options.clock.now();
    this.#machine.send({ type: "caller-heard" });
  }

  /** When the caller was last heard to speak, press or tap, in milliseconds since 1970. */
  get lastHeardAt(): number {
    return this.#lastHeardAt;
  }

  /** Whether the call ends as soon as what is being said was said. */
  get isEnding(): boolean {
    return this.#effects.isEnding;
  }

  /** Leads the caller through the clinic's menu; `true` when the conversation is to begin, and nothing else was chosen. */
  async leadThrough(menu: ClinicMenu): Promise<boolean> {
    return await this.#menu.leadThrough(menu);
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

  /** A slot that was offered on the page was tapped: the appointment is moved at once, then the model says so. */
  async chooseSlot(slot: Slot): Promise<void> {
    const { recorder, speech } = this.#options;
    if (this.state.phase !== "active" || this.state.identity !== "proven") return;
    recorder.add({ type: "tap", choice: "choose-slot" });
    this.callerHeard();
    speech.interrupt();
    const result = await this.change("reschedule", "tap", slot.id);
    if (!result.ok) return;
    this.#effects.inLine(
      async () => void speech.reply(movedInstructions(result.appointment, this.state.language)),
    );
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

  /** Whoever answered is not the patient. */
  patientAbsent(): void {
    this.#machine.send({ type: "patient-absent" });
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
    await this.#effects.written();
    return this.state.optedOut;
  }

  /** The number is not the patient's; `true` when it is durable that it is not called again. */
  async wrongNumber(via: ChoiceVia): Promise<boolean> {
    this.#machine.send({ type: "wrong-number", via });
    await this.#effects.written();
    return this.state.optedOut;
  }

  /** The patient wants to be called back; `true` when that is durable. */
  async requestCallBack(via: ChoiceVia): Promise<boolean> {
    this.#machine.send({ type: "chose", choice: "call-back", via });
    await this.#effects.written();
    return this.state.callBack;
  }

  /** The other party left the room: because they hung up, or because the operator has them now. */
  async partyLeft(by: CallEndedBy): Promise<void> {
    if (this.state.transfer === "completed") return await this.end("transfer");
    if (this.state.phase === "transferring") await this.#effects.done();
    await this.end(by);
  }

  /** The call is over, or is to be. What the patient has decided last is written first. */
  async end(by: CallEndedBy): Promise<void> {
    await this.#effects.end(by);
  }

  /** Resolves when what the patient asked for so far is done, and what is to be said about it was said. */
  async settled(): Promise<void> {
    await this.#effects.settled();
  }

  /** Ends the call once what is being said was said; a caller who is on the way to the operator stays on that way. */
  async endWhenQuiet(): Promise<void> {
    await this.#effects.endWhenQuiet();
  }

  /** Whether the call is not up yet. */
  get #isAwaited(): boolean {
    return this.state.phase === "starting" || this.state.phase === "ringing";
  }

  /** Writes a change of the appointment and tells the state machine what came of it. */
  change(change: AppointmentChange, via: ChoiceVia, slotId?: string): Promise<DeskResult> {
    return this.#effects.change(change, via, slotId);
  }

  /** Without a model nobody would ever say goodbye to a caller who presses nothing. */
  #waitForKeys(): void {
    this.#keysOnly?.cancel();
    this.#keysOnly = this.#options.clock.setTimer(() => {
      if (this.state.phase === "transferring") {
        this.#waitForKeys();
        return;
      }
      this.#effects.inLine(() => this.#options.speech.say("goodbye"));
      this.#effects.inLine(() => this.end("agent"));
    }, keysOnlyMs);
  }
}
