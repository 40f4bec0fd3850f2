import { EventEmitter, once } from "node:events";
import { assertLabNumber } from "./lab-number.ts";
import type { TelephoneBehaviour } from "./telephone-behaviour.ts";
import type { TelephoneLine } from "./telephone-line.ts";

/** How a telephone places a call. */
export interface PlaceCallOptions {
  /**
   * Withholds the caller's number. `true`: the room sees no number at all, as with a dispatch rule that hides numbers;
   * `"anonymous"`: the carrier sends `anonymous` as the caller, and LiveKit shows just that as `sip.phoneNumber`.
   */
  readonly hideNumber?: boolean | "anonymous";
  /** Gives up when nobody answers within this time. 30 s by default. */
  readonly ringingTimeoutMs?: number;
}

/** What telephones are plugged into; the SIP stand-in is one. */
export interface TelephoneExchange {
  /** Carries a call of a telephone to a number of the clinic. */
  placeCall(telephone: Telephone, number: string, options: PlaceCallOptions): Promise<TelephoneLine>;
}

/** One thing that happened to a telephone. */
export interface TelephoneCallRecord {
  /** `performance.now()` when it rang or called. */
  readonly at: number;
  readonly direction: "received" | "placed";
  /** The number at the other end; undefined when hidden. */
  readonly otherNumber: string | undefined;
  /** Set when the call came by a transfer: the number of the telephone that was transferred here. */
  readonly transferredFrom?: string;
  /** What became of it so far. */
  outcome: "ringing" | "answered" | "refused" | "given-up";
}

/** A simulated telephone: a number, and what it does when it is rung. */
export class Telephone extends EventEmitter<{ rung: [TelephoneCallRecord]; line: [TelephoneLine] }> {
  /** Its number, one of +1 NPA 555-01xx. */
  readonly number: string;
  /** What it does when it is rung; may be changed at any time. */
  behaviour: TelephoneBehaviour;
  /** Calls received and placed, oldest first. */
  readonly calls: TelephoneCallRecord[] = [];
  /** Lines, oldest first, the ended ones included. */
  readonly lines: TelephoneLine[] = [];
  #exchange: TelephoneExchange | undefined;

  constructor(number: string, behaviour: TelephoneBehaviour = { kind: "does-not-answer" }) {
    super();
    assertLabNumber(number);
    this.number = number;
    this.behaviour = behaviour;
  }

  /** The current line, when there is one that has not ended. */
  get line(): TelephoneLine | undefined {
    return this.lines.findLast((line) => !line.isOver);
  }

  /** Whether it is in use: a call rings or is up. It then answers another call with 486. */
  get isInUse(): boolean {
    return this.line !== undefined || this.calls.some((call) => call.outcome === "ringing");
  }

  /** Plugs the telephone into an exchange; the exchange calls this. */
  plugInto(exchange: TelephoneExchange | undefined): void {
    this.#exchange = exchange;
  }

  /**
   * Calls a number of the clinic. Resolves with a ringing line; `line.answered` resolves when somebody takes the call.
   * @throws CallFailed with 404 when no trunk or dispatch rule takes the call.
   */
  call(clinicNumber: string, options: PlaceCallOptions = {}): Promise<TelephoneLine> {
    if (!this.#exchange) throw new Error("The telephone is not plugged in: give it to startSipStandIn.");
    return this.#exchange.placeCall(this, clinicNumber, options);
  }

  /** Resolves with the next line on which this telephone is picked up. */
  async nextAnsweredLine({ signal }: { signal?: AbortSignal } = {}): Promise<TelephoneLine> {
    for (;;) {
      const [line] = (await once(this, "line", signal ? { signal } : {})) as [TelephoneLine];
      if (
        await line.answered.then(
          () => true,
          () => false,
        )
      )
        return line;
    }
  }

  /** Notes a call; for the exchange. */
  note(record: TelephoneCallRecord): TelephoneCallRecord {
    this.calls.push(record);
    if (record.direction === "received") this.emit("rung", record);
    return record;
  }

  /** Adds a line; for the exchange. */
  addLine(line: TelephoneLine): void {
    this.lines.push(line);
    this.emit("line", line);
  }
}
