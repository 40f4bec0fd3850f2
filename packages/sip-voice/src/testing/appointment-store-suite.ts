import { expect } from "vitest";
import type { Appointment } from "../appointments/appointment.ts";
import type { AppointmentResult, AppointmentStore, AppointmentWrite } from "../appointments/store.ts";
import { busyNumber, type ClinicSeed, clinicSeed, familyNumber, otherNumber } from "./clinic-seed.ts";
import {
  type ConformanceCases,
  type ConformanceFactory,
  type ConformanceOptions,
  registerCases,
} from "./conformance.ts";

const from = "2026-11-23T10:00:00-08:00";
const friday = { clinicId: "main", from: "2026-11-27T00:00:00-08:00", to: "2026-11-28T00:00:00-08:00" };

const ids = (found: readonly { readonly id: string }[]): string[] => found.map(({ id }) => id);

async function read(store: AppointmentStore, id: string): Promise<Appointment> {
  const found = await store.get(id);
  if (!found) throw new Error(`The store was not seeded with the appointment ${id}.`);
  return found;
}

/** The write of a call that has just read the appointment. */
async function fresh(store: AppointmentStore, id: string, callId = "call-1"): Promise<AppointmentWrite> {
  return { version: (await read(store, id)).version, callId };
}

function kept(result: AppointmentResult): Appointment {
  expect(result).toMatchObject({ ok: true });
  return result.appointment as Appointment;
}

function refused(result: AppointmentResult): string {
  expect(result).toMatchObject({ ok: false });
  return result.ok ? "" : result.conflict;
}

type StatusChange = readonly [
  change: "confirm" | "cancel" | "requestReschedule",
  status: Appointment["status"],
];
const statusChanges: readonly StatusChange[] = [
  ["confirm", "confirmed"],
  ["requestReschedule", "reschedule-requested"],
  ["cancel", "cancelled"],
];

const lookups: ConformanceCases<AppointmentStore> = {
  "finds everybody's appointments on a number, the earliest instant first": async (store) => {
    expect(ids(await store.findUpcoming(familyNumber, { clinicId: "main", from }))).toEqual([
      "sami",
      "nadia",
    ]);
  },
  "finds what begins at `from`, and nothing before": async (store) => {
    const query = { clinicId: "main", from: "2026-11-24T18:00:00Z" };
    expect(ids(await store.findUpcoming(familyNumber, query))).toEqual(["nadia"]);
    expect(await store.findUpcoming(familyNumber, { ...query, from: "2026-11-24T18:00:01Z" })).toEqual([]);
  },
  "finds no cancelled appointment": async (store) => {
    kept(await store.cancel("sami", await fresh(store, "sami")));
    expect(ids(await store.findUpcoming(familyNumber, { clinicId: "main", from }))).toEqual(["nadia"]);
  },
  "keeps numbers and clinics apart": async (store) => {
    expect(ids(await store.findUpcoming(otherNumber, { clinicId: "main", from }))).toEqual(["lee"]);
    expect(ids(await store.findUpcoming(familyNumber, { clinicId: "east", from }))).toEqual(["east"]);
    expect(await store.findUpcoming(familyNumber, { clinicId: "west", from })).toEqual([]);
  },
  "finds as many appointments as asked for, 10 unless asked": async (store) => {
    const query = { clinicId: "main", from };
    expect(await store.findUpcoming(busyNumber, query)).toHaveLength(10);
    expect(await store.findUpcoming(busyNumber, { ...query, limit: 12 })).toHaveLength(12);
    const first = await store.findUpcoming(busyNumber, { ...query, limit: 2 });
    expect(ids(first)).toEqual(["on-2026-12-01", "on-2026-12-02"]);
  },
  "gives an appointment with every field, at the same instant": async (store) => {
    for (const given of clinicSeed().appointments) {
      const { version, start, ...rest } = await read(store, given.id);
      const { version: _any, start: givenStart, ...expected } = given;
      expect(version).not.toBe("");
      expect(Date.parse(start)).toBe(Date.parse(givenStart));
      expect(rest).toEqual(expected);
    }
  },
  "gives undefined for an appointment that is not there": async (store) => {
    expect(await store.get("nobody's")).toBeUndefined();
  },
  "offers free slots with every field, the earliest instant first": async (store) => {
    const open = await store.openSlots(friday);
    expect(ids(open)).toEqual(["slot-early", "slot-middle", "slot-late"]);
    const { start, ...rest } = clinicSeed().slots.find(({ id }) => id === "slot-early") ?? { start: "" };
    expect(open[0]).toMatchObject(rest);
    expect(Date.parse(open[0]?.start ?? "")).toBe(Date.parse(start));
  },
  "offers slots from `from` on and before `to`": async (store) => {
    const query = { clinicId: "main", from: "2026-11-27T17:30:00Z", to: "2026-11-27T18:00:00Z" };
    expect(ids(await store.openSlots(query))).toEqual(["slot-middle"]);
  },
  "offers the slots of one clinic, of one provider if asked": async (store) => {
    expect(ids(await store.openSlots({ ...friday, clinicId: "east" }))).toEqual(["slot-east"]);
    expect(ids(await store.openSlots({ ...friday, provider: "Dr. Moreno" }))).toEqual(["slot-late"]);
    expect(await store.openSlots({ ...friday, provider: "Dr. Nobody" })).toEqual([]);
  },
  "offers as many slots as asked for, 10 unless asked": async (store) => {
    const december = { clinicId: "main", from: "2026-12-01T00:00:00Z", to: "2027-01-01T00:00:00Z" };
    expect(await store.openSlots(december)).toHaveLength(10);
    expect(await store.openSlots({ ...december, limit: 12 })).toHaveLength(12);
    expect(ids(await store.openSlots({ ...december, limit: 1 }))).toEqual(["slot-2026-12-01"]);
  },
  "offers no slot that is taken": async (store) => {
    const tuesday = { clinicId: "main", from, to: "2026-11-25T00:00:00Z" };
    expect(await store.openSlots(tuesday)).toEqual([]);
  },
};

