import { expect } from "vitest";
import type { CampaignStore } from "../campaign/campaign-store.ts";
import { listCases } from "./campaign-list-cases.ts";
import {
  beginOf,
  begun,
  busy,
  contact,
  contacts,
  fast,
  now,
  recall,
  running,
  tryOf,
} from "./campaign-steps.ts";
import {
  type ConformanceCases,
  type ConformanceFactory,
  type ConformanceOptions,
  registerCases,
} from "./conformance.ts";

const tries: ConformanceCases<CampaignStore> = {
  "begins a try once it is due, ends it, and goes on with the next one": async (store, other) => {
    await running(store, 1);
    const first = await begun(store, 1);
    expect(first).toMatchObject({ contact: contact(1), isAgain: false, rungTries: 0, unrungTries: 0 });
    expect(first.campaign).toEqual({ ...recall, state: "running" });
    expect(await other.endTry(tryOf(1), busy({ notBefore: now + 900_000 }))).toBe(true);
    expect((await other.rows(recall.id, undefined, 10)).rows).toEqual([
      {
        contact: contact(1),
        state: "waiting",
        tryNumber: 2,
        rungTries: 1,
        notBefore: now + 900_000,
        beganAt: beginOf(1),
        endedAt: now + 20_000,
        lastResult: busy({ notBefore: 0 }).result,
      },
    ]);
    const current = { ...tryOf(1, 2), priority: 0, notBefore: now + 900_000 };
    expect(await store.beginTry(tryOf(1), fast, now + 900_000)).toEqual({ kind: "over", current });
    expect(await store.beginTry(tryOf(1, 2), fast, now + 899_999)).toEqual({ kind: "over", current });
    expect(await begun(store, 1, 2, now + 900_000)).toMatchObject({ rungTries: 1, isAgain: false });
    expect(await store.endTry(tryOf(1, 2), busy({ end: "given-up" }))).toBe(true);
    expect(await store.beginTry(tryOf(1, 2), fast, now + 900_000)).toEqual({
      kind: "over",
      current: undefined,
    });
    expect((await store.rows(recall.id, undefined, 10)).rows).toMatchObject([
      { state: "given-up", tryNumber: 2, rungTries: 2 },
    ]);
    expect((await store.openTries(recall.id, undefined, 10)).tries).toEqual([]);
  },
  "counts tries that rang, those that came to nothing, and those that do not count": async (store) => {
    await running(store, 1);
    const next = { notBefore: 0 };
    for (const [index, counts] of (["unrung", "no", "rung", "unrung"] as const).entries()) {
      await begun(store, 1, index + 1);
      await store.endTry(tryOf(1, index + 1), { ...busy(next), counts });
    }
    expect(await begun(store, 1, 5)).toMatchObject({ rungTries: 1, unrungTries: 2 });
  },
  "lets whoever works on after a crash begin the same try again, and one end it": async (store, other) => {
    await running(store, 2);
    await begun(store, 1);
    expect(await begun(other, 1, 1, now + 60_000)).toMatchObject({ isAgain: true, rungTries: 0 });
    expect((await store.openTries(recall.id, undefined, 1)).tries).toMatchObject([tryOf(1)]);
    expect((await store.rows(recall.id, undefined, 10)).rows[0]).toMatchObject({
      beganAt: beginOf(1),
      tryNumber: 1,
    });
    expect(await other.endTry(tryOf(1), busy({ notBefore: 0 }))).toBe(true);
    expect(await store.endTry(tryOf(1), busy({ end: "done" }))).toBe(false);
    expect(await store.endTry(tryOf(2), busy({ end: "done" }))).toBe(false);
    expect((await store.rows(recall.id, undefined, 10)).rows).toMatchObject([
      { state: "waiting", tryNumber: 2, rungTries: 1 },
      { state: "waiting", tryNumber: 1, rungTries: 0 },
    ]);
  },
  "begins nothing in a campaign that does not run, but lets calls end": async (store, other) => {
    await store.create(recall);
    await store.addContacts(recall.id, contacts(3));
    expect(await store.beginTry(tryOf(1), fast, now)).toEqual({ kind: "stopped", state: "preparing" });
    await store.setState(recall.id, "running");
    await begun(store, 1);
    expect(await other.setState(recall.id, "paused")).toBe("paused");
    expect(await store.beginTry(tryOf(2), fast, now)).toEqual({ kind: "stopped", state: "paused" });
    expect(await begun(store, 1)).toMatchObject({ isAgain: true, campaign: { state: "paused" } });
    expect(await store.endTry(tryOf(1), busy({ end: "done" }))).toBe(true);
    expect(await other.setState(recall.id, "running")).toBe("running");
    await begun(store, 2);
    expect(await other.setState(recall.id, "cancelled")).toBe("cancelled");
    expect(await other.setState(recall.id, "running")).toBe("cancelled");
    expect(await store.beginTry(tryOf(3), fast, now)).toEqual({ kind: "stopped", state: "cancelled" });
    expect(await store.endTry(tryOf(2), busy({ end: "done" }))).toBe(true);
  },
  "knows nothing of other campaigns and contacts": async (store) => {
    await running(store, 1);
    expect(await store.beginTry(tryOf(9), fast, now)).toEqual({ kind: "missing" });
    expect(await store.beginTry(tryOf(1, 1, "another"), fast, now)).toEqual({ kind: "missing" });
    await store.create({ ...recall, id: "another" });
    expect(await store.beginTry(tryOf(1, 1, "another"), fast, now)).toEqual({ kind: "missing" });
    expect((await store.openTries("another", undefined, 10)).tries).toEqual([]);
  },
  "tells how far it is, and is finished when nobody is left": async (store, other) => {
    await running(store, 4);
    expect(await store.finish(recall.id)).toBe(false);
    await begun(store, 1);
    await begun(store, 2);
    await store.endTry(tryOf(2), busy({ notBefore: now + 60_000 }));
    await store.withdrawContacts(recall.id, ["c-3"]);
    await begun(store, 4);
    await store.endTry(tryOf(4), { ...busy({ end: "done" }), result: { outcome: "answered" } });
    expect(await other.progress(recall.id)).toEqual({
      state: "running",
      contacts: 4,
      waiting: 1,
      calling: 1,
      ended: { done: 1, "given-up": 0, "for-review": 0, withdrawn: 1 },
      outcomes: { busy: 1, answered: 1 },
      nextDue: now + 60_000,
    });
    await store.withdrawContacts(recall.id, ["c-2"]);
    expect(await store.finish(recall.id)).toBe(false);
    await store.endTry(tryOf(1), busy({ end: "for-review" }));
    expect(await other.finish(recall.id)).toBe(true);
    expect(await store.finish(recall.id)).toBe(true);
    expect(await store.progress(recall.id)).toMatchObject({ state: "finished", nextDue: undefined });
    await store.addContacts(recall.id, [contact(5)]);
    expect(await store.setState(recall.id, "running")).toBe("running");
  },
};

