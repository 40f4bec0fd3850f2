import { expect } from "vitest";
import type { Ledger } from "../outbound/ledger.ts";
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
  oneUnderWay,
  otherNumber,
  reserved,
} from "./ledger-steps.ts";

/** With limits, so that its line is counted until it is free. */
const limits = { trunkId: "ST_1", ringingTimeoutSeconds: 20, callLimitSeconds: 300 } as const;
const minute = 60_000;
const oneOnTrunk = cap("trunk", "under-way", 1);

/** How attempts take up lines of their clinic and trunk, and which of them a person has to look at. */
export const lineCases: ConformanceCases<Ledger> = {
  "keeps the trunk and the limits of an attempt": async (ledger, other) => {
    await reserved(ledger, attempt(1, limits));
    expect(await other.get("attempt-1")).toMatchObject({ ...limits, lineUntil: leaseUntil });
    const start = await ledger.startDialing("attempt-1", 1, now);
    expect(start.attempt.lineUntil).toBe(now + 320_000 + minute);
    await dialing(ledger, attempt(2));
    expect((await other.get("attempt-2"))?.lineUntil).toBe(now + 1_000 + 3_680_000 + minute);
  },
  "counts an answered attempt as under way until its line is free": async (ledger, other) => {
    await dialing(ledger, attempt(1, limits));
    const settled = await ledger.settle("attempt-1", answered, now + 5_000);
    expect(settled.lineUntil).toBe(now + 305_000 + minute);
    expect(await other.underWay()).toEqual([settled]);
    expect(await isFull(other, 2, oneUnderWay)).toBe(true);
    await other.freeLine("attempt-1");
    expect(await ledger.get("attempt-1")).toEqual({ ...settled, lineUntil: undefined });
    expect(await ledger.underWay()).toEqual([]);
    expect(await isFull(ledger, 2, oneUnderWay)).toBe(false);
  },
  "counts an answered attempt without a call limit no longer": async (ledger) => {
    await dialing(ledger, attempt(1));
    expect((await ledger.settle("attempt-1", answered, now)).lineUntil).toBeUndefined();
    expect(await ledger.underWay()).toEqual([]);
  },
  "frees the line of what was not answered, is unknown or released": async (ledger) => {
    for (const [ordinal, outcome] of [dialFailure("busy"), dialFailure("unknown")].entries()) {
      await dialing(ledger, attempt(ordinal, limits));
      expect((await ledger.settle(`attempt-${ordinal}`, outcome, now)).lineUntil).toBeUndefined();
    }
    await reserved(ledger, attempt(3, limits));
    const released = await ledger.release("attempt-3", 1, dialFailure("cancelled"), now);
    expect(released.lineUntil).toBeUndefined();
    expect(await ledger.underWay()).toEqual([]);
  },
  "frees no line of an attempt that is not answered yet, or not there": async (ledger) => {
    await reserved(ledger, attempt(1, limits));
    await dialing(ledger, attempt(2, limits));
    for (const id of ["attempt-1", "attempt-2", "attempt-3"]) await ledger.freeLine(id);
    expect(await ledger.underWay()).toHaveLength(2);
    await ledger.settle("attempt-2", answered, now);
    await ledger.freeLine("attempt-2");
    await ledger.freeLine("attempt-2");
    expect(await ledger.underWay()).toHaveLength(1);
  },
  "counts the lines of a trunk over clinics and numbers, and no other trunk": async (ledger) => {
    await reserved(ledger, attempt(1, limits));
    const elsewhere = { clinicId: "east", phoneNumber: otherNumber };
    expect(await isFull(ledger, 2, oneOnTrunk, { ...elsewhere, trunkId: "ST_1" })).toBe(true);
    expect(await isFull(ledger, 3, oneOnTrunk, { ...elsewhere, trunkId: "ST_2" })).toBe(false);
    await ledger.startDialing("attempt-1", 1, now);
    expect(await isFull(ledger, 4, oneOnTrunk, { ...elsewhere, trunkId: "ST_1" })).toBe(true);
    await ledger.settle("attempt-1", answered, now);
    expect(await isFull(ledger, 5, oneOnTrunk, { ...elsewhere, trunkId: "ST_1" })).toBe(true);
    await ledger.freeLine("attempt-1");
    expect(await isFull(ledger, 6, oneOnTrunk, { ...elsewhere, trunkId: "ST_1" })).toBe(false);
  },
  "never exceeds the lines of a trunk when many ask at once": async (ledger, other) => {
    const ledgers = [ledger, other];
    const three = cap("trunk", "under-way", 3);
    const reservations = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        (ledgers[index % 2] ?? ledger).reserve(
          attempt(index, { ...limits, clinicId: index % 3 === 0 ? "east" : "main" }),
          [three],
        ),
      ),
    );
    expect(reservations.filter(({ kind }) => kind === "reserved")).toHaveLength(3);
  },
  "takes the limits of whoever takes an attempt over": async (ledger) => {
    await reserved(ledger, attempt(1, limits));
    const late = { reservedAt: leaseUntil, leaseUntil: leaseUntil + minute };
    const taken = await reserved(ledger, attempt(1, { ...late, ...limits, trunkId: "ST_2" }));
    expect(taken).toMatchObject({ trunkId: "ST_2", lineUntil: leaseUntil + minute });
    expect(await isFull(ledger, 2, oneOnTrunk, { trunkId: "ST_1", phoneNumber: otherNumber })).toBe(false);
  },
  "lists what a person has to look at, the oldest first, until it is settled": async (ledger, other) => {
    for (const [ordinal, at] of [30, 10, 20].entries()) {
      await dialing(ledger, attempt(ordinal));
      await ledger.settle(`attempt-${ordinal}`, dialFailure("unknown"), now + at);
    }
    const ids = async (limit: number) => (await other.awaitingReview(limit)).map((one) => one.attemptId);
    expect(await ids(10)).toEqual(["attempt-1", "attempt-2", "attempt-0"]);
    expect(await ids(2)).toEqual(["attempt-1", "attempt-2"]);
    await ledger.settle("attempt-2", dialFailure("no-answer"), now + 40);
    expect(await ids(10)).toEqual(["attempt-1", "attempt-0"]);
  },
};
