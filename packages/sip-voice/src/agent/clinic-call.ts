import type { AppointmentChange } from "../appointments/store.ts";
import type { CallEffect } from "../call/effect.ts";
import type { ChoiceVia } from "../call/event.ts";
import type { CallId } from "../call/identifiers.ts";
import type { CallEndedBy, CallState } from "../call/state.ts";
import { CallStateMachine } from "../call/state-machine.ts";
import type { Clock, Timer } from "../clock.ts";
import { isDtmfDigit } from "../dtmf/digit.ts";
import { createDtmfRouter } from "../dtmf/router.ts";
import type { Logger } from "../log/logger.ts";
import type { PhoneNumber } from "../phone/phone-number.ts";
import type { ContactPreferences } from "../policy/contact-preferences.ts";
import type { AppointmentDesk, DeskResult } from "./appointment-desk.ts";
import type { CallRecorder } from "./call-recorder.ts";
import { offerSlotsInstructions } from "./instructions.ts";
import type { Speech } from "./speech.ts";
import { withinStoreDeadline } from "./store-deadline.ts";

/** How long a caller who is left without a model may do nothing before the call is ended. */
const keysOnlyMs = 45_000;

/** The keys of a call. */
export const clinicMenu = { "1": "confirm", "2": "reschedule", "0": "operator", "9": "opt-out" } as const;

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
  /** Hands the caller to the operator; `true` when the operator has them. */
  readonly transfer: () => Promise<boolean>;
}

/** Drives one call: takes keys and tools in, holds the state, and carries out what the state machine asks for. */
export class ClinicCall {
  readonly #options: ClinicCallOptions;
  readonly #machine = new CallStateMachine();
  readonly #router;
  #effects: Promise<void> = Promise.resolve();
  #writes: Promise<unknown> = Promise.resolve();
  #lastWords: Promise<void> = Promise.resolve();
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
    const { recorder, logger, callId, clock } = options;
    this.#router = createDtmfRouter(clinicMenu, { clock });
    this.#router.onAny(({ choice }) => {
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
    if (!isDtmfDigit(digit) || this.state.phase === "ended") return;
    this.#router.push(digit);
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
    this.#writes = Promise.all([this.#writes, changed]);
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
        this.#writes = Promise.all([this.#writes, this.#optOut()]);
        break;
      case "hang-up":
        this.#inLine(async () => {
          await this.#writes;
          // Not among the writes, which every end waits for: in a room that is gone no sentence is ever said to its end.
          await this.#lastWords.catch(() => {});
          await this.end("agent");
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
    await this.#options.speech.finished();
    if (this.state.phase !== "transferring") return;
    const { transfer, logger, callId } = this.#options;
    const transferred = await transfer().catch((error: unknown) => {
      logger.error({ error, callId }, "the transfer failed");
      return false;
    });
    this.#machine.send({ type: transferred ? "transferred" : "transfer-failed" });
    if (transferred) await this.end("transfer");
  }

  async #optOut(): Promise<void> {
    const { preferences, phoneNumber, clock, logger, callId } = this.#options;
    const keep = async (): Promise<void> => {
      const number = phoneNumber();
      if (!number) throw new Error("The caller's number is not known.");
      await preferences.optOut(number, new Date(clock.now()).toISOString());
    };
    try {
      await withinStoreDeadline(clock, keep());
    } catch (error) {
      logger.error({ error, callId }, "an opt-out could not be kept");
      this.#lastWords = this.#options.speech.say("not-stored");
      this.#lastWords.catch(() => {});
    }
  }
}
