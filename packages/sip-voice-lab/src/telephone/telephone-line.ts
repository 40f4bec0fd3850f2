import { EventEmitter } from "node:events";
import { type DisconnectReason, type Room, RoomEvent, TrackKind } from "@livekit/rtc-node";
import { AudioTimeline, LINE_SAMPLE_RATE } from "./audio-timeline.ts";
import { Deferred } from "./deferred.ts";
import { dtmfCode } from "./dtmf-code.ts";
import { Earpiece, type HeardSpeech } from "./earpiece.ts";
import { Microphone } from "./microphone.ts";
import { writeRecording } from "./recording.ts";
import { SipLeg, type SipLegOptions } from "./sip-leg.ts";
import { CallFailed, LineEnded, TelephoneTimeout } from "./telephone-error.ts";

/** Who ended a line: this telephone, the room (deleted, removed, replaced, too long), or a transfer to another telephone. */
export interface LineEnd {
  readonly by: "caller" | "room" | "transfer";
}

/** How a line ends, for the exchange. */
export interface LineEndOptions {
  /** The reason that the room is told. */
  readonly reason?: DisconnectReason;
  /** What `answered` rejects with when the call never came up. */
  readonly failure?: CallFailed;
}

/** Events of a line; times are on the `performance.now()` axis. */
export interface TelephoneLineEvents {
  answered: [];
  speechStart: [{ at: number }];
  speechEnd: [{ at: number }];
  /** The room sent a key press to this telephone. */
  digit: [digit: string];
  ended: [LineEnd];
}

/** A moment and a limit to wait for speech. */
export interface SpeechWait {
  readonly timeoutMs: number;
  /** Speech that began earlier but still went on at this moment counts. Now by default. */
  readonly since?: number;
}

/** One call on a simulated telephone, from joining the room to leaving it. */
export class TelephoneLine extends EventEmitter<TelephoneLineEvents> {
  /** The number of the telephone itself. */
  readonly number: string;
  /** `inbound` when the telephone called the clinic, `outbound` when the clinic dialled it. */
  readonly direction: "inbound" | "outbound";
  /** Samples a second of everything said and heard. */
  readonly sampleRate = LINE_SAMPLE_RATE;
  /** Resolves when the call is up; rejects with {@link CallFailed} when it never comes up. */
  readonly answered: Promise<void>;
  /** Resolves when the telephone has left the room and everything is freed. */
  readonly ended: Promise<LineEnd>;
  #leg: SipLeg | undefined;
  #legOptions: SipLegOptions;
  #earpiece: Earpiece;
  #microphone: Microphone | undefined;
  #said: AudioTimeline;
  #digits: string[] = [];
  #isUp = false;
  #answered = new Deferred<void>();
  #ended = new Deferred<LineEnd>();
  #ending: LineEnd | undefined;
  #joinedAt = performance.now();

  private constructor(number: string, direction: "inbound" | "outbound", legOptions: SipLegOptions) {
    super();
    this.number = number;
    this.direction = direction;
    this.#legOptions = legOptions;
    this.answered = this.#answered.promise;
    this.ended = this.#ended.promise;
    // Nobody has to wait for an answer: a line that failed must not end the process.
    this.answered.catch(() => undefined);
    this.#said = new AudioTimeline(this.#joinedAt);
    this.#earpiece = new Earpiece(this.#joinedAt);
    this.#earpiece.on("speechStart", (event) => this.emit("speechStart", event));
    this.#earpiece.on("speechEnd", (event) => this.emit("speechEnd", event));
  }

