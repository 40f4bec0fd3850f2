import { setImmediate as nextTurn } from "node:timers/promises";
import type { CallLog, CallRecordEntry, CallRecordEvent } from "../../call/call-log.ts";
import type { CallId } from "../../call/identifiers.ts";
import type { Clock } from "../../clock.ts";
import type { Logger } from "../../log/logger.ts";

/** Writes a call's record while the call goes on. Entries keep their order; a log that can't be written never ends a call. */
export class CallRecorder {
  readonly #callLog: CallLog;
  readonly #callId: CallId;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #written: Promise<void> = Promise.resolve();
  readonly #waiting: CallRecordEntry[] = [];
  readonly #listeners = new Set<(event: CallRecordEvent) => void>();
  readonly #events: CallRecordEvent[] = [];
  #ended = false;

  /** Makes a recorder for one call. */
  constructor(callLog: CallLog, callId: CallId, clock: Clock, logger: Logger) {
    this.#callLog = callLog;
    this.#callId = callId;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** Adds what happened just now. After `ended` nothing is added: sentences and tools that were under way still tell of themselves. */
  add(event: CallRecordEvent): void {
    if (this.#ended) return;
    this.#ended = event.type === "ended";
    for (const listener of this.#listeners) listener(event);
    this.#events.push(event);
    this.#waiting.push({ at: this.#clock.now(), event });
    if (this.#waiting.length === 1) this.#written = this.#writeAfter(this.#written);
  }

  /**
   * A turn of the event loop later: a write to a file holds the process up until it is on the disk, and what the caller
   * hears, or has decided, goes first. What was added until then is one write.
   */
  async #writeAfter(before: Promise<void>): Promise<void> {
    await before;
    await nextTurn();
    try {
      await this.#callLog.append(this.#callId, this.#waiting.splice(0));
    } catch (error) {
      this.#logger.error({ error, callId: this.#callId }, "the call record could not be written");
    }
  }

  /** Tells of everything that is added from now on; returns what ends it. */
  onEvent(listener: (event: CallRecordEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** What was added so far. */
  get events(): readonly CallRecordEvent[] {
    return this.#events;
  }

  /** Resolves when everything added so far is durable (or has failed). */
  get written(): Promise<void> {
    return this.#written;
  }
}
