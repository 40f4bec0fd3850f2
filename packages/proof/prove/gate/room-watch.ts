import { setTimeout as sleep } from "node:timers/promises";
import type { Lab } from "@clinic/sip-voice-lab";

/** Looks are this far apart: ten a second. */
const lookEveryMs = 100;

/** Looks at the list of rooms all the time, and remembers when each was there. */
export class RoomWatch {
  readonly #lab: Lab;
  /** When each room was seen, first and last of each stretch. */
  readonly #stretches = new Map<string, { from: number; to: number }[]>();
  readonly #control = new AbortController();
  #looks = 0;
  #longestGapMs = 0;
  #lastLook: number | undefined;
  #present: ReadonlySet<string> = new Set();
  #watching: Promise<void> | undefined;

  /** Makes a watch over a lab's rooms. */
  constructor(lab: Lab) {
    this.#lab = lab;
  }

  /** Begins to look. */
  start(): void {
    this.#watching ??= this.#watch();
  }

  /** Ends looking. */
  async stop(): Promise<void> {
    this.#control.abort();
    await this.#watching;
  }

  /** How many times was looked so far. */
  get looks(): number {
    return this.#looks;
  }

  /** The longest time between two looks. */
  get longestGapMs(): number {
    return this.#longestGapMs;
  }

  /** Takes in one look: these rooms were there at this moment. */
  note(rooms: readonly string[], at: number): void {
    this.#looks += 1;
    if (this.#lastLook !== undefined) this.#longestGapMs = Math.max(this.#longestGapMs, at - this.#lastLook);
    this.#lastLook = at;
    for (const room of rooms) {
      const stretches = this.#stretches.get(room) ?? [];
      const current = this.#present.has(room) ? stretches.at(-1) : undefined;
      if (current) current.to = at;
      else stretches.push({ from: at, to: at });
      this.#stretches.set(room, stretches);
    }
    this.#present = new Set(rooms);
  }

  /** Whether a room was there at any look later than a moment. */
  wasThereAfter(room: string, at: number): boolean {
    return (this.#stretches.get(room) ?? []).some(({ to }) => to > at);
  }

  /** How often a room appeared: once is as it should be. */
  appearances(room: string): number {
    return this.#stretches.get(room)?.length ?? 0;
  }

  async #watch(): Promise<void> {
    while (!this.#control.signal.aborted) {
      const rooms = await this.#lab.rooms.listRooms().catch(() => undefined);
      if (rooms)
        this.note(
          rooms.map(({ name }) => name),
          performance.now(),
        );
      await sleep(lookEveryMs);
    }
  }
}
