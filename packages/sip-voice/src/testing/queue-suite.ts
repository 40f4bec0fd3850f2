import { expect } from "vitest";
import type { Queue, QueueClaim, QueuedAttempt } from "../campaign/queue.ts";
import {
  type ConformanceCases,
  type ConformanceOptions,
  type ConformanceSubject,
  registerCases,
} from "./conformance.ts";

/** What the factory of {@link testQueue} gives. */
export interface QueueSubject extends ConformanceSubject<Queue> {
  /** Has all claims that there are lapse, as when those who made them fell silent long ago. */
  lapse(): Promise<void> | void;
}

type QueueUnderTest = { readonly queue: Queue; readonly lapse: () => Promise<void> | void };

const named = (...ids: readonly string[]): QueuedAttempt[] => ids.map((attemptId) => ({ attemptId }));
const idsOf = (claims: readonly QueueClaim[]): string[] => claims.map(({ attemptId }) => attemptId);
const later = (): number => Date.now() + 3_600_000;
const nothing = { due: 0, later: 0, claimed: 0 };

/** Claims the one attempt that there is. */
async function claimOne(queue: Queue): Promise<QueueClaim> {
  const claims = await queue.claim(10);
  expect(claims).toHaveLength(1);
  return claims[0] as QueueClaim;
}

const cases: ConformanceCases<QueueUnderTest> = {
  "has nothing at first": async ({ queue }) => {
    expect(await queue.claim(10)).toEqual([]);
    expect(await queue.counts()).toEqual(nothing);
    expect(await queue.enqueue([])).toBe(0);
  },
  "hands out what was added, in that order, as many as asked for": async ({ queue }) => {
    for (const attemptId of ["c", "a", "b"]) expect(await queue.enqueue([{ attemptId }])).toBe(1);
    expect(await queue.claim(0)).toEqual([]);
    expect(idsOf(await queue.claim(1))).toEqual(["c"]);
    expect(idsOf(await queue.claim(5)).sort()).toEqual(["a", "b"]);
    expect(await queue.counts()).toEqual({ ...nothing, claimed: 3 });
  },
  "hands out the highest priority first": async ({ queue }) => {
    await queue.enqueue([
      { attemptId: "low", priority: -1 },
      { attemptId: "usual" },
      { attemptId: "high", priority: 5 },
    ]);
    for (const attemptId of ["high", "usual", "low"])
      expect(idsOf(await queue.claim(1))).toEqual([attemptId]);
  },
  "keeps back what is not due": async ({ queue }) => {
    await queue.enqueue([
      { attemptId: "later", notBefore: later() },
      { attemptId: "now", notBefore: Date.now() - 60_000 },
    ]);
    expect(await queue.counts()).toEqual({ due: 1, later: 1, claimed: 0 });
    expect(idsOf(await queue.claim(10))).toEqual(["now"]);
  },
  "leaves alone an attempt that is waiting or claimed": async ({ queue }) => {
    await queue.enqueue([{ attemptId: "a", notBefore: later() }]);
    expect(await queue.enqueue([{ attemptId: "a" }, { attemptId: "b" }, { attemptId: "b" }])).toBe(1);
    expect(idsOf(await queue.claim(10))).toEqual(["b"]);
    expect(await queue.enqueue(named("b"))).toBe(0);
    expect(await queue.counts()).toEqual({ due: 0, later: 1, claimed: 1 });
  },
  "takes out what is completed, once; it may be added again": async ({ queue }) => {
    await queue.enqueue(named("a"));
    const claim = await claimOne(queue);
    expect(await queue.complete(claim)).toBe(true);
    expect(await queue.complete(claim)).toBe(false);
    expect(await queue.keep(claim)).toBe(false);
    expect(await queue.postpone(claim, 0)).toBe(false);
    expect(await queue.counts()).toEqual(nothing);
    expect(await queue.enqueue(named("a"))).toBe(1);
  },
  "gives back what is postponed, from its time on, with its priority": async ({ queue }) => {
    await queue.enqueue([{ attemptId: "a", priority: 5 }]);
    const claim = await claimOne(queue);
    expect(await queue.postpone(claim, later())).toBe(true);
    expect(await queue.complete(claim)).toBe(false);
    expect(await queue.counts()).toEqual({ ...nothing, later: 1 });
    expect(await queue.enqueue([{ attemptId: "a" }, { attemptId: "b", priority: 1 }])).toBe(1);
    await queue.complete(await claimOne(queue));

    await queue.enqueue([{ attemptId: "c", priority: 5 }]);
    expect(await queue.postpone(await claimOne(queue), Date.now() - 1_000)).toBe(true);
    await queue.enqueue([{ attemptId: "d", priority: 1 }]);
    expect(idsOf(await queue.claim(1))).toEqual(["c"]);
    expect(idsOf(await queue.claim(1))).toEqual(["d"]);
  },
  "gives back what was claimed by one who fell silent, and shuts that one out": async ({ queue, lapse }) => {
    await queue.enqueue([{ attemptId: "a", priority: 3 }]);
    const lost = await claimOne(queue);
    await lapse();
    const again = await claimOne(queue);
    expect(again.attemptId).toBe("a");
    expect(again.token).not.toBe(lost.token);
    expect(await queue.keep(lost)).toBe(false);
    expect(await queue.postpone(lost, 0)).toBe(false);
    expect(await queue.complete(lost)).toBe(false);
    expect(await queue.counts()).toEqual({ ...nothing, claimed: 1 });
    expect(await queue.complete(again)).toBe(true);
    expect(await queue.counts()).toEqual(nothing);
  },
  "leaves alone an attempt whose claim has lapsed": async ({ queue, lapse }) => {
    await queue.enqueue(named("a"));
    await claimOne(queue);
    await lapse();
    expect(await queue.enqueue(named("a"))).toBe(0);
    expect(idsOf(await queue.claim(10))).toEqual(["a"]);
  },
  "keeps a claim as long as it is said to be worked on": async ({ queue }) => {
    await queue.enqueue(named("a"));
    const claim = await claimOne(queue);
    for (let times = 0; times < 3; times++) expect(await queue.keep(claim)).toBe(true);
    expect(await queue.claim(10)).toEqual([]);
    expect(await queue.complete(claim)).toBe(true);
  },
};

