import { expect } from "vitest";
import type { Appointment, Slot } from "../appointments/appointment.ts";
import type { AppointmentStore } from "../appointments/store.ts";
import { oddityCases } from "./appointment-oddity-cases.ts";
import { slotCases } from "./appointment-slot-cases.ts";
import { at, fresh, friday, from, ids, kept, read, refused } from "./appointment-steps.ts";
import { wishCases } from "./appointment-wish-cases.ts";
import { busyNumber, type ClinicSeed, clinicSeed, familyNumber, otherNumber } from "./clinic-seed.ts";
import {
  type ConformanceCases,
  type ConformanceFactory,
  type ConformanceOptions,
  registerCases,
} from "./conformance.ts";

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
  "finds a caller without a number by confirmation code and date of birth together": async (store) => {
    const lee = { clinicId: "main", confirmationCode: "481516", dateOfBirth: "1984-03-07", from };
    expect(ids(await store.findByIdentity(lee))).toEqual(["lee"]);
    for (const wrong of [
      { confirmationCode: "481517" },
      { confirmationCode: "" },
      { dateOfBirth: "1984-07-03" },
      { dateOfBirth: "" },
      { clinicId: "east" },
      { from: "2026-11-24T19:00:01Z" },
      // The right date of birth, with the code of somebody else.
      { confirmationCode: "230042" },
    ]) {
      expect(await store.findByIdentity({ ...lee, ...wrong })).toEqual([]);
    }
    kept(await store.cancel("lee", await fresh(store, "lee")));
    expect(await store.findByIdentity(lee)).toEqual([]);
  },
  "finds nobody by a code or a date of birth that is not on file": async (store) => {
    // Sami has a code and no date of birth; nobody with this date of birth has a code.
    const query = { clinicId: "main", from };
    for (const dateOfBirth of ["", "null", "undefined", "1990-12-24"]) {
      expect(await store.findByIdentity({ ...query, confirmationCode: "230042", dateOfBirth })).toEqual([]);
    }
    for (const confirmationCode of ["", "null", "undefined"]) {
      expect(await store.findByIdentity({ ...query, confirmationCode, dateOfBirth: "1990-12-24" })).toEqual(
        [],
      );
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
    const query = { clinicId: "main", at, from: "2026-11-27T17:30:00Z", to: "2026-11-27T18:00:00Z" };
    expect(ids(await store.openSlots(query))).toEqual(["slot-middle"]);
  },
  "offers the slots of one clinic, of one provider if asked": async (store) => {
    expect(ids(await store.openSlots({ ...friday, clinicId: "east" }))).toEqual(["slot-east"]);
    expect(ids(await store.openSlots({ ...friday, provider: "Dr. Moreno" }))).toEqual(["slot-late"]);
    expect(await store.openSlots({ ...friday, provider: "Dr. Nobody" })).toEqual([]);
  },
  "offers the slots of one location, of a length or longer, if asked": async (store) => {
    expect(ids(await store.openSlots({ ...friday, location: "North" }))).toEqual(["slot-late"]);
    expect(await store.openSlots({ ...friday, location: "" })).toEqual([]);
    expect(ids(await store.openSlots({ ...friday, durationMinutes: 45 }))).toEqual(["slot-early"]);
    expect(await store.openSlots({ ...friday, durationMinutes: 46 })).toEqual([]);
  },
  "offers slots page by page, those of one instant too": async (store) => {
    const day = { from: "2026-12-20T00:00:00Z", to: "2026-12-21T00:00:00Z" };
    const twins = { clinicId: "main", at, ...day, limit: 2 };
    const first = await store.openSlots(twins);
    expect(ids(first)).toEqual(["slot-twin-1", "slot-twin-2"]);
    const after = first.at(-1) as Slot;
    expect(ids(await store.openSlots({ ...twins, after }))).toEqual(["slot-twin-3"]);
    const [last] = await store.openSlots({ ...twins, after });
    expect(await store.openSlots({ ...twins, after: last as Slot })).toEqual([]);
  },
  "offers as many slots as asked for, 10 unless asked": async (store) => {
    const december = { clinicId: "main", at, from: "2026-12-01T00:00:00Z", to: "2026-12-15T00:00:00Z" };
    expect(await store.openSlots(december)).toHaveLength(10);
    expect(await store.openSlots({ ...december, limit: 12 })).toHaveLength(12);
    expect(ids(await store.openSlots({ ...december, limit: 1 }))).toEqual(["slot-2026-12-01"]);
  },
  "offers no slot that is taken": async (store) => {
    const tuesday = { clinicId: "main", at, from, to: "2026-11-25T00:00:00Z" };
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
    const write = { version: "1", callId: "call-1", at };
    for (const [change] of statusChanges) {
      expect(refused(await store[change]("nobody's", write))).toBe("AppointmentNotFound");
    }
    const result = await store.reschedule("nobody's", { ...write, slotId: "slot-early" });
    expect(result).toEqual({ ok: false, conflict: "AppointmentNotFound", appointment: undefined });
    const wish = await store.setPreferences("nobody's", { ...write, preferences: { walkIn: true } });
    expect(wish).toEqual({ ok: false, conflict: "AppointmentNotFound", appointment: undefined });
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
      await store.setPreferences("lee", { ...late, preferences: { walkIn: true } }),
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
      await store.setPreferences("cancelled", { ...write, preferences: { walkIn: true } }),
    ]) {
      expect(result).toEqual({ ok: false, conflict: "AppointmentCancelled", appointment: cancelled });
    }
  },
  "lets one of many changes at once through": async (store, other, third) => {
    const stores = [other, third];
    const write = await fresh(store, "lee");
    const results = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        (stores[index % 2] ?? store).confirm("lee", { ...write, callId: `call-${index}` }),
      ),
    );
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(new Set(results.filter(({ ok }) => !ok).map(refused))).toEqual(new Set(["VersionConflict"]));
    expect((await read(store, "lee")).status).toBe("confirmed");
  },
  "shows others what it kept": async (store, other) => {
    const moved = { ...(await fresh(store, "lee")), slotId: "slot-early" };
    const changed = kept(await store.reschedule("lee", moved));
    expect(await other.get("lee")).toEqual(changed);
    expect(kept(await other.reschedule("lee", moved))).toEqual(changed);
    expect(ids(await other.openSlots(friday))).not.toContain("slot-early");
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
  const cases = { ...lookups, ...changes, ...slotCases, ...wishCases, ...oddityCases };
  registerCases(`AppointmentStore: ${name}`, () => make(clinicSeed()), cases, options);
}
