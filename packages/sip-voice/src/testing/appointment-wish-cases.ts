import { expect } from "vitest";
import type { CallBack } from "../appointments/call-back.ts";
import type { AppointmentPreferences } from "../appointments/preferences.ts";
import type { AppointmentStore } from "../appointments/store.ts";
import { fresh, kept, read } from "./appointment-steps.ts";
import { familyNumber, otherNumber } from "./clinic-seed.ts";
import type { ConformanceCases } from "./conformance.ts";

const callBack: CallBack = {
  callId: "call-1",
  clinicId: "main",
  phoneNumber: otherNumber,
  appointmentId: "lee",
  requestedAt: "2026-11-23T18:00:00Z",
};

const callsOf = (found: readonly CallBack[]): string[] => found.map(({ callId }) => callId);

/** The rules of what patients wish besides a time: preferences and call-backs. */
export const wishCases: ConformanceCases<AppointmentStore> = {
  "keeps wishes under a new version, and those that were not spoken of as they were": async (store) => {
    const reminder = { channel: "sms", hoursBefore: 24 } as const;
    const wishes: [AppointmentPreferences, AppointmentPreferences][] = [
      [{ walkIn: true }, { walkIn: true }],
      [{ reminder }, { walkIn: true, reminder }],
      [{ walkIn: false }, { walkIn: false, reminder }],
      [{ reminder: { channel: "none" } }, { walkIn: false, reminder: { channel: "none" } }],
    ];
    for (const [preferences, expected] of wishes) {
      const before = await read(store, "sami");
      const changed = kept(
        await store.setPreferences("sami", { version: before.version, callId: "call-1", preferences }),
      );
      expect(changed).toEqual({ ...before, version: changed.version, preferences: expected });
      expect(changed.version).not.toBe(before.version);
      expect(await store.get("sami")).toEqual(changed);
    }
  },
  "keeps a wish once per call and version, however often it is asked for": async (store, other) => {
    const write = { ...(await fresh(store, "lee")), preferences: { walkIn: true } };
    const first = kept(await store.setPreferences("lee", write));
    expect(kept(await other.setPreferences("lee", write))).toEqual(first);
    expect(await store.get("lee")).toEqual(first);
  },
  "keeps wishes when the appointment is confirmed or moved": async (store) => {
    const preferences = { walkIn: true, reminder: { channel: "call", hoursBefore: 2 } } as const;
    kept(await store.setPreferences("lee", { ...(await fresh(store, "lee")), preferences }));
    expect(kept(await store.confirm("lee", await fresh(store, "lee"))).preferences).toEqual(preferences);
    const moved = { ...(await fresh(store, "lee")), slotId: "slot-early" };
    expect(kept(await store.reschedule("lee", moved)).preferences).toEqual(preferences);
  },
  "lists those who want to be called back, the earliest wish first": async (store, other) => {
    await store.requestCallBack(callBack);
    // Half an hour before, though its text is later.
    const earlier = { ...callBack, callId: "call-2", appointmentId: undefined, phoneNumber: familyNumber };
    await store.requestCallBack({ ...earlier, requestedAt: "2026-11-23T19:30:00+02:00" });
    await store.requestCallBack({ ...callBack, callId: "call-3", clinicId: "east" });
    const found = await other.callBacks({ clinicId: "main" });
    expect(callsOf(found)).toEqual(["call-2", "call-1"]);
    expect(found[1]).toEqual(callBack);
    expect(found[0]).toMatchObject({ appointmentId: undefined, phoneNumber: familyNumber });
    expect(callsOf(await store.callBacks({ clinicId: "main", limit: 1 }))).toEqual(["call-2"]);
    expect(callsOf(await store.callBacks({ clinicId: "east" }))).toEqual(["call-3"]);
  },
  "keeps one call-back for each call, the first": async (store, other) => {
    await store.requestCallBack(callBack);
    await other.requestCallBack({ ...callBack, requestedAt: "2026-11-23T18:05:00Z" });
    expect(await store.callBacks({ clinicId: "main" })).toEqual([callBack]);
  },
  "lists no call-back that was made": async (store, other) => {
    await store.finishCallBack("call-1");
    await store.requestCallBack(callBack);
    expect(callsOf(await store.callBacks({ clinicId: "main" }))).toEqual(["call-1"]);
    await other.finishCallBack("call-1");
    await other.finishCallBack("call-1");
    await store.requestCallBack(callBack);
    expect(await store.callBacks({ clinicId: "main" })).toEqual([]);
  },
};
