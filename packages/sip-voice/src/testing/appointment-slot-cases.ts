import { expect } from "vitest";
import type { Appointment } from "../appointments/appointment.ts";
import type { AppointmentStore } from "../appointments/store.ts";
import { at, fresh, friday, from, ids, kept, read, refused } from "./appointment-steps.ts";
import { busyNumber } from "./clinic-seed.ts";
import type { ConformanceCases } from "./conformance.ts";

const hold = { clinicId: "main", callId: "call-1", at, until: "2026-11-23T18:02:00Z" };

/** The rules of booking and holding slots. */
export const slotCases: ConformanceCases<AppointmentStore> = {
  "moves an appointment to a slot, with its time and provider": async (store) => {
    const confirmed = kept(await store.confirm("lee", await fresh(store, "lee")));
    const write = { version: confirmed.version, callId: "call-1", slotId: "slot-late", at };
    const moved = kept(await store.reschedule("lee", write));
    expect(moved).toMatchObject({ slotId: "slot-late", provider: "Dr. Moreno", status: "booked" });
    expect(moved.patient).toEqual(confirmed.patient);
    expect(Date.parse(moved.start)).toBe(Date.parse("2026-11-27T10:00:00-08:00"));
    expect(await store.get("lee")).toEqual(moved);
    expect(ids(await store.openSlots(friday))).toEqual(["slot-early", "slot-middle"]);
  },
  "frees the slot that an appointment leaves": async (store) => {
    kept(await store.reschedule("nadia", { ...(await fresh(store, "nadia")), slotId: "slot-early" }));
    const free = await store.openSlots({ clinicId: "main", at, from, to: "2026-11-25T00:00:00Z" });
    expect(ids(free)).toEqual(["slot-of-nadia"]);
    kept(await store.reschedule("lee", { ...(await fresh(store, "lee")), slotId: "slot-of-nadia" }));
  },
  "frees the slot of a cancelled appointment": async (store) => {
    kept(await store.cancel("nadia", await fresh(store, "nadia")));
    const free = await store.openSlots({ clinicId: "main", at, from, to: "2026-11-25T00:00:00Z" });
    expect(ids(free)).toEqual(["slot-of-nadia"]);
    kept(await store.reschedule("lee", { ...(await fresh(store, "lee")), slotId: "slot-of-nadia" }));
  },
  "moves an appointment once per call and slot": async (store) => {
    const write = { ...(await fresh(store, "lee")), slotId: "slot-early" };
    const first = kept(await store.reschedule("lee", write));
    expect(kept(await store.reschedule("lee", write))).toEqual(first);
    const second = { ...write, version: first.version, slotId: "slot-middle" };
    expect(kept(await store.reschedule("lee", second)).slotId).toBe("slot-middle");
  },
  "refuses a slot that is taken, unknown or another clinic's, and writes nothing": async (store) => {
    const lee = await read(store, "lee");
    const write = { version: lee.version, callId: "call-1", at };
    for (const slotId of ["slot-of-nadia", "slot-nobody-knows", "slot-east"]) {
      const result = await store.reschedule("lee", { ...write, slotId });
      expect(result).toEqual({ ok: false, conflict: "SlotTaken", appointment: lee });
    }
    expect(await store.get("lee")).toEqual(lee);
    kept(await store.reschedule("lee", { ...write, slotId: "slot-early" }));
  },
  "books a slot once when many ask at once": async (store, other, third) => {
    const stores = [other, third];
    const everyone = await store.findUpcoming(busyNumber, { clinicId: "main", from, limit: 12 });
    const results = await Promise.all(
      everyone.map(({ id, version }, index) =>
        (stores[index % 2] ?? store).reschedule(id, {
          version,
          callId: `call-${index}`,
          slotId: "slot-early",
          at,
        }),
      ),
    );
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(new Set(results.filter(({ ok }) => !ok).map(refused))).toEqual(new Set(["SlotTaken"]));
    const now = await store.findUpcoming(busyNumber, { clinicId: "main", from, limit: 12 });
    expect(ids(now.filter(({ slotId }) => slotId === "slot-early"))).toEqual(
      ids(results.filter(({ ok }) => ok).map(({ appointment }) => appointment as Appointment)),
    );
  },
  "takes on the location of the slot, also where it has none": async (store) => {
    const north = { ...(await fresh(store, "lee")), slotId: "slot-late" };
    expect(kept(await store.reschedule("lee", north)).location).toBe("North");
    const nowhere = { ...(await fresh(store, "lee")), slotId: "slot-early" };
    expect(kept(await store.reschedule("lee", nowhere))).not.toHaveProperty("location");
  },
  "holds a slot for one call, and hides it from all others": async (store, other) => {
    const held = await store.holdSlot("slot-early", hold);
    expect(held).toMatchObject({ ok: true, slot: { id: "slot-early", provider: "Dr. Lane" } });
    expect(ids(await other.openSlots(friday))).toEqual(["slot-middle", "slot-late"]);
    expect(ids(await other.openSlots({ ...friday, at, callId: "call-2" }))).not.toContain("slot-early");
    expect(ids(await other.openSlots({ ...friday, at, callId: "call-1" }))).toContain("slot-early");
    const rival = { ...hold, callId: "call-2" };
    expect(await other.holdSlot("slot-early", rival)).toEqual({ ok: false, conflict: "SlotTaken" });
    const write = { ...(await fresh(store, "lee", "call-2")), slotId: "slot-early", at };
    expect(refused(await other.reschedule("lee", write))).toBe("SlotTaken");
  },
  "lets the call that holds a slot book it, and holds nothing after that": async (store) => {
    await store.holdSlot("slot-early", hold);
    const write = { ...(await fresh(store, "lee")), slotId: "slot-early", at };
    expect(kept(await store.reschedule("lee", write)).slotId).toBe("slot-early");
    kept(await store.cancel("lee", await fresh(store, "lee")));
    expect(ids(await store.openSlots(friday))).toContain("slot-early");
  },
  "frees a held slot at the instant at which the hold ends": async (store) => {
    await store.holdSlot("slot-early", hold);
    const before = "2026-11-23T18:01:59.999Z";
    expect(ids(await store.openSlots({ ...friday, at: before }))).not.toContain("slot-early");
    expect(ids(await store.openSlots({ ...friday, at: hold.until }))).toContain("slot-early");
    const write = { ...(await fresh(store, "lee", "call-2")), slotId: "slot-early" };
    expect(refused(await store.reschedule("lee", { ...write, at: before }))).toBe("SlotTaken");
    const next = { ...hold, callId: "call-3", at: hold.until, until: "2026-11-23T18:04:00Z" };
    expect(await store.holdSlot("slot-early", next)).toMatchObject({ ok: true });
    kept(await store.reschedule("lee", { ...write, at: next.until }));
  },
  "goes by its own clock where no instant is given": async (store) => {
    const always = { clinicId: "main", from: "2001-01-01T00:00:00Z", to: "2999-12-31T00:00:00Z", limit: 100 };
    const ends = { clinicId: "main", until: "2001-01-01T00:00:00Z" };
    await store.holdSlot("slot-2999-1", { ...ends, callId: "call-1" });
    await store.holdSlot("slot-2999-2", { ...ends, callId: "call-2", until: "9998-01-01T00:00:00Z" });
    const free = ids(await store.openSlots(always));
    expect(free).toContain("slot-2999-1");
    expect(free).not.toContain("slot-2999-2");
    expect(free).not.toContain("slot-2001");
    const write = { version: (await fresh(store, "lee")).version, callId: "call-1" };
    expect(refused(await store.reschedule("lee", { ...write, slotId: "slot-2001" }))).toBe("SlotTaken");
    kept(await store.reschedule("lee", { ...write, slotId: "slot-2999-1" }));
  },
  "neither offers, holds nor books a slot that has begun": async (store) => {
    const begins = "2026-11-27T17:00:00Z";
    for (const now of [begins, "2026-11-27T17:00:00.001Z"]) {
      expect(ids(await store.openSlots({ ...friday, at: now }))).toEqual(["slot-middle", "slot-late"]);
      const late = { ...hold, at: now, until: "2026-11-27T17:10:00Z" };
      expect(await store.holdSlot("slot-early", late)).toEqual({ ok: false, conflict: "SlotTaken" });
      const write = { ...(await fresh(store, "lee")), slotId: "slot-early", at: now };
      expect(refused(await store.reschedule("lee", write))).toBe("SlotTaken");
    }
    // Not even for the call that holds it.
    expect(await store.holdSlot("slot-early", { ...hold, until: "2026-11-27T18:00:00Z" })).toMatchObject({
      ok: true,
    });
    const write = { ...(await fresh(store, "lee")), slotId: "slot-early" };
    expect(refused(await store.reschedule("lee", { ...write, at: begins }))).toBe("SlotTaken");
    kept(await store.reschedule("lee", { ...write, at: "2026-11-27T16:59:59.999Z" }));
  },
  "holds one slot a call: another one frees the first": async (store) => {
    await store.holdSlot("slot-early", hold);
    await store.holdSlot("slot-middle", hold);
    expect(ids(await store.openSlots(friday))).toEqual(["slot-early", "slot-late"]);
    const again = { ...hold, until: "2026-11-23T18:05:00Z" };
    expect(await store.holdSlot("slot-middle", again)).toMatchObject({ ok: true });
    expect(ids(await store.openSlots({ ...friday, at: hold.until }))).not.toContain("slot-middle");
  },
  "keeps what a call holds when another slot can't be had": async (store) => {
    await store.holdSlot("slot-early", hold);
    expect(await store.holdSlot("slot-of-nadia", hold)).toEqual({ ok: false, conflict: "SlotTaken" });
    expect(ids(await store.openSlots(friday))).not.toContain("slot-early");
  },
  "holds no slot that is taken, unknown or another clinic's": async (store) => {
    for (const slotId of ["slot-of-nadia", "slot-nobody-knows", "slot-east"]) {
      expect(await store.holdSlot(slotId, hold)).toEqual({ ok: false, conflict: "SlotTaken" });
    }
  },
  "holds a slot for one of many who ask at once": async (store, other, third) => {
    const stores = [other, third];
    const results = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        (stores[index % 2] ?? store).holdSlot("slot-early", { ...hold, callId: `call-${index}` }),
      ),
    );
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(ids(await store.openSlots(friday))).not.toContain("slot-early");
  },
};
