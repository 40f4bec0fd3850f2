import type { AppointmentChange } from "../../appointments/store.ts";
import type { CallEffect } from "../../call/effect.ts";
import type { ChoiceVia } from "../../call/event.ts";
import type { PromptName } from "../../call/prompt.ts";
import type { CallEndedBy, CallState } from "../../call/state.ts";
import type { CallStateMachine } from "../../call/state-machine.ts";
import type { DeskResult } from "../desk/appointment-desk.ts";
import { withinStoreDeadline } from "../desk/store-deadline.ts";
import { offerSlotsInstructions } from "../model/instructions.ts";
import type { TransferResult } from "../operator/transfer-result.ts";
import type { CallKeys } from "./call-keys.ts";
import type { CallMenu } from "./call-menu.ts";
import type { ClinicCallOptions } from "./clinic-call-options.ts";

/** A date of birth: two digits of the day and the month each, four of the year. */
const identityDigits = { length: 8, retries: 1 } as const;

/** Sentences that tell of the model, and wait for others. */
const newsOfModel: ReadonlySet<PromptName> = new Set(["apology", "reconnected"]);

/** Carries out what the state machine of a call asks for, and tells it what came of it. */
export class CallEffects {
  readonly #options: ClinicCallOptions;
  readonly #machine: CallStateMachine;
  readonly #keys: CallKeys;
  readonly #menu: CallMenu;
  #effects: Promise<void> = Promise.resolve();
  #writes: Promise<unknown> = Promise.resolve();
  #said: Promise<void> | undefined;
  #heardApology = false;
  #isEnding = false;

  /** Makes the effects of one call. */
  constructor(options: ClinicCallOptions, machine: CallStateMachine, keys: CallKeys, menu: CallMenu) {
    this.#options = options;
    this.#machine = machine;
    this.#keys = keys;
    this.#menu = menu;
  }

  get #state(): CallState {
    return this.#machine.state;
  }

  /** Whether the caller was told that the model is gone. */
  get heardApology(): boolean {
    return this.#heardApology;
  }

  /** The caller was told that the model is back; the next loss is another one. */
  forgetApology(): void {
    this.#heardApology = false;
  }

  /** Whether the call ends as soon as what is being said was said. */
  get isEnding(): boolean {
    return this.#isEnding;
  }

  /** Resolves when what is to be written so far is durable, or known to have failed. */
  async written(): Promise<void> {
    await this.#writes;
  }

  /** Resolves when what waits in line so far is done. */
  async done(): Promise<void> {
    await this.#effects;
  }

  /** Writes a change of the appointment and tells the state machine what came of it. */
  change(change: AppointmentChange, via: ChoiceVia, slotId?: string): Promise<DeskResult> {
    const changed = this.#change(change, via, slotId);
    this.#write(changed.then(() => {}));
    return changed;
  }

  async #change(change: AppointmentChange, via: ChoiceVia, slotId: string | undefined): Promise<DeskResult> {
    const result = await this.#options.desk.change(change, slotId);
    this.#options.recorder.add({ type: "store", change, result: result.ok ? "kept" : result.reason, via });
    this.#machine.send(result.ok ? { type: "stored", change, via } : { type: "not-stored", change, via });
    return result;
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
    this.#isEnding = true;
    await this.#options.speech.finished();
    if (this.#state.phase !== "transferring") await this.end("agent");
    this.#isEnding = false;
  }

  /** Interrupting, writing and speaking start at once; what must wait for speech to end waits in line. */
  carryOut(effect: CallEffect): void {
    const { speech } = this.#options;
    switch (effect.type) {
      case "interrupt":
        speech.interrupt();
        break;
      case "say": {
        if (effect.prompt === "apology") this.#heardApology = true;
        // An acknowledgement is not cut short by news of the model: whoever pressed the key waits for it.
        const before = newsOfModel.has(effect.prompt) ? this.#said : undefined;
        const said =
          before === undefined ? speech.say(effect.prompt) : before.then(() => speech.say(effect.prompt));
        const over = said
          .catch(() => {})
          .then(() => {
            if (this.#said === over) this.#said = undefined;
          });
        this.#said = over;
        // What went wrong is met when its turn comes; until then it must not count as unhandled.
        said.catch(() => {});
        this.inLine(() => said);
        break;
      }
      case "store":
        void this.change(effect.change, effect.via);
        break;
      case "offer-slots":
        this.inLine(async () => {
          // Another key may have been pressed meanwhile.
          if (this.#state.disposition === "reschedule-requested") void speech.reply(offerSlotsInstructions);
        });
        break;
      case "transfer":
        this.inLine(() => this.#transfer());
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
        this.inLine(() => this.#options.greet());
        break;
      case "speak-language":
        speech.speakIn(effect.language);
        // In a menu the model has said nothing yet; it is told when it begins. By voice it is its tool that tells it.
        if (effect.via !== "voice" && !this.#menu.isOpen)
          this.inLine(() => this.#options.speakLanguage(effect.language));
        break;
      case "leave-message":
        this.inLine(async () => {
          await this.#options.leaveMessage?.();
          // Somebody may have picked up meanwhile.
          if (this.#state.party === "machine") await this.end("agent");
        });
        break;
      case "introduce":
        this.inLine(() => speech.say("screening"));
        break;
      case "hang-up":
        this.#isEnding = true;
        this.inLine(async () => {
          await this.#writes;
          await this.endWhenQuiet();
        });
        break;
    }
  }

  /** Does something once what is being done and said before it was. */
  inLine(step: () => Promise<void>): void {
    this.#effects = this.#effects.then(step).catch((error: unknown) => {
      this.#options.logger.error({ error, callId: this.#options.callId }, "a step of the call failed");
    });
  }

  async #transfer(): Promise<void> {
    const { transfer, onBridged, recorder, speech, logger, callId } = this.#options;
    await speech.finished();
    if (this.#state.phase !== "transferring") return;
    const result = await transfer().catch((error: unknown): TransferResult => {
      logger.error({ error, callId }, "the transfer failed");
      return { reached: false, reason: "unknown" };
    });
    if (result.reached) {
      recorder.add({ type: "transfer", result: "reached", by: result.by });
      this.#machine.send({ type: "transferred", by: result.by });
      if (result.by === "bridge") {
        onBridged?.();
        await result.over;
      }
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
    if (collected?.kind === "cancelled" || this.#state.phase === "ended") return;
    if (!checkIdentity || collected?.kind !== "collected") return await speech.say("identity-failed");
    try {
      const proof = await withinStoreDeadline(clock, checkIdentity(collected.digits));
      recorder.add({
        type: "identity",
        ...(proof ? { result: "proven", by: proof } : { result: "refused" }),
      });
      if (proof) this.#machine.send({ type: "identity-proven", by: proof, via: "digit" });
      else this.#machine.send({ type: "identity-refused", via: "digit" });
    } catch (error) {
      logger.error({ error, callId }, "the identity could not be checked");
      await speech.say("not-stored");
    }
  }
}
