import { setTimeout as sleep } from "node:timers/promises";
import { RoomServiceClient } from "livekit-server-sdk";
import type { LiveKitAddress } from "../livekit-server/livekit-server.ts";
import type { Telephone, TelephoneExchange } from "../telephone/telephone.ts";
import type { TelephoneLine } from "../telephone/telephone-line.ts";
import { countReadyAgents, type Ring } from "./ring-log.ts";
import { SipResources } from "./sip-resources.ts";

/** Thrown inside a wait when its line ended first. */
export class LineGone extends Error {}

/** What the stand-in knows: telephones, lines, trunks and rules, rings, and the troubles that a test has ordered. */
export class Switchboard {
  readonly livekit: LiveKitAddress;
  readonly service: RoomServiceClient;
  readonly resources = new SipResources();
  readonly telephones = new Map<string, Telephone>();
  readonly rings: Ring[] = [];
  /** Lines per trunk that may ring or be up at once; a trunk without an entry has no limit. */
  readonly channelLimits = new Map<string, number>();
  /** Whether the "SIP service" refuses to dial. */
  cpuExhausted = false;
  #lines = new Map<TelephoneLine, { callId: string; trunkId: string }>();
  #sequence = 0;
  readonly #exchange: TelephoneExchange;
  #closing = new AbortController();

  constructor(
    livekit: LiveKitAddress,
    telephones: Iterable<Telephone>,
    placeCall: (
      board: Switchboard,
      ...call: Parameters<TelephoneExchange["placeCall"]>
    ) => Promise<TelephoneLine>,
  ) {
    this.#exchange = { placeCall: (...call) => placeCall(this, ...call) };
    this.livekit = livekit;
    this.service = new RoomServiceClient(livekit.httpUrl, livekit.apiKey, livekit.apiSecret, {
      failover: false,
    });
    for (const telephone of telephones) this.add(telephone);
  }

  /** Plugs a telephone in. */
  add(telephone: Telephone): void {
    if (this.telephones.has(telephone.number)) throw new Error("Two telephones can't have the same number.");
    this.telephones.set(telephone.number, telephone);
    telephone.plugInto(this.#exchange);
  }

  /** Lines that have not ended. */
  get lines(): TelephoneLine[] {
    return [...this.#lines.keys()];
  }

  /** The line of a participant, when there is one. */
  lineOf(room: string, identity: string): TelephoneLine | undefined {
    return this.lines.find((line) => line.room === room && line.identity === identity && !line.isOver);
  }

  /** Keeps a line until it has ended. */
  keep(line: TelephoneLine, call: { callId: string; trunkId: string }): void {
    this.#lines.set(line, call);
    void line.ended.then(() => this.#lines.delete(line));
  }

  /** Whether a trunk has a limit and, without this call, already carries that many. */
  isFull(trunkId: string, callId: string): boolean {
    const limit = this.channelLimits.get(trunkId);
    if (limit === undefined) return false;
    const others = [...this.#lines.entries()].filter(
      ([line, call]) => call.trunkId === trunkId && call.callId !== callId && !line.isOver,
    );
    return others.length >= limit;
  }

  /** A number that is different for each call. */
  nextSequence(): number {
    this.#sequence += 1;
    return this.#sequence;
  }

  /** Counts a ring, with the agents that are ready in the room at that moment. */
  async countRing(
    number: string,
    { room, identity }: Pick<TelephoneLine, "room" | "identity">,
    cause: Ring["cause"],
  ): Promise<void> {
    const agentsReady = await countReadyAgents(this.service, room);
    this.rings.push({ number, room, identity, at: performance.now(), agentsReady, cause });
  }

  /** Waits on behalf of a line. Throws {@link LineGone} as soon as the line or the stand-in ends. */
  async wait(ms: number, line: TelephoneLine): Promise<void> {
    const done = new AbortController();
    const signal = AbortSignal.any([done.signal, this.#closing.signal]);
    const gone = line.ended.then(() => {
      throw new LineGone();
    });
    try {
      await Promise.race([
        sleep(ms, undefined, { signal }).catch(() => Promise.reject(new LineGone())),
        gone,
      ]);
    } finally {
      done.abort();
      gone.catch(() => undefined);
    }
    if (line.isOver) throw new LineGone();
  }

  /** Ends a line when its call has lasted this long. */
  limitDuration(line: TelephoneLine, ms: number | undefined): void {
    if (ms === undefined || ms <= 0) return;
    const timer = setTimeout(() => void line.end({ by: "room" }), ms);
    void line.ended.then(() => clearTimeout(timer));
  }

  /** Ends every line. */
  async close(): Promise<void> {
    this.#closing.abort();
    for (const telephone of this.telephones.values()) telephone.plugInto(undefined);
    await Promise.allSettled(this.lines.map((line) => line.end({ by: "room" })));
  }
}
