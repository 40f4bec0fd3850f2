import type { CallParty } from "../../call/state.ts";
import type { CalleeSound } from "./callee-ear.ts";

/** What the judge goes by, in milliseconds. */
export interface CalleeTiming {
  /** Silence after which a hello is over, and may be answered. */
  readonly helloSilenceMs: number;
  /** A hello that is no longer than this ... */
  readonly helloMs: number;
  /** ... and this silence after it are a person's. */
  readonly personSilenceMs: number;
  /** Talk that goes on for longer than this is a machine's. */
  readonly machineTalkMs: number;
  /** After talk between the two lengths, this silence without a beep is a person's. */
  readonly longHelloSilenceMs: number;
  /** A pause that is no longer than this does not end a machine's talk. */
  readonly pauseMs: number;
  /** Who has said nothing for so long may be anybody. */
  readonly noTalkMs: number;
}

/** The usual timing: what came out best on the greetings that the lab speaks. */
export const calleeTiming: CalleeTiming = {
  helloSilenceMs: 400,
  helloMs: 2_500,
  personSilenceMs: 700,
  machineTalkMs: 4_500,
  longHelloSilenceMs: 1_300,
  pauseMs: 1_100,
  noTalkMs: 4_000,
};

/** What showed who is on the other end. */
export type CalleeSign =
  | "short-hello"
  | "long-hello"
  | "long-talk"
  | "beep"
  | "fax-tone"
  | "information-tones"
  | "nothing-said"
  | "words"
  | "key"
  | "talked-back"
  | "detector";

/** Who answered, as far as it can be told, and by what: durations, never words. */
export interface CalleeVerdict {
  /** Who answered. */
  readonly party: CallParty;
  /** What showed it. */
  readonly sign: CalleeSign;
  /** How long after the answer, in milliseconds of sound. */
  readonly afterMs: number;
  /** How long the callee had talked by then, in milliseconds. */
  readonly talkMs: number;
}

/** What the judge says. */
export type CalleeFinding =
  /** The callee said hello and waits. */
  | { readonly type: "hello-over" }
  /** It became clear who answered, or clear that it was somebody else. */
  | { readonly type: "verdict"; readonly verdict: CalleeVerdict };

/** A beep's pitch, in hertz. */
const beepHertz = [380, 1_900] as const;
/** Below this a tone before any talk is more likely the ringing of a network that answers early. */
const loneBeepHertz = 500;
const longestBeepMs = 1_600;
/** Information tones come as three, each higher than the one before, and a fax machine's last longer (ITU-T E.180, T.30). */
const nextToneMs = 700;
const faxHertz = [2_060, 2_140] as const;
const leastFaxMs = 400;
const informationHertz = [
  [870, 1_030],
  [1_330, 1_470],
  [1_730, 1_830],
] as const;
/** A beep says something of the greeting that it follows. */
const beepAfterTalkMs = 6_000;

const within = (hertz: number, [least, most]: readonly [number, number]): boolean =>
  hertz >= least && hertz <= most;

interface Talk {
  readonly startedAt: number;
  /** `undefined` while it goes on. */
  endedAt: number | undefined;
}

/**
 * Judges by the sound alone who answered. A person says a short hello and waits; a machine talks on, and beeps. Pure: time
 * is the sound's own. A verdict may be revised: a machine can begin as a person does.
 */
export class CalleeJudge {
  readonly #timing: CalleeTiming;
  #talk: Talk | undefined;
  #verdict: CalleeVerdict | undefined;
  #judged: Talk | undefined;
  #helloOver = false;
  #tones: { readonly hertz: number; readonly endedAt: number }[] = [];

  /** Judges with the usual timing unless given another. */
  constructor(timing: Partial<CalleeTiming> = {}) {
    this.#timing = { ...calleeTiming, ...timing };
  }

  /** The last verdict. */
  get verdict(): CalleeVerdict | undefined {
    return this.#verdict;
  }