const lines: ConformanceCases<CampaignStore> = {
  "keeps a line until its call has ended, and for the pause": async (store) => {
    await running(store, 4);
    const pace = { concurrency: 2, pauseMs: 30_000, callsPerSecond: 100 };
    const begin = (ordinal: number, at: number) => store.beginTry(tryOf(ordinal), pace, at);
    expect((await begin(1, now)).kind).toBe("begun");
    expect((await begin(2, now + 1_000)).kind).toBe("begun");
    expect((await begin(3, now + 2_000)).kind).toBe("wait");
    expect((await begin(1, now + 2_000)).kind).toBe("begun");
    await store.endTry(tryOf(1), busy({ end: "done" }, now + 20_000));
    expect(await begin(3, now + 20_000)).toEqual({ kind: "wait", until: now + 50_000 });
    expect((await begin(3, now + 50_000)).kind).toBe("begun");
    await store.endTry(tryOf(2), { ...busy({ end: "done" }, now + 51_000), rang: false });
    expect((await begin(4, now + 51_000)).kind).toBe("begun");
  },
  "begins no more calls in a second than the pace allows": async (store) => {
    await running(store, 3);
    const pace = { concurrency: 10, pauseMs: 0, callsPerSecond: 0.5 };
    expect((await store.beginTry(tryOf(1), pace, now)).kind).toBe("begun");
    expect(await store.beginTry(tryOf(2), pace, now + 1_500)).toEqual({ kind: "wait", until: now + 2_000 });
    expect((await store.beginTry(tryOf(2), pace, now + 2_000)).kind).toBe("begun");
    await store.endTry(tryOf(2), { ...busy({ end: "done" }, now + 2_100), rang: false });
    expect((await store.beginTry(tryOf(3), pace, now + 2_100)).kind).toBe("begun");
  },
  "is not held up by a clock that was moved back": async (store) => {
    await running(store, 3);
    const pace = { concurrency: 1, pauseMs: 30_000, callsPerSecond: 1 };
    expect((await store.beginTry(tryOf(1), pace, now)).kind).toBe("begun");
    await store.endTry(tryOf(1), busy({ end: "done" }, now + 20_000));
    expect((await store.beginTry(tryOf(2), pace, now - 3_600_000)).kind).toBe("begun");
  },
  "gives no more lines than there are to many that ask at once": async (store, other) => {
    await running(store, 12);
    const pace = { concurrency: 4, pauseMs: 0, callsPerSecond: 100 };
    const starts = await Promise.all(
      contacts(12).map((_, index) =>
        (index % 2 === 0 ? store : other).beginTry(tryOf(index + 1), pace, now + index * 10),
      ),
    );
    const kinds = starts.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === "begun").length).toBeLessThanOrEqual(4);
    expect(kinds.filter((kind) => kind === "begun").length).toBeGreaterThanOrEqual(1);
    const same = await Promise.all(
      [store, other, store, other].map((one) => one.endTry(tryOf(1), busy({ notBefore: 0 }))),
    );
    expect(same.filter(Boolean).length).toBe(starts[0]?.kind === "begun" ? 1 : 0);
  },
};

/**
 * Registers the rules of the `CampaignStore` port as vitest cases.
 *
 * @param name - the adapter, as the test report shows it
 * @param make - makes an empty store
 * @param options - cases to skip, with the reason
 * @example
 * ```ts
 * import { memoryCampaignStore } from "@clinic/sip-voice";
 * import { testCampaignStore } from "@clinic/sip-voice/testing";
 *
 * testCampaignStore("my store", async () => ({ port: memoryCampaignStore() }));
 * ```
 */
export function testCampaignStore(
  name: string,
  make: ConformanceFactory<CampaignStore>,
  options: ConformanceOptions = {},
): void {
  registerCases(
    `CampaignStore: ${name}`,
    () => make(undefined),
    { ...listCases, ...tries, ...lines },
    options,
  );
}