  /** Joins the room. The exchange (the SIP stand-in) calls this; telephones `call` or are dialled. */
  static async open(
    number: string,
    direction: "inbound" | "outbound",
    legOptions: SipLegOptions,
    prepare?: (room: Room) => void,
  ): Promise<TelephoneLine> {
    const line = new TelephoneLine(number, direction, legOptions);
    line.#leg = await SipLeg.join(legOptions, (room) => {
      line.#follow(room);
      prepare?.(room);
    });
    if (!line.#leg.isConnected) await line.#finish({ by: "room" });
    return line;
  }

  /** The room's end of the call; for the exchange. */
  get leg(): SipLeg {
    if (!this.#leg) throw new Error("The line has not joined its room.");
    return this.#leg;
  }

  /** Name of the room. */
  get room(): string {
    return this.#legOptions.room;
  }

  /** Identity of the SIP participant. */
  get identity(): string {
    return this.#legOptions.identity;
  }

  /** Whether somebody can be spoken to: answered and not ended. */
  get isUp(): boolean {
    return this.#isUp && !this.#ending;
  }

  /** Whether the line has ended or is ending. */
  get isOver(): boolean {
    return this.#ending !== undefined;
  }

  /** Keys that the room pressed towards this telephone. */
  get digitsHeard(): string {
    return this.#digits.join("");
  }

  /** Stretches of speech heard so far. */
  get speechHeard(): readonly HeardSpeech[] {
    return this.#earpiece.speech;
  }

  /** When the line joined its room. */
  get joinedAt(): number {
    return this.#joinedAt;
  }

  /** Publishes the telephone's audio, of silence for now; for the exchange, which does it while the phone rings. */
  async openAudio(): Promise<void> {
    if (this.#microphone || this.#ending) return;
    this.#microphone = new Microphone(this.#joinedAt);
    this.#said = this.#microphone.timeline;
    this.#microphone.start();
    await this.leg.publish(this.#microphone.track);
  }

  /** The call is up: the telephone hears and can speak; for the exchange. */
  markAnswered(): void {
    if (this.#ending || this.#isUp) return;
    this.#isUp = true;
    this.#earpiece.open();
    this.emit("answered");
    this.#answered.resolve();
  }

  /** Presses a key: `0` to `9`, `*`, `#`, `A` to `D`. Resolves with the moment it was pressed. */
  async press(digit: string): Promise<{ at: number }> {
    const code = dtmfCode(digit);
    this.#mustBeUp();
    const at = performance.now();
    await this.leg.publishDtmf(code, digit);
    return { at };
  }

  /** Says mono samples; resolves once they are played out, with when they began and ended. */
  async play(samples: Int16Array, sampleRate: number): Promise<{ startedAt: number; endedAt: number }> {
    this.#mustBeUp();
    if (!this.#microphone) throw new Error("The telephone has no audio.");
    return this.#microphone.play(samples, sampleRate);
  }

  /** Sends silence in place of speech from now on, or (`false`) no longer. Speech takes its time all the same. */
  mute(muted = true): void {
    if (this.#microphone) this.#microphone.muted = muted;
  }

  /** What was heard between two moments; everything by default. */
  heardBetween(from?: number, to?: number): Int16Array {
    return this.#earpiece.timeline.between(from, to);
  }

  /** Whether any speech was heard at or after a moment. */
  heardSpeechSince(at: number): boolean {
    return this.#speechAfter(at) !== undefined;
  }

  /** Resolves with when the speech began. Rejects with {@link TelephoneTimeout} or {@link LineEnded}. */
  async waitForSpeechStart({ timeoutMs, since = performance.now() }: SpeechWait): Promise<{ at: number }> {
    const speech = await this.#poll("heard no speech", timeoutMs, () => this.#speechAfter(since));
    return { at: speech.startedAt };
  }

  /** Resolves once nothing was heard for `silenceMs`, with when that silence began. */
  async waitForSilence({
    silenceMs,
    timeoutMs,
  }: {
    silenceMs: number;
    timeoutMs: number;
  }): Promise<{ at: number }> {
    return this.#poll(`heard no ${silenceMs} ms of silence`, timeoutMs, () => {
      const at = this.#earpiece.lastLoudEnd;
      return performance.now() - at >= silenceMs ? { at } : undefined;
    });
  }

  /** Writes a stereo WAV: heard on the left, said on the right. Works after the line has ended too. */
  saveRecording(path: string): Promise<void> {
    return writeRecording(path, this.#earpiece.timeline, this.#said);
  }

  /** Hangs up; resolves when the telephone has left the room. */
  async hangUp(): Promise<void> {
    await this.end({ by: "caller" });
  }

  /** Ends the call for another reason than hanging up; for the exchange. */
  async end(end: LineEnd, how: LineEndOptions = {}): Promise<void> {
    if (!this.#ending) {
      this.#ending = end;
      if (how.failure) this.#answered.reject(how.failure);
      // A call that never came up leaves without the status `hangup`, as recorded.
      if (this.#isUp || this.direction === "inbound") await this.leg.hangUp(how.reason);
      else await this.leg.leave(how.reason);
      await this.#finish(end);
    }
    await this.ended;
  }

  #mustBeUp(): void {
    if (!this.isUp) throw new Error("The call is not up.");
  }

  #speechAfter(at: number): HeardSpeech | undefined {
    return this.#earpiece.speech.find((speech) => speech.endedAt === undefined || speech.endedAt > at);
  }

  async #poll<T>(what: string, timeoutMs: number, look: () => T | undefined): Promise<T> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      if (this.#ending) throw new LineEnded(this.#ending.by);
      if (performance.now() >= deadline) throw new TelephoneTimeout(what, timeoutMs);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  #follow(room: Room): void {
    room.on(RoomEvent.TrackSubscribed, (track, publication) => {
      if (track.kind === TrackKind.KIND_AUDIO) this.#earpiece.listen(track, publication.sid ?? "");
    });
    room.on(RoomEvent.TrackUnsubscribed, (_track, publication) => {
      void this.#earpiece.forget(publication.sid ?? "");
    });
    room.on(RoomEvent.DtmfReceived, (_code, digit) => {
      this.#digits.push(digit);
      this.emit("digit", digit);
    });
    room.on(RoomEvent.Disconnected, () => {
      if (this.#ending) return;
      this.#ending = { by: "room" };
      void (this.#leg?.leave() ?? Promise.resolve()).finally(() => this.#finish({ by: "room" }));
    });
  }

  async #finish(end: LineEnd): Promise<void> {
    this.#ending ??= end;
    this.#answered.reject(new CallFailed(487, "Request Terminated"));
    await this.#earpiece.close();
    await this.#microphone?.close();
    this.emit("ended", end);
    this.#ended.resolve(end);
  }
}
