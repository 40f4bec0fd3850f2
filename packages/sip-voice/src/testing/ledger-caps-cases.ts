import { expect } from "vitest";
import type { Ledger } from "../outbound/ledger.ts";
import { parsePhoneNumber } from "../phone/phone-number.ts";
import { dialFailure } from "../sip/dial-outcome.ts";
import type { ConformanceCases } from "./conformance.ts";
import {
  answered,
  attempt,
  cap,
  dialing,
  isFull,
  leaseUntil,
  now,
  oneOnNumber,
  oneUnderWay,
  otherNumber,
  refused,
  reserved,
} from "./ledger-steps.ts";

/** How attempts count against caps. */
export const capsCases: ConformanceCases<Ledger> = {
  "counts a number over all clinics, and no other number": async (ledger) => {
    await reserved(ledger, attempt(1));
    expect(await isFull(ledger, 2, oneOnNumber, { clinicId: "east" })).toBe(true);
    expect(await isFull(ledger, 3, oneOnNumber, { phoneNumber: otherNumber })).toBe(false);
  },
  "counts a clinic over all numbers, and no other clinic": async (ledger) => {
    await reserved(ledger, attempt(1));
    const one = cap("clinic", now, 1);
    expect(await isFull(ledger, 2, one, { phoneNumber: otherNumber })).toBe(true);
    expect(await isFull(ledger, 3, one, { clinicId: "east" })).toBe(false);
  },
  "counts from the window's first instant on": async (ledger) => {
    await reserved(ledger, attempt(1));
    expect(await isFull(ledger, 2, cap("number", now, 1))).toBe(true);
    expect(await isFull(ledger, 3, cap("number", now + 1, 1))).toBe(false);
  },
  "lets as many through as the cap says": async (ledger) => {
    const three = cap("number", now, 3);
    for (const ordinal of [1, 2, 3]) expect(await isFull(ledger, ordinal, three)).toBe(false);
    expect(await isFull(ledger, 4, three)).toBe(true);
    expect(await isFull(ledger, 5, cap("number", now, 0), { phoneNumber: otherNumber })).toBe(true);
  },
  "names every cap that is full, and reserves nothing": async (ledger) => {
    await reserved(ledger, attempt(1));
    const all = [oneOnNumber, cap("number", now, 2), cap("clinic", now, 1), oneUnderWay];
    const capped = { kind: "capped", caps: [oneOnNumber, cap("clinic", now, 1), oneUnderWay] };
    expect(await ledger.reserve(attempt(2), all)).toEqual(capped);
    expect(await ledger.get("attempt-2")).toBeUndefined();
    expect(await ledger.underWay()).toHaveLength(1);
  },
  "counts what is under way, by clinic and by number": async (ledger) => {
    await reserved(ledger, attempt(1));
    await dialing(ledger, attempt(2));
    const two = cap("clinic", "under-way", 2);
    expect(await isFull(ledger, 3, two, { phoneNumber: otherNumber })).toBe(true);
    expect(await isFull(ledger, 3, two, { clinicId: "east", phoneNumber: otherNumber })).toBe(false);
    expect(await isFull(ledger, 4, cap("number", "under-way", 2), { clinicId: "west" })).toBe(true);
    await ledger.settle("attempt-2", answered, now);
    expect(await isFull(ledger, 5, two)).toBe(false);
  },
  "gives the caps of a released attempt back": async (ledger) => {
    await reserved(ledger, attempt(1));
    expect(await isFull(ledger, 2, oneOnNumber)).toBe(true);
    await ledger.release("attempt-1", 1, dialFailure("cancelled"), now);
    expect(await isFull(ledger, 2, oneOnNumber)).toBe(false);
  },
  "gives the caps back when nobody was rung, and only then": async (ledger) => {
    const silent = [dialFailure("trunk-capacity"), dialFailure("trunk-refused", 403), refused];
    for (const [index, outcome] of silent.entries()) {
      await dialing(ledger, attempt(index));
      await ledger.settle(`attempt-${index}`, outcome, now);
      expect(await isFull(ledger, 10 + index, oneOnNumber)).toBe(false);
      await ledger.release(`attempt-${10 + index}`, 1, dialFailure("cancelled"), now);
    }
    for (const [index, outcome] of [answered, dialFailure("busy"), dialFailure("unknown")].entries()) {
      const phoneNumber = parsePhoneNumber(`+1510555012${index}`);
      await dialing(ledger, attempt(20 + index, { phoneNumber }));
      await ledger.settle(`attempt-${20 + index}`, outcome, now);
      expect(await isFull(ledger, 30 + index, oneOnNumber, { phoneNumber })).toBe(true);
    }
  },
  "gives the caps of an unknown attempt back once it is known that nobody was rung": async (ledger) => {
    await dialing(ledger, attempt(1));
    await ledger.settle("attempt-1", dialFailure("unknown"), now);
    expect(await isFull(ledger, 2, oneOnNumber)).toBe(true);
    await ledger.settle("attempt-1", dialFailure("trunk-refused"), now);
    expect(await isFull(ledger, 2, oneOnNumber)).toBe(false);
  },
  "does not count an attempt that is taken over against itself": async (ledger) => {
    await reserved(ledger, attempt(1));
    const late = attempt(1, { reservedAt: leaseUntil, leaseUntil: leaseUntil + 60_000 });
    expect((await ledger.reserve(late, [oneOnNumber, oneUnderWay])).kind).toBe("reserved");
  },
  "leaves a reservation that a cap keeps from being taken over": async (ledger) => {
    const before = await reserved(ledger, attempt(1));
    const late = attempt(1, { reservedAt: leaseUntil, leaseUntil: leaseUntil + 60_000 });
    const none = cap("number", now, 0);
    expect(await ledger.reserve(late, [none])).toEqual({ kind: "capped", caps: [none] });
    expect(await ledger.get("attempt-1")).toEqual(before);
  },
  "never exceeds a cap when many ask at once": async (ledger, other) => {
    const ledgers = [ledger, other];
    const two = cap("clinic", "under-way", 2);
    const reservations = await Promise.all(
      Array.from({ length: 12 }, (_, index) => (ledgers[index % 2] ?? ledger).reserve(attempt(index), [two])),
    );
    expect(reservations.filter(({ kind }) => kind === "reserved")).toHaveLength(2);
    expect(await ledger.underWay()).toHaveLength(2);
  },
};
