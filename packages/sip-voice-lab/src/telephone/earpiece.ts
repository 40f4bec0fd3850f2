import { EventEmitter } from "node:events";
import { AudioStream, type RemoteTrack } from "@livekit/rtc-node";
import { AudioTimeline, LINE_SAMPLE_RATE } from "./audio-timeline.ts";
import { SpeechGate } from "./speech-gate.ts";

const FRAME_MS = 20;
/** A stream that falls this far behind the clock was paused, not merely delivered in a burst. */
const RESYNC_MS = 500;

/** A stretch of speech that was heard; `endedAt` is missing while it goes on. `performance.now()` axis. */
export interface HeardSpeech {
  readonly startedAt: number;
  readonly endedAt?: number;
}

/** The ear of a telephone: records what the room says once the line is up, and notices speech. */
export class Earpiece extends EventEmitter<{ speechStart: [{ at: number }]; speechEnd: [{ at: number }] }> {
  /** Everything heard since the line joined; silence until it was answered. */
  readonly timeline: AudioTimeline;
  #open = false;
  #gates = new Map<string, SpeechGate>();
  #readers = new Map<string, ReadableStreamDefaultReader<{ data: Int16Array }>>();
  #stretches: { startedAt: number; endedAt?: number }[] = [];
  #lastLoudEnd: number;

  constructor(startedAt: number) {
    super();
    this.timeline = new AudioTimeline(startedAt);
    this.#lastLoudEnd = startedAt;
  }

  /** Stretches of speech heard so far, oldest first. */
  get speech(): readonly HeardSpeech[] {
    return this.#stretches;
  }

  /** When the last sound ended, or when the line joined. */
  get lastLoudEnd(): number {
    return this.#lastLoudEnd;
  }

  /** From now on the telephone hears: whoever speaks into the ringing is not heard. */
  open(): void {
    this.#open = true;
  }

  /** Listens to a track of the room until it or the telephone is gone. */
  listen(track: RemoteTrack, trackSid: string): void {
    if (this.#readers.has(trackSid)) return;
    const stream = new AudioStream(track, {
      sampleRate: LINE_SAMPLE_RATE,
      numChannels: 1,
      frameSizeMs: FRAME_MS,
    });
    const reader = stream.getReader() as ReadableStreamDefaultReader<{ data: Int16Array }>;
    this.#readers.set(trackSid, reader);
    void this.#hear(trackSid, reader).catch(() => undefined);
  }

  /** Stops listening to a track. */
  async forget(trackSid: string): Promise<void> {
    const reader = this.#readers.get(trackSid);
    this.#readers.delete(trackSid);
    this.#closeGate(trackSid);
    await reader?.cancel().catch(() => undefined);
  }

  /** Stops listening to everything. */
  async close(): Promise<void> {
    this.#open = false;
    await Promise.all([...this.#readers.keys()].map((sid) => this.forget(sid)));
  }

  async #hear(trackSid: string, reader: ReadableStreamDefaultReader<{ data: Int16Array }>): Promise<void> {
    let cursor: number | undefined;
    for (;;) {
      const { done, value } = await reader.read();
      if (done || !this.#readers.has(trackSid)) break;
      // Frames come in real time, but a busy event loop delivers them in bursts: count samples, not arrivals.
      const arrived = this.timeline.indexAt(performance.now()) - value.data.length;
      if (cursor === undefined || arrived - cursor > (RESYNC_MS * LINE_SAMPLE_RATE) / 1000)
        cursor = Math.max(0, arrived);
      if (this.#open) this.#take(trackSid, cursor, value.data);
      cursor += value.data.length;
    }
    this.#closeGate(trackSid);
  }

  #take(trackSid: string, index: number, samples: Int16Array): void {
    this.timeline.write(index, samples);
    let gate = this.#gates.get(trackSid);
    if (!gate) {
      gate = new SpeechGate();
      this.#gates.set(trackSid, gate);
    }
    const edge = gate.push(samples, this.timeline.timeOf(index), (samples.length * 1000) / LINE_SAMPLE_RATE);
    if (gate.speaking) this.#lastLoudEnd = Math.max(this.#lastLoudEnd, gate.lastLoudEnd ?? 0);
    if (edge?.edge === "start") this.#started(edge.at);
    if (edge?.edge === "end") this.#ended(edge.at);
  }

  #closeGate(trackSid: string): void {
    const edge = this.#gates.get(trackSid)?.close();
    this.#gates.delete(trackSid);
    if (edge) this.#ended(edge.at);
  }

  // Two tracks may speak at once (the agent and an operator): a stretch lasts while any of them does.
  #started(at: number): void {
    const current = this.#stretches.at(-1);
    if (current && current.endedAt === undefined) return;
    this.#stretches.push({ startedAt: at });
    this.emit("speechStart", { at });
  }

  #ended(at: number): void {
    const current = this.#stretches.at(-1);
    if (!current || current.endedAt !== undefined) return;
    if ([...this.#gates.values()].some((gate) => gate.speaking)) return;
    current.endedAt = at;
    this.emit("speechEnd", { at });
  }
}