const shared: ConformanceCases<QueueUnderTest & { readonly other: Queue }> = {
  "hands an attempt to one of many that ask at once": async ({ queue, other }) => {
    const ids = Array.from({ length: 40 }, (_, index) => `attempt-${index}`);
    await queue.enqueue(named(...ids));
    const claims = await Promise.all(
      Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? queue : other).claim(3)),
    );
    expect(idsOf(claims.flat()).sort()).toEqual(ids.sort());
  },
  "adds an attempt once when many add it at once": async ({ queue, other }) => {
    const added = await Promise.all(
      Array.from({ length: 10 }, (_, index) => (index % 2 === 0 ? queue : other).enqueue(named("a", "b"))),
    );
    expect(added.reduce((sum, one) => sum + one, 0)).toBe(2);
    expect(await other.counts()).toEqual({ ...nothing, due: 2 });
  },
  "shows others what is claimed, and lets them end it": async ({ queue, other }) => {
    await queue.enqueue(named("a"));
    const claim = await claimOne(queue);
    expect(await other.claim(10)).toEqual([]);
    expect(await other.complete(claim)).toBe(true);
    expect(await queue.complete(claim)).toBe(false);
  },
  "takes ten thousand at once": async ({ queue, other }) => {
    const ids = Array.from({ length: 10_000 }, (_, index) => `attempt-${index}`);
    expect(await queue.enqueue(named(...ids))).toBe(10_000);
    expect(await other.claim(3)).toHaveLength(3);
    expect(await other.counts()).toEqual({ due: 9_997, later: 0, claimed: 3 });
  },
};

/**
 * Registers the rules of the `Queue` port as vitest cases.
 *
 * @param name - the adapter, as the test report shows it
 * @param make - makes an empty queue
 * @param options - cases to skip, with the reason
 * @example
 * ```ts
 * import type { Queue } from "@clinic/sip-voice";
 * import { testQueue } from "@clinic/sip-voice/testing";
 *
 * declare function openMyQueue(): Promise<Queue & { forgetHeartbeats(): Promise<void> }>;
 *
 * testQueue("my queue", async () => {
 *   const queue = await openMyQueue();
 *   return { port: queue, lapse: () => queue.forgetHeartbeats() };
 * });
 * ```
 */
export function testQueue(
  name: string,
  make: () => Promise<QueueSubject> | QueueSubject,
  options: ConformanceOptions = {},
): void {
  const subject = async (): Promise<ConformanceSubject<QueueUnderTest & { readonly other: Queue }>> => {
    const made = await make();
    const queue = made.port;
    const other = (await made.another?.()) ?? queue;
    return {
      port: { queue, other, lapse: () => made.lapse() },
      ...(made.dispose ? { dispose: () => made.dispose?.() } : {}),
    };
  };
  registerCases(`Queue: ${name}`, subject, { ...cases, ...shared }, options);
}
