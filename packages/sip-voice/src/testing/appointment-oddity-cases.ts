import { expect } from "vitest";
import type { AppointmentStore } from "../appointments/store.ts";
import { SipVoiceError } from "../errors.ts";
import type { PhoneNumber } from "../phone/phone-number.ts";
import { at, fresh, friday, from, ids, kept, read, refused } from "./appointment-steps.ts";
import { clinicSeed, familyNumber, hostileTexts, oddNumber } from "./clinic-seed.ts";
import type { ConformanceCases } from "./conformance.ts";

async function errorOf(step: () => Promise<unknown>): Promise<Pick<SipVoiceError, "code" | "field">> {
  try {
    await step();
  } catch (error) {
    if (SipVoiceError.is(error)) return error;
    throw error;
  }
  throw new Error("Nothing was thrown.");
}

/** The rules of what is asked and kept seldom: odd names, odd hours, and what is meant to do harm. */
export const oddityCases: ConformanceCases<AppointmentStore> = {
  "finds two appointments of one instant, in any script": async (store) => {
    const found = await store.findUpcoming(oddNumber, { clinicId: "main", from });
    expect(ids(found).sort()).toEqual(["robert", "zoe"]);
    for (const { id, patient, provider } of found) {
      const given = clinicSeed().appointments.find((one) => one.id === id);
      expect([patient.name, provider]).toEqual([given?.patient.name, given?.provider]);
    }
    expect(await store.findUpcoming(oddNumber, { clinicId: "main", from, limit: 1 })).toHaveLength(1);
  },
  "tells the hour that comes twice apart, and skips the one that is left out": async (store) => {
    const autumn = {
      clinicId: "main",
      at,
      from: "2027-11-07T00:00:00-07:00",
      to: "2027-11-07T12:00:00-08:00",
    };
    const halves = ["slot-first-half-past-one", "slot-second-half-past-one"];
    expect(ids(await store.openSlots(autumn))).toEqual(halves);
    expect(ids(await store.openSlots({ ...autumn, to: "2027-11-07T01:30:00-08:00" }))).toEqual([
      "slot-first-half-past-one",
    ]);
    expect(ids(await store.openSlots({ ...autumn, from: "2027-11-07T01:30:00-08:00" }))).toEqual([
      "slot-second-half-past-one",
    ]);
    const [first] = await store.openSlots(autumn);
    if (!first) throw new Error("There is no slot.");
    expect(ids(await store.openSlots({ ...autumn, after: first }))).toEqual(["slot-second-half-past-one"]);
    const moved = kept(
      await store.reschedule("lee", { ...(await fresh(store, "lee")), slotId: "slot-second-half-past-one" }),
    );
    expect(Date.parse(moved.start)).toBe(Date.parse("2027-11-07T09:30:00Z"));
    // 02:30 is no time in California on that day: the instant counts.
    const spring = {
      clinicId: "main",
      at,
      from: "2027-03-14T00:00:00-08:00",
      to: "2027-03-14T12:00:00-07:00",
    };
    expect(ids(await store.openSlots(spring))).toEqual(["slot-before-the-gap", "slot-after-the-gap"]);
    expect(ids(await store.openSlots({ ...spring, from: "2027-03-14T02:00:00-08:00" }))).toEqual([
      "slot-after-the-gap",
    ]);
    expect(ids(await store.openSlots({ ...spring, from: "2027-03-14T02:30:00-08:00" }))).toEqual([]);
  },
  "takes an argument for nothing but a text": async (store) => {
    const before = await read(store, "lee");
    const free = await store.openSlots(friday);
    const query = { clinicId: "main", from };
    const write = { version: before.version, callId: "call-1", at };
    for (const text of hostileTexts) {
      const number = text as PhoneNumber;
      expect(await store.get(text)).toBeUndefined();
      expect(await store.findUpcoming(number, query)).toEqual([]);
      expect(await store.findUpcoming(familyNumber, { ...query, clinicId: text })).toEqual([]);
      const lee = { ...query, confirmationCode: "481516", dateOfBirth: "1984-03-07" };
      expect(await store.findByIdentity({ ...lee, confirmationCode: text })).toEqual([]);
      expect(await store.findByIdentity({ ...lee, dateOfBirth: text })).toEqual([]);
      for (const wanted of [{ clinicId: text }, { provider: text }, { location: text }]) {
        expect(await store.openSlots({ ...friday, ...wanted })).toEqual([]);
      }
      expect(await store.callBacks({ clinicId: text })).toEqual([]);
      expect(refused(await store.confirm(text, write))).toBe("AppointmentNotFound");
      expect(refused(await store.confirm("lee", { ...write, version: text }))).toBe("VersionConflict");
      expect(refused(await store.reschedule("lee", { ...write, slotId: text }))).toBe("SlotTaken");
      const hold = { clinicId: "main", callId: text, at, until: "2026-11-23T18:02:00Z" };
      expect(await store.holdSlot(text, hold)).toEqual({ ok: false, conflict: "SlotTaken" });
      expect(await store.holdSlot("slot-early", { ...hold, clinicId: text })).toMatchObject({ ok: false });
    }
    expect(await store.get("lee")).toEqual(before);
    expect(await store.openSlots(friday)).toEqual(free);
    expect(await store.findUpcoming(familyNumber, query)).toHaveLength(2);
  },
  "takes any text for the name of a call": async (store) => {
    for (const callId of hostileTexts) {
      const write = await fresh(store, "lee", callId);
      const changed = kept(await store.confirm("lee", write));
      expect(kept(await store.confirm("lee", write))).toEqual(changed);
      await store.holdSlot("slot-early", { clinicId: "main", callId, at, until: "2026-11-23T18:02:00Z" });
      expect(ids(await store.openSlots({ ...friday, callId }))).toContain("slot-early");
      kept(await store.reschedule("lee", { ...(await fresh(store, "lee", callId)), slotId: "slot-middle" }));
      expect(ids(await store.openSlots(friday))).toContain("slot-early");
      kept(await store.reschedule("lee", { ...(await fresh(store, "lee", callId)), slotId: "slot-late" }));
    }
  },
  "refuses a time that is no instant, and a limit that is no number of rows, by name": async (store) => {
    const query = { clinicId: "main", from };
    const hold = { clinicId: "main", callId: "call-1", at, until: "2026-11-23T18:02:00Z" };
    const callBack = { callId: "call-1", clinicId: "main", phoneNumber: oddNumber, appointmentId: undefined };
    for (const wrong of ["today", "", "2026-11-24T10:00:00", "2026-02-30T10:00:00Z"]) {
      for (const [field, step] of [
        ["from", () => store.findUpcoming(familyNumber, { ...query, from: wrong })],
        ["from", () => store.openSlots({ ...friday, from: wrong })],
        ["to", () => store.openSlots({ ...friday, to: wrong })],
        ["until", () => store.holdSlot("slot-early", { ...hold, until: wrong })],
        ["requestedAt", () => store.requestCallBack({ ...callBack, requestedAt: wrong })],
      ] as const) {
        expect(await errorOf(step)).toMatchObject({ code: "invalid-option", field });
      }
    }
    for (const limit of [-1, 1.5, Number.NaN]) {
      for (const step of [
        () => store.findUpcoming(familyNumber, { ...query, limit }),
        () => store.openSlots({ ...friday, limit }),
        () => store.callBacks({ clinicId: "main", limit }),
      ]) {
        expect(await errorOf(step)).toMatchObject({ code: "invalid-option", field: "limit" });
      }
    }
    expect(await store.findUpcoming(familyNumber, { ...query, limit: 0 })).toEqual([]);
    expect(await store.openSlots({ ...friday, from: friday.to, to: friday.from })).toEqual([]);
  },
};