const changes: ConformanceCases<AppointmentStore> = {
  "keeps each change under a new version": async (store) => {
    for (const [change, status] of statusChanges) {
      const write = await fresh(store, "lee", `call of ${change}`);
      const changed = kept(await store[change]("lee", write));
      expect(changed.status).toBe(status);
      expect(changed.version).not.toBe(write.version);
      expect(await store.get("lee")).toEqual(changed);
    }
  },
  "finds no appointment to change": async (store) => {
    const write = { version: "1", callId: "call-1" };
    for (const [change] of statusChanges) {
      expect(refused(await store[change]("nobody's", write))).toBe("AppointmentNotFound");
    }
    const result = await store.reschedule("nobody's", { ...write, slotId: "slot-early" });
    expect(result).toEqual({ ok: false, conflict: "AppointmentNotFound", appointment: undefined });
  },
  "refuses a change that was decided on another version, and gives what it has": async (store) => {
    const stale = await fresh(store, "lee");
    const confirmed = kept(await store.confirm("lee", stale));
    const late = { ...stale, callId: "call-2" };
    for (const result of [
      await store.confirm("lee", late),
      await store.cancel("lee", late),
      await store.requestReschedule("lee", late),
      await store.reschedule("lee", { ...late, slotId: "slot-early" }),
    ]) {
      expect(result).toEqual({ ok: false, conflict: "VersionConflict", appointment: confirmed });
    }
    expect(await store.get("lee")).toEqual(confirmed);
    expect(ids(await store.openSlots(friday))).toContain("slot-early");
  },
  "makes the same change of the same version on the same call once, however often it is asked for": async (
    store,
  ) => {
    for (const [change, id] of [
      ["confirm", "lee"],
      ["cancel", "sami"],
      ["requestReschedule", "nadia"],
    ] as const) {
      const write = await fresh(store, id);
      const first = kept(await store[change](id, write));
      expect(kept(await store[change](id, write))).toEqual(first);
      expect(await store.get(id)).toEqual(first);
    }
  },
  "remembers a call's change after another call's": async (store) => {
    const write = await fresh(store, "lee");
    kept(await store.confirm("lee", write));
    const later = kept(await store.requestReschedule("lee", await fresh(store, "lee", "call-2")));
    expect(kept(await store.confirm("lee", write))).toEqual(later);
  },
  "lets a patient come back to an earlier choice on the same call": async (store) => {
    for (const change of ["confirm", "requestReschedule", "confirm"] as const) {
      kept(await store[change]("lee", await fresh(store, "lee")));
    }
    expect((await read(store, "lee")).status).toBe("confirmed");
  },
  "does not change a cancelled appointment": async (store) => {
    const cancelled = await read(store, "cancelled");
    const write = await fresh(store, "cancelled");
    for (const result of [
      await store.confirm("cancelled", write),
      await store.cancel("cancelled", write),
      await store.requestReschedule("cancelled", write),
      await store.reschedule("cancelled", { ...write, slotId: "slot-early" }),
    ]) {
      expect(result).toEqual({ ok: false, conflict: "AppointmentCancelled", appointment: cancelled });
    }
  },
  "lets one of many changes at once through": async (store, other) => {
    const stores = [store, other];
    const write = await fresh(store, "lee");
    const results = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        (stores[index % 2] ?? store).confirm("lee", { ...write, callId: `call-${index}` }),
      ),
    );
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(new Set(results.filter(({ ok }) => !ok).map(refused))).toEqual(new Set(["VersionConflict"]));
  },
  "shows others what it kept": async (store, other) => {
    const moved = { ...(await fresh(store, "lee")), slotId: "slot-early" };
    const changed = kept(await store.reschedule("lee", moved));
    expect(await other.get("lee")).toEqual(changed);
    expect(kept(await other.reschedule("lee", moved))).toEqual(changed);
    expect(ids(await other.openSlots(friday))).not.toContain("slot-early");
  },
};

