import { expect } from "vitest";
import type { Attempt } from "../outbound/attempt.ts";
import type { Ledger } from "../outbound/ledger.ts";
import { dialFailure } from "../sip/dial-outcome.ts";
import {
  type ConformanceCases,
  type ConformanceFactory,
  type ConformanceOptions,
  registerCases,
} from "./conformance.ts";
import { capsCases } from "./ledger-caps-cases.ts";
import { lineCases } from "./ledger-line-cases.ts";
import {
  answered,
  attempt,
  dialing,
  expectMisuse,
  isFull,
  leaseUntil,
  now,
  oneOnNumber,
  otherNumber,
  refused,
  reserved,
} from "./ledger-steps.ts";
import { sampleAttempt } from "./sample-attempt.ts";

const road: ConformanceCases<Ledger> = {
  "reserves a new attempt": async (ledger) => {
    const expected = { ...sampleAttempt(), state: "reserved", lease: 1 };
    const nothingYet = {
      dialingAt: undefined,
      finishedAt: undefined,
      outcome: undefined,
      lineUntil: leaseUntil,
    };
    const reservation = await ledger.reserve(sampleAttempt(), []);
    expect(reservation).toEqual({ kind: "reserved", attempt: { ...expected, ...nothingYet } });
    expect(await ledger.get("attempt-1")).toEqual((reservation as { attempt: Attempt }).attempt);
  },
  "gives undefined for an attempt that is not there": async (ledger) => {
    expect(await ledger.get("attempt-1")).toBeUndefined();
  },
  "starts to dial what is reserved": async (ledger) => {
    const before = await reserved(ledger, sampleAttempt());
    const start = await ledger.startDialing("attempt-1", before.lease, now + 1_000);
    const lineUntil = expect.any(Number);
    const after = { ...before, state: "dialing", dialingAt: now + 1_000, lineUntil };
    expect(start).toEqual({ kind: "dialing", attempt: after });
    expect(await ledger.get("attempt-1")).toEqual(after);
  },
  "settles what was dialled, with every part of its outcome": async (ledger) => {
    const outcomes = [answered, refused, dialFailure("busy", 486), dialFailure("no-answer")];
    for (const [index, outcome] of outcomes.entries()) {
      const before = await dialing(ledger, attempt(index));
      const settled = await ledger.settle(before.attemptId, outcome, now + 2_000);
      const finishedAt = now + 2_000;
      expect(settled).toEqual({ ...before, state: "settled", outcome, finishedAt, lineUntil: undefined });
      expect(await ledger.get(before.attemptId)).toEqual(settled);
    }
  },
  "keeps as unknown what is not known, and settles it later": async (ledger) => {
    const before = await dialing(ledger, sampleAttempt());
    const unknown = await ledger.settle("attempt-1", dialFailure("unknown"), now + 2_000);
    expect(unknown).toMatchObject({
      state: "unknown",
      outcome: dialFailure("unknown"),
      finishedAt: now + 2_000,
    });
    const settled = await ledger.settle("attempt-1", answered, now + 3_000);
    const ended = { outcome: answered, finishedAt: now + 3_000, lineUntil: undefined };
    expect(settled).toEqual({ ...before, state: "settled", ...ended });
  },
  "releases a reservation": async (ledger) => {
    const before = await reserved(ledger, sampleAttempt());
    const outcome = dialFailure("agent-unavailable");
    const released = await ledger.release("attempt-1", before.lease, outcome, now + 2_000);
    const ended = { outcome, finishedAt: now + 2_000, lineUntil: undefined };
    expect(released).toEqual({ ...before, state: "released", ...ended });
    expect(await ledger.get("attempt-1")).toEqual(released);
  },
  "lists what is under way, the oldest first": async (ledger) => {
    await reserved(ledger, attempt(1, { reservedAt: now + 20 }));
    await dialing(ledger, attempt(2, { reservedAt: now + 10 }));
    await reserved(ledger, attempt(3, { reservedAt: now + 30 }));
    const ids = async () => (await ledger.underWay()).map(({ attemptId }) => attemptId);
    expect(await ids()).toEqual(["attempt-2", "attempt-1", "attempt-3"]);
    await ledger.settle("attempt-2", dialFailure("unknown"), now + 40);
    await ledger.release("attempt-3", 1, dialFailure("cancelled"), now + 40);
    expect(await ids()).toEqual(["attempt-1"]);
  },
  "tells a clinic's last attempt on a number that may have rung": async (ledger, other) => {
    const last = async () => (await other.lastAttempt(sampleAttempt().phoneNumber, "main"))?.attemptId;
    await reserved(ledger, attempt(1));
    expect(await last()).toBeUndefined();
    const about = await dialing(ledger, attempt(2, { appointmentId: "appointment-1" }));
    expect(await other.lastAttempt(about.phoneNumber, "main")).toEqual(about);
    await dialing(ledger, attempt(3, { clinicId: "east" }));
    await dialing(ledger, attempt(4, { phoneNumber: otherNumber }));
    expect(await last()).toBe("attempt-2");
    for (const [ordinal, outcome, expected] of [
      [5, dialFailure("no-answer"), 5],
      [6, dialFailure("trunk-refused"), 5],
      [7, answered, 7],
      [8, dialFailure("unknown"), 8],
    ] as const) {
      const { attemptId, lease } = await reserved(ledger, attempt(ordinal));
      await ledger.startDialing(attemptId, lease, now + ordinal * 1_000);
      await ledger.settle(attemptId, outcome, now + ordinal * 1_000 + 500);
      expect(await last()).toBe(`attempt-${expected}`);
    }
  },
  "shows others what it kept": async (ledger, other) => {
    const before = await dialing(ledger, sampleAttempt());
    expect(await other.get("attempt-1")).toEqual(before);
    expect((await other.reserve(sampleAttempt(), [])).kind).toBe("known");
    expect(await isFull(other, 2, oneOnNumber)).toBe(true);
  },
};

