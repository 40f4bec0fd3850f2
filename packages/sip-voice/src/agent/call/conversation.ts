import type { UnreadyReason } from "../../call/readiness.ts";
import { pause } from "../../clock.ts";
import { listenToCallee } from "../callee/callee-audio.ts";
import { showCallPage } from "../web/call-page.ts";
import type { WebPage } from "../web/web-page.ts";
import type { CallJobOptions } from "./call-job-options.ts";
import type { OpenCall } from "./open-call.ts";
import { watchParty } from "./party-watch.ts";

/** What is still under way when the two are connected. */
export interface ConversationStart {
  /** Whether the model works. */
  readonly modelStarted: Promise<boolean>;
  /** Whether it was found what the call is about. */
  readonly found: Promise<"found" | UnreadyReason>;
  /** The opener's first sound is on its way. */
  readonly onOpener: () => void;
}

/** The part of a call in which the two are connected. */
export class Conversation {
  readonly #o: CallJobOptions;
  readonly #open: OpenCall;
  readonly #start: ConversationStart;
  #page: WebPage | undefined;

  /** Makes the conversation of one call; nothing is said yet. */
  constructor(options: CallJobOptions, open: OpenCall, start: ConversationStart) {
    this.#o = options;
    this.#open = open;
    this.#start = start;
  }

  /** From the moment at which the two are connected until the call is over. */
  async run(): Promise<void> {
    const { backend, clock, ctx, line, options } = this.#o;
    const { call, model, profile, recorder, speech } = this.#open;
    const { modelStarted, found, onOpener } = this.#start;
    const callee = this.#open.meetCallee();
    const opener = callee ? callee.sayOpener() : speech.say("opener").then(() => true);
    const openerSaid = opener.then((said) => said && recorder.add({ type: "opener-said" }));
    // Its first frames are on their way before anything else is done.
    await pause(clock, 0, line.over);
    onOpener();
    call.connected();
    const { party } = line;
    if (callee && party) {
      const stop = listenToCallee(ctx.room, party, (samples) => callee.push(samples));
      line.over.addEventListener("abort", stop, { once: true });
    }
    // The framework refuses to join a session that has not started, and an inbound call's starts after the opener.
    void modelStarted.then((works) => {
      if (works && party && !line.over.aborted) model.join(ctx.room, party);
    });
    if (profile.channel === "web" && party) {
      this.#page = showCallPage({ ...this.#o, open: this.#open, identity: party.identity, found });
    }
    // A key can overtake the news that the call is up, and the appointment that it is about: such keys wait for both.
    const press = (digit: string): void => {
      callee?.press();
      call.press(digit);
    };
    void found.then(() => line.onDigit(press));
    const atLimit = (): void => {
      // How long a caller talks with the operator is limited by itself.
      if (call.state.transfer !== "completed") void call.end("time-limit");
    };
    const limit = clock.setTimer(atLimit, (options.callLimitSeconds ?? 600) * 1000);
    void this.#greet(openerSaid);
    const roomName = ctx.room.name;
    if (roomName && party) {
      const { identity } = party;
      void watchParty({ rooms: backend.rooms, roomName, identity, clock, over: line.over }).then(
        (by) => by && call.partyLeft(by),
      );
    }
    const stopWatching = this.#open.watchSilence();
    await call.ended;
    stopWatching();
    limit.cancel();
    line.drop();
  }

  /** Shows the end on the page, where there is one. */
  async close(): Promise<void> {
    await this.#page?.close();
  }

  async #greet(openerSaid: Promise<unknown>): Promise<void> {
    const { call, callee, profile, speech } = this.#open;
    await openerSaid;
    // A key that cut the opener short is answered first: two voices at once can't be understood.
    await call.settled();
    if (callee && !(await callee.isThere())) return;
    // Lost before the call was up: the opener came first, since it says who is calling.
    if (call.state.model !== "lost") await this.#start.modelStarted;
    this.#open.begin();
    if (call.state.phase !== "active") return;
    // Whoever restores the model has it begin.
    if (call.state.model === "lost") return await call.tellOfLoss();
    if ((await this.#start.found) === "store-unavailable") await speech.say("not-stored");
    // Who pressed a key during the opener knows what they want: no greeting on top of the answer.
    // They may speak next, and the model has not heard of the appointment yet.
    if (call.state.disposition !== "none") return await this.#open.inform();
    const { brief, options } = this.#o;
    const menu = brief || profile.channel !== "phone" ? undefined : options.clinic.menu;
    if (!menu || (await call.leadThrough(menu))) await this.#open.introduce();
  }
}
