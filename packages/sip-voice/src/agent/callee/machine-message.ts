import { type Clock, pause } from "../../clock.ts";
import type { CalleeWatch } from "./callee-watch.ts";

/** What a {@link MachineMessage} needs. */
export interface MachineMessageOptions {
  readonly watch: CalleeWatch;
  readonly clock: Clock;
  /** Aborted when the call is over. */
  readonly over: AbortSignal;
  /** Whether it is still taken for a machine. */
  readonly isMachine: () => boolean;
  /** Says the message; resolves when it was said or cut short. */
  readonly say: () => Promise<void>;
  /** Falls silent. */
  readonly interrupt: () => void;
  /** Somebody answered the message as a person does. */
  readonly onPerson: () => void;
}

/** The silence after which a greeting without a beep is over. */
const greetingOverMs = 1_800;
/** How long after a beep the recording surely runs. */
const afterBeepMs = 250;
/** The longest greeting that is waited for. */
const longestGreetingMs = 75_000;
/** How much talk in the message is somebody's, and not a click or a cough. */
const talkInMessageMs = 500;
/** How long somebody may talk before they are a machine that goes on with its greeting. */
const personTalkMs = 3_000;
const personSilenceMs = 700;
/** How often the message is begun, at most: a greeting can pause for long, and beep after it. */
const mostTries = 3;
/** A message that took less was not said. */
const leastMessageMs = 1_000;
/** What is on the way to the machine when the message has been said. */
const trailingMs = 600;

/** When a machine is to be talked to: after its beep, or when it has fallen silent without one. */
type Turn = "beep" | "silence" | "no-machine";

/** Leaves a message on a machine: when it is its turn, whole, and only as long as nobody answers. */
export class MachineMessage {
  readonly #o: MachineMessageOptions;
  #begun = false;

  /** Makes what leaves one message. */
  constructor(options: MachineMessageOptions) {
    this.#o = options;
  }

  /** Whether any of it was said. */
  get begun(): boolean {
    return this.#begun;
  }

  /** Resolves when the machine's greeting is over; `undefined` when it never ends. */
  turn(): Promise<Turn | undefined> {
    const { watch, isMachine } = this.#o;
    return watch.until<Turn>(() => {
      if (!isMachine()) return "no-machine";
      const { talk, tone, now } = watch;
      const beepedAt = tone?.endedAt;
      // A greeting can begin with a sound of its own: the beep is what nothing follows.
      const isLast =
        beepedAt !== undefined && (talk === undefined || (talk.endedAt ?? now) <= beepedAt + 100);
      if (isLast && now - beepedAt >= afterBeepMs && watch.quietMs >= afterBeepMs - 100) return "beep";
      return watch.quietMs >= greetingOverMs ? "silence" : undefined;
    }, longestGreetingMs);
  }

  /** Leaves the message; resolves `true` when it was left whole. */
  async leave(): Promise<boolean> {
    const { clock, over, isMachine } = this.#o;
    for (let tries = 0; tries < mostTries; tries += 1) {
      const turn = await this.turn();
      if (!turn || turn === "no-machine" || over.aborted) return false;
      const outcome = await this.#say();
      if (outcome === "said") {
        await pause(clock, trailingMs, over);
        return isMachine() && !over.aborted;
      }
      if (outcome === "over" || (outcome === "talk" && !(await this.#goesOn()))) return false;
    }
    return false;
  }

  async #say(): Promise<"said" | "over" | "beep" | "talk"> {
    const { watch, clock, over, isMachine, say, interrupt } = this.#o;
    const [since, startedAt] = [watch.now, clock.now()];
    const done = new AbortController();
    this.#begun = true;
    const said = say().then(() => "said" as const);
    const disturbed = watch.until<"over" | "beep" | "talk">(
      () => {
        if (!isMachine()) return "over";
        const { talk, tone, now } = watch;
        if (tone && tone.startedAt >= since) return "beep";
        const talksSince = talk && talk.endedAt === undefined ? Math.max(since, talk.startedAt) : now;
        return now - talksSince >= talkInMessageMs ? "talk" : undefined;
      },
      longestGreetingMs,
      done.signal,
    );
    const first = (await Promise.race([said, disturbed])) ?? "over";
    done.abort();
    if (first === "said") {
      const isWhole = isMachine() && !over.aborted && clock.now() - startedAt >= leastMessageMs;
      return isWhole ? "said" : "over";
    }
    interrupt();
    await said;
    return first;
  }

  /** Whether who talked into the message is the machine, going on with its greeting; a person says something and waits. */
  async #goesOn(): Promise<boolean> {
    const { watch, isMachine, onPerson } = this.#o;
    const since = watch.now;
    const who = await watch.until<"person" | "machine" | "no-machine">(() => {
      if (!isMachine()) return "no-machine";
      const { talk, tone, now } = watch;
      if ((tone && tone.startedAt >= since) || now - since >= personTalkMs) return "machine";
      return talk?.endedAt !== undefined && now - talk.endedAt >= personSilenceMs ? "person" : undefined;
    }, 2 * personTalkMs);
    if (who === "person") onPerson();
    return who === "machine";
  }
}
