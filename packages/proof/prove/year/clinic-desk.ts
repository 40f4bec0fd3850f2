import type { YearContact } from "./year-seen.ts";

const dayMs = 86_400_000;

/** What a clinic's runner remembers: whom it rang when, and who waits for a line. */
export class ClinicDesk {
  /** Patients who may be called as soon as a line is free, the first first. */
  readonly waiting: YearContact[] = [];
  readonly #rung: number[] = [];
  /** When it looks again by itself; 0 when nobody is to wake it. */
  wakeAt = 0;

  /** How many of its lines are taken. */
  linesInUse = 0;

  /** Notes a ring. */
  note(at: number): void {
    this.#rung.push(at);
    this.linesInUse += 1;
  }

  /** When the first of the last 24 hours' rings will no longer count. */
  roomAt(now: number): number {
    while ((this.#rung[0] ?? now) < now - dayMs) this.#rung.shift();
    return (this.#rung[0] ?? now) + dayMs + 1;
  }
}