const slots: ConformanceCases<AppointmentStore> = {
  "moves an appointment to a slot, with its time and provider": async (store) => {
    const confirmed = kept(await store.confirm("lee", await fresh(store, "lee")));
    const write = { version: confirmed.version, callId: "call-1", slotId: "slot-late" };
    const moved = kept(await store.reschedule("lee", write));
    expect(moved).toMatchObject({ slotId: "slot-late", provider: "Dr. Moreno", status: "booked" });
    expect(moved.patient).toEqual(confirmed.patient);
    expect(Date.parse(moved.start)).toBe(Date.parse("2026-11-27T10:00:00-08:00"));
    expect(await store.get("lee")).toEqual(moved);
    expect(ids(await store.openSlots(friday))).toEqual(["slot-early", "slot-middle"]);
  },
  "frees the slot that an appointment leaves": async (store) => {
    kept(await store.reschedule("nadia", { ...(await fresh(store, "nadia")), slotId: "slot-early" }));
    const free = await store.openSlots({ clinicId: "main", from, to: "2026-11-25T00:00:00Z" });
    expect(ids(free)).toEqual(["slot-of-nadia"]);
    kept(await store.reschedule("lee", { ...(await fresh(store, "lee")), slotId: "slot-of-nadia" }));
  },
  "frees the slot of a cancelled appointment": async (store) => {
    kept(await store.cancel("nadia", await fresh(store, "nadia")));
    const free = await store.openSlots({ clinicId: "main", from, to: "2026-11-25T00:00:00Z" });
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
    const write = { version: lee.version, callId: "call-1" };
    for (const slotId of ["slot-of-nadia", "slot-nobody-knows", "slot-east"]) {
      const result = await store.reschedule("lee", { ...write, slotId });
      expect(result).toEqual({ ok: false, conflict: "SlotTaken", appointment: lee });
    }
    expect(await store.get("lee")).toEqual(lee);
    kept(await store.reschedule("lee", { ...write, slotId: "slot-early" }));
  },
  "books a slot once when many ask at once": async (store, other) => {
    const stores = [store, other];
    const everyone = await store.findUpcoming(busyNumber, { clinicId: "main", from, limit: 12 });
    const results = await Promise.all(
      everyone.map(({ id, version }, index) =>
        (stores[index % 2] ?? store).reschedule(id, {
          version,
          callId: `call-${index}`,
          slotId: "slot-early",
        }),
      ),
    );
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(new Set(results.filter(({ ok }) => !ok).map(refused))).toEqual(new Set(["SlotTaken"]));
  },
};

/**
 * Registers the rules of the `AppointmentStore` port as vitest cases. The factory is called for each case with what the
 * store has to hold; a store that makes its own ids can't be tested with it.
 *
 * @param name - the adapter, as the test report shows it
 * @param make - makes a store that holds the seed and nothing else
 * @param options - cases to skip, with the reason
 * @example
 * ```ts
 * import { memoryAppointmentStore } from "@clinic/sip-voice";
 * import { testAppointmentStore } from "@clinic/sip-voice/testing";
 *
 * testAppointmentStore("my store", async (seed) => ({ port: memoryAppointmentStore(seed) }));
 * ```
 */
export function testAppointmentStore(
  name: string,
  make: ConformanceFactory<AppointmentStore, ClinicSeed>,
  options: ConformanceOptions = {},
): void {
  const cases = { ...lookups, ...changes, ...slots };
  registerCases(`AppointmentStore: ${name}`, () => make(clinicSeed()), cases, options);
}
