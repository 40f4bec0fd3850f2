import { expect } from "vitest";
import type { CampaignStore } from "../campaign/campaign-store.ts";
import { defaultPace } from "../campaign/pace.ts";
import { parsePhoneNumber } from "../phone/phone-number.ts";
import {
  begun,
  contact,
  contacts,
  expectInvalid,
  fast,
  now,
  recall,
  running,
  tryOf,
} from "./campaign-steps.ts";
import type { ConformanceCases } from "./conformance.ts";

/** A campaign and its contacts. */
export const listCases: ConformanceCases<CampaignStore> = {
  "makes a campaign once, and gives it back as it was made": async (store, other) => {
    expect(await store.get(recall.id)).toBeUndefined();
    expect(await store.progress(recall.id)).toBeUndefined();
    const made = await store.create(recall);
    expect(made).toEqual({ ...recall, state: "preparing" });
    expect(await other.create({ ...recall, clinicId: "another", createdAt: now + 1 })).toEqual(made);
    expect(await other.get(recall.id)).toEqual(made);
  },
  "refuses a campaign, or a contact, that can't be called": async (store) => {
    await expectInvalid(store.create({ ...recall, id: "a:b" }), "campaignId");
    await expectInvalid(store.create({ ...recall, clinicId: "" }), "clinicId");
    await expectInvalid(
      store.create({ ...recall, pace: { ...defaultPace, concurrency: 0 } }),
      "pace.concurrency",
    );
    await store.create(recall);
    await expectInvalid(store.addContacts(recall.id, [contact(1, { id: "c:1" })]), "contact.id");
    const none = contact(1, { appointments: [] });
    await expectInvalid(store.addContacts(recall.id, [none]), "contact.appointments");
    await expectInvalid(store.addContacts("another", [contact(1)]), "campaignId");
    await expectInvalid(store.setState("another", "running"), "campaignId");
    expect((await store.progress(recall.id))?.contacts).toBe(0);
  },
  "gives contacts back as they were given, in their order, page by page": async (store, other) => {
    const given = [
      contact(2, {
        consent: { basis: "written", recordedAt: "2026-10-01T09:00:00Z" },
        timeZone: "America/New_York",
        place: "US-FL",
        language: "ar",
        priority: -3,
        listPlace: "line 2",
      }),
      ...contacts(1),
      contact(3, { appointments: [{ id: "a" }, { id: "b" }] }),
    ];
    await store.create(recall);
    async function* source() {
      yield* given;
    }
    expect(await store.addContacts(recall.id, source())).toEqual({
      added: 3,
      changed: 0,
      kept: 0,
      sameNumber: [],
    });
    const first = await other.rows(recall.id, undefined, 2);
    const second = await other.rows(recall.id, first.next, 2);
    expect(second.next).toBeUndefined();
    expect([...first.rows, ...second.rows]).toEqual(
      given.map((one) => ({
        contact: one,
        state: "waiting",
        tryNumber: 1,
        rungTries: 0,
        notBefore: 0,
        beganAt: undefined,
        endedAt: undefined,
        lastResult: undefined,
      })),
    );
    expect((await store.openTries(recall.id, undefined, 10)).tries).toEqual([
      { ...tryOf(2), priority: -3, notBefore: 0 },
      { ...tryOf(1), priority: 0, notBefore: 0 },
      { ...tryOf(3), priority: 0, notBefore: 0 },
    ]);
  },
  "takes a list that was edited: new ones, changed ones, and leaves those that were tried": async (store) => {
    await running(store, 2);
    await begun(store, 1);
    const page = await store.openTries(recall.id, undefined, 10);
    const edited = [contact(1, { priority: 9 }), contact(2, { priority: 9 }), contact(3)];
    expect(await store.addContacts(recall.id, edited)).toEqual({
      added: 1,
      changed: 1,
      kept: 1,
      sameNumber: [],
    });
    const { rows } = await store.rows(recall.id, undefined, 10);
    expect(rows.map((row) => row.contact)).toEqual([contact(1), contact(2, { priority: 9 }), contact(3)]);
    const added = await store.openTries(recall.id, page.next, 10);
    expect(added.tries.map(({ contactId }) => contactId)).toEqual(["c-3"]);
    expect((await store.openTries(recall.id, added.next, 10)).tries).toEqual([]);
    expect(await store.withdrawContacts(recall.id, ["c-1", "c-2", "c-9"])).toBe(1);
    expect((await store.beginTry(tryOf(2), fast, now)).kind).toBe("over");
    expect((await store.addContacts(recall.id, [contact(2)])).changed).toBe(1);
    expect((await store.openTries(recall.id, undefined, 10)).tries).toHaveLength(3);
  },
  "has a number once": async (store) => {
    await running(store, 1);
    const { phoneNumber } = contact(1);
    const result = await store.addContacts(recall.id, [
      contact(2, { phoneNumber }),
      contact(3),
      contact(4, { phoneNumber: contact(3).phoneNumber }),
    ]);
    expect(result).toEqual({ added: 1, changed: 0, kept: 0, sameNumber: ["c-2", "c-4"] });
    await store.create({ ...recall, id: "another" });
    expect((await store.addContacts("another", contacts(1))).added).toBe(1);
    expect((await store.rows("another", undefined, 10)).rows).toHaveLength(1);
  },
  "takes a thousand contacts at once": async (store) => {
    const many = Array.from({ length: 1_000 }, (_, index) =>
      contact(0, { id: `c-${index}`, phoneNumber: parsePhoneNumber(`+1510556${1_000 + index}`) }),
    );
    await store.create(recall);
    expect((await store.addContacts(recall.id, many)).added).toBe(1_000);
    expect((await store.addContacts(recall.id, many)).changed).toBe(1_000);
    expect((await store.openTries(recall.id, undefined, 2_000)).tries).toHaveLength(1_000);
  },
};
