import type { CallLog, CallRecordEvent } from "../../call/call-log.ts";
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
    const entry = { at: this.#clock.now(), event };
    this.#written = this.#written
      .then(() => this.#callLog.append(this.#callId, [entry]))
      .catch((error: unknown) =>
        this.#logger.error({ error, callId: this.#callId }, "the call record could not be written"),
      );
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
