import type { AttemptId } from "../call/identifiers.ts";
import type { PhoneNumber } from "../phone/phone-number.ts";
import type { Attempt, AttemptOutcome, NewAttempt } from "./attempt.ts";

/** How many attempts there may be; counted by the ledger in the very transaction that adds one. */
export interface AttemptCap {
  /** Its name, as it is given back when it is hit. */
  readonly name: string;
  /** Whether the attempts on the number count, over all clinics of this ledger, or those of the clinic, or of the trunk. */
  readonly scope: "number" | "clinic" | "trunk";
  /**
   * Count the attempts reserved at or after this instant (milliseconds since 1970), or only those under way: reserved,
   * dialled, or answered and still talked on.
   */
  readonly since: number | "under-way";
  /** The most that there may be, the new one included. */
  readonly atMost: number;
}

/** What came of {@link Ledger.reserve}. */
export type Reservation =
  /** The attempt is ours to dial. */
  | { readonly kind: "reserved"; readonly attempt: Attempt }
  /** The attempt is known already: finished, or another process is at it. */
  | { readonly kind: "known"; readonly attempt: Attempt }
  /** Nothing was reserved: these caps are full. */
  | { readonly kind: "capped"; readonly caps: readonly AttemptCap[] };

/** What came of {@link Ledger.startDialing}. */
export type DialingStart =
  /** Dial, once. */
  | { readonly kind: "dialing"; readonly attempt: Attempt }
  /** Do not dial: the reservation was released, or another process took it over. */
  | { readonly kind: "lost"; readonly attempt: Attempt };

/**
 * The durable record of attempts, and the only thing that may allow a dial. Every method is one durable
 * transaction; of two processes that ask for the same attempt, one gets it.
 * Its conformance suite is `testLedger` in `@clinic/sip-voice/testing`.
 */
export interface Ledger {
  /**
   * Reserves an attempt, unless it is known or a cap is full. One that is `reserved` beyond its lease is taken over.
   * Attempts count against a cap unless they were released or nobody was rung.
   */
  reserve(attempt: NewAttempt, caps: readonly AttemptCap[]): Promise<Reservation>;
  /** The last step before the dial: `reserved` to `dialing`, if `lease` is still the attempt's. */
  startDialing(attemptId: AttemptId, lease: number, at: number): Promise<DialingStart>;
  /**
   * Keeps what became of a dial: `dialing` to `settled`, or to `unknown` for that outcome; an `unknown` may be settled later.
   * One that was answered, and has a call limit, stays under way until its line is free.
   */
  settle(attemptId: AttemptId, outcome: AttemptOutcome, at: number): Promise<Attempt>;
  /** Gives up a reservation before anybody was rung: `reserved` to `released`, if `lease` is still the attempt's. */
  release(attemptId: AttemptId, lease: number, outcome: AttemptOutcome, at: number): Promise<Attempt>;
  /** The attempt, or `undefined`. */
  get(attemptId: AttemptId): Promise<Attempt | undefined>;
  /** The telephone of an answered attempt has left: it is no longer under way. Of any other attempt nothing is changed. */
  freeLine(attemptId: AttemptId): Promise<void>;
  /** Attempts under way: `reserved`, `dialing`, or answered with a line that is not free yet; the oldest first. */
  underWay(): Promise<readonly Attempt[]>;
  /** Attempts that are `unknown`, up to so many, those first that became so first: a person has to look at them. */
  awaitingReview(limit: number): Promise<readonly Attempt[]>;
  /**
   * The attempt of a clinic on a number that began to dial last, if there is one; whatever became of it, unless nobody was
   * rung. It tells what a patient who calls back has missed.
   */
  lastAttempt(phoneNumber: PhoneNumber, clinicId: string): Promise<Attempt | undefined>;
}