const once: ConformanceCases<Ledger> = {
  "knows an attempt again, wherever it stands": async (ledger) => {
    const again = async (id: string) => await ledger.reserve(attempt(Number(id.at(-1))), [oneOnNumber]);
    const first = await reserved(ledger, attempt(1));
    expect(await again("attempt-1")).toEqual({ kind: "known", attempt: first });
    const second = await dialing(ledger, attempt(2));
    expect(await again("attempt-2")).toEqual({ kind: "known", attempt: second });
    const settled = await ledger.settle("attempt-2", answered, now + 2_000);
    expect(await again("attempt-2")).toEqual({ kind: "known", attempt: settled });
    const released = await ledger.release("attempt-1", 1, dialFailure("cancelled"), now + 2_000);
    expect(await again("attempt-1")).toEqual({ kind: "known", attempt: released });
    await dialing(ledger, attempt(3));
    const unknown = await ledger.settle("attempt-3", dialFailure("unknown"), now + 2_000);
    expect(await again("attempt-3")).toEqual({ kind: "known", attempt: unknown });
  },
  "takes over a reservation whose lease has run out, not before": async (ledger) => {
    await reserved(ledger, sampleAttempt());
    const early = attempt(1, { reservedAt: leaseUntil - 1, leaseUntil: leaseUntil + 60_000 });
    expect((await ledger.reserve(early, [])).kind).toBe("known");
    const late = { ...early, callId: "call-2", roomName: "call-call-2", reservedAt: leaseUntil };
    const taken = await reserved(ledger, late);
    expect(taken).toMatchObject({ ...late, state: "reserved", lease: 2 });
    expect(await ledger.get("attempt-1")).toEqual(taken);
    expect(await ledger.underWay()).toHaveLength(1);
  },
  "shuts out whoever lost the lease": async (ledger) => {
    const lost = await reserved(ledger, sampleAttempt());
    const taken = await reserved(
      ledger,
      attempt(1, { reservedAt: leaseUntil, leaseUntil: leaseUntil + 60_000 }),
    );
    expect(await ledger.startDialing("attempt-1", lost.lease, leaseUntil)).toEqual({
      kind: "lost",
      attempt: taken,
    });
    await expectMisuse(ledger.release("attempt-1", lost.lease, dialFailure("cancelled"), leaseUntil));
    expect((await ledger.startDialing("attempt-1", taken.lease, leaseUntil)).kind).toBe("dialing");
  },
  "lets a late holder dial when nobody took over": async (ledger) => {
    const { lease } = await reserved(ledger, sampleAttempt());
    expect((await ledger.startDialing("attempt-1", lease, leaseUntil + 1)).kind).toBe("dialing");
  },
  "never takes over what is dialling or has ended": async (ledger) => {
    const much = { reservedAt: leaseUntil + 86_400_000, leaseUntil: leaseUntil + 86_430_000 };
    await dialing(ledger, attempt(1));
    await dialing(ledger, attempt(2));
    await ledger.settle("attempt-2", dialFailure("unknown"), now + 2_000);
    await reserved(ledger, attempt(3));
    await ledger.release("attempt-3", 1, dialFailure("cancelled"), now + 2_000);
    for (const ordinal of [1, 2, 3]) {
      expect((await ledger.reserve(attempt(ordinal, much), [])).kind).toBe("known");
    }
  },
  "starts to dial once": async (ledger) => {
    const attempt = await dialing(ledger, sampleAttempt());
    const { attemptId, lease } = attempt;
    expect(await ledger.startDialing(attemptId, lease, now + 2_000)).toEqual({ kind: "lost", attempt });
    const settled = await ledger.settle(attemptId, answered, now + 2_000);
    expect(await ledger.startDialing(attemptId, lease, now + 3_000)).toEqual({
      kind: "lost",
      attempt: settled,
    });
  },
  "does not dial what was released": async (ledger) => {
    const { lease } = await reserved(ledger, sampleAttempt());
    const released = await ledger.release("attempt-1", lease, dialFailure("cancelled"), now + 1_000);
    expect(await ledger.startDialing("attempt-1", lease, now)).toEqual({ kind: "lost", attempt: released });
  },
  "gives an attempt to one of many that ask at once": async (ledger, other) => {
    const ledgers = [ledger, other];
    const many = Array.from({ length: 12 }, (_, index) => ledgers[index % 2] ?? ledger);
    const reservations = await Promise.all(many.map((one) => one.reserve(sampleAttempt(), [])));
    expect(reservations.filter(({ kind }) => kind === "reserved")).toHaveLength(1);
    const starts = await Promise.all(many.map((one) => one.startDialing("attempt-1", 1, now)));
    expect(starts.filter(({ kind }) => kind === "dialing")).toHaveLength(1);
  },
  "refuses steps that an attempt's state does not allow": async (ledger) => {
    await expectMisuse(ledger.startDialing("attempt-1", 1, now));
    await expectMisuse(ledger.settle("attempt-1", answered, now));
    await expectMisuse(ledger.release("attempt-1", 1, dialFailure("cancelled"), now));
    await reserved(ledger, sampleAttempt());
    await expectMisuse(ledger.settle("attempt-1", answered, now));
    await ledger.startDialing("attempt-1", 1, now);
    await expectMisuse(ledger.release("attempt-1", 1, dialFailure("cancelled"), now));
    const settled = await ledger.settle("attempt-1", answered, now);
    await expectMisuse(ledger.settle("attempt-1", dialFailure("busy"), now));
    await expectMisuse(ledger.release("attempt-1", 1, dialFailure("cancelled"), now));
    expect(await ledger.get("attempt-1")).toEqual(settled);
  },
};

/**
 * Registers the rules of the `Ledger` port as vitest cases.
 *
 * @param name - the adapter, as the test report shows it
 * @param make - makes an empty ledger
 * @param options - cases to skip, with the reason
 * @example
 * ```ts
 * import { memoryLedger } from "@clinic/sip-voice";
 * import { testLedger } from "@clinic/sip-voice/testing";
 *
 * testLedger("my ledger", async () => ({ port: memoryLedger() }));
 * ```
 */
export function testLedger(
  name: string,
  make: ConformanceFactory<Ledger>,
  options: ConformanceOptions = {},
): void {
  registerCases(
    `Ledger: ${name}`,
    () => make(undefined),
    { ...road, ...once, ...capsCases, ...lineCases },
    options,
  );
}