  /** Takes what was heard up to a moment; returns what that shows. */
  take(sounds: readonly CalleeSound[], now: number): CalleeFinding[] {
    const findings: CalleeFinding[] = [];
    const tell = (party: CallParty, sign: CalleeSign): void => {
      if (this.#verdict?.party === party) return;
      this.#verdict = { party, sign, afterMs: now, talkMs: this.#talkMs(now) };
      this.#judged = this.#talk;
      findings.push({ type: "verdict", verdict: this.#verdict });
    };
    for (const sound of sounds) {
      const sign = this.#hear(sound);
      if (sign) tell("machine", sign);
    }
    const tone = this.#tones.at(-1);
    if (tone && this.#tones.length === 1 && now - tone.endedAt >= nextToneMs && tone.hertz >= loneBeepHertz) {
      this.#tones = [];
      tell("machine", "beep");
    }
    this.#weigh(now, tell, findings);
    return findings;
  }

  #talkMs(now: number): number {
    return this.#talk ? (this.#talk.endedAt ?? now) - this.#talk.startedAt : 0;
  }

  #weigh(now: number, tell: (party: CallParty, sign: CalleeSign) => void, findings: CalleeFinding[]): void {
    const talk = this.#talk;
    const { helloMs, helloSilenceMs, personSilenceMs } = this.#timing;
    const { longHelloSilenceMs, machineTalkMs, noTalkMs } = this.#timing;
    if (!talk) {
      if (now >= noTalkMs && !this.#verdict) tell("unknown", "nothing-said");
      return;
    }
    const talkMs = this.#talkMs(now);
    const silenceMs = talk.endedAt === undefined ? 0 : now - talk.endedAt;
    // Once a person was heard, only the same talk going on and on can be a machine's.
    const isOpen = !this.#verdict || this.#verdict.party === "unknown" || this.#judged === talk;
    if (talkMs >= machineTalkMs) {
      if (isOpen) tell("machine", "long-talk");
    } else if (!this.#verdict || this.#verdict.party === "unknown") {
      if (talkMs <= helloMs && silenceMs >= personSilenceMs) tell("person", "short-hello");
      else if (silenceMs >= longHelloSilenceMs) tell("person", "long-hello");
    }
    if (!this.#helloOver && talkMs <= helloMs && silenceMs >= helloSilenceMs) {
      this.#helloOver = true;
      findings.push({ type: "hello-over" });
    }
  }

  /** Takes one sound; returns by what it shows a machine, if it does. */
  #hear(sound: CalleeSound): CalleeSign | undefined {
    const talk = this.#talk;
    switch (sound.type) {
      case "talk":
        if (talk?.endedAt !== undefined && sound.startedAt - talk.endedAt <= this.#timing.pauseMs)
          talk.endedAt = undefined;
        else this.#talk = { startedAt: sound.startedAt, endedAt: undefined };
        return undefined;
      case "quiet":
        if (talk) talk.endedAt = sound.endedAt;
        return undefined;
      case "noise":
        if (talk)
          this.#talk = talk.startedAt === sound.startedAt ? undefined : { ...talk, endedAt: sound.startedAt };
        return undefined;
      case "tone":
        return undefined;
      case "tone-ended":
        return this.#hearTone(sound.hertz, sound.startedAt, sound.endedAt);
    }
  }

  #hearTone(hertz: number, startedAt: number, endedAt: number): CalleeSign | undefined {
    const ms = endedAt - startedAt;
    if (within(hertz, faxHertz) && ms >= leastFaxMs) return "fax-tone";
    const previous = this.#tones.at(-1);
    if (previous && startedAt - previous.endedAt > nextToneMs) this.#tones = [];
    this.#tones.push({ hertz, endedAt });
    if (informationHertz.every((range, index) => within(this.#tones.at(index - 3)?.hertz ?? 0, range)))
      return "information-tones";
    if (!within(hertz, beepHertz) || ms > longestBeepMs) {
      this.#tones.pop();
      return undefined;
    }
    const talkedAt = this.#talk && (this.#talk.endedAt ?? startedAt);
    return talkedAt !== undefined && startedAt - talkedAt <= beepAfterTalkMs ? "beep" : undefined;
  }
}
