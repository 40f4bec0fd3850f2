import type { Slot as FhirSlot } from "@medplum/fhirtypes";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AppointmentStore } from "../appointments/store.ts";
import { clinicSeed } from "../testing/clinic-seed.ts";
import { type SimulatedClock, simulatedClock } from "../testing/index.ts";
import { fhirAppointmentStore } from "./appointment-store.ts";
import { clinicResources, seedClinics } from "./test-server/clinic-resources.ts";
import { type MedplumServer, startMedplumServer } from "./test-server/medplum-server.ts";
import { type FhirProxy, startFhirProxy } from "./test-server/proxy.ts";

const friday = { clinicId: "main", from: "2026-11-27T00:00:00-08:00", to: "2026-11-28T00:00:00-08:00" };

let server: MedplumServer;
let proxy: FhirProxy;
let clock: SimulatedClock;
let store: AppointmentStore;

beforeEach(async () => {
  server = await startMedplumServer();
  for (const resource of clinicResources(clinicSeed())) await server.put(resource);
  proxy = await startFhirProxy(server.baseUrl);
  clock = simulatedClock();
  store = fhirAppointmentStore({ baseUrl: proxy.baseUrl, clinics: seedClinics, deadlineMs: 60_000, clock });
});

afterEach(async () => {
  await proxy.close();
  await server.close();
});

/** Nothing that is written from now on gets there, as if this process had died, but for the first so many writes. */
function dieAfter(writes: number): void {
  let seen = 0;
  proxy.meddle(({ method }) => {
    if (method === "GET") return undefined;
    seen += 1;
    return seen <= writes ? undefined : "cut";
  });
}

const revive = () => proxy.meddle(() => undefined);
const statusOf = async (id: string) => (await server.get<FhirSlot>("Slot", id)).status;
const move = async (id: string, slotId: string, callId: string) => {
  const version = (await store.get(id))?.version ?? "";
  return await store.reschedule(id, { version, callId, slotId });
};
const isOffered = async (id: string) => (await store.openSlots(friday)).some((slot) => slot.id === id);

describe("a move between two slots", () => {
  it("marks the new slot as taken and the old one as free, for all systems to see", async () => {
    expect(await move("nadia", "slot-early", "call-1")).toMatchObject({ ok: true });
    expect(await statusOf("slot-early")).toBe("busy");
    expect(await statusOf("slot-of-nadia")).toBe("free");
    const slot = await server.get<FhirSlot>("Slot", "slot-early");
    expect([slot.extension, slot.identifier]).toEqual([undefined, undefined]);
    const appointment = await server.get("Appointment", "nadia");
    expect(appointment).toMatchObject({
      end: "2026-11-27T17:45:00.000Z",
      minutesDuration: 45,
      status: "booked",
    });
  });

  it("that dies before the appointment was written keeps the slot for a while, then gives it up", async () => {
    dieAfter(1);
    await expect(move("lee", "slot-early", "call-1")).rejects.toThrow("can't be reached");
    revive();
    expect(await statusOf("slot-early")).toBe("busy-tentative");
    expect(await isOffered("slot-early")).toBe(false);
    expect(await move("sami", "slot-early", "call-2")).toMatchObject({ conflict: "SlotTaken" });
    await clock.advance(300_001);
    expect(await isOffered("slot-early")).toBe(true);
    expect(await move("sami", "slot-early", "call-2")).toMatchObject({ ok: true });
  });

  it("that dies after the appointment was written never has its slot booked again, and can be asked for again", async () => {
    dieAfter(2);
    const { version = "" } = (await store.get("nadia")) ?? {};
    const given = { version, callId: "call-1", slotId: "slot-early" };
    // The appointment is what counts: what is left over is not the caller's trouble.
    expect(await store.reschedule("nadia", given)).toMatchObject({ ok: true });
    revive();
    expect([await statusOf("slot-early"), await statusOf("slot-of-nadia")]).toEqual([
      "busy-tentative",
      "busy",
    ]);
    await clock.advance(300_001);
    expect(await isOffered("slot-early")).toBe(false);
    expect(await move("lee", "slot-early", "call-2")).toMatchObject({ conflict: "SlotTaken" });
    expect(await store.reschedule("nadia", given)).toMatchObject({ ok: true });
    expect([await statusOf("slot-early"), await statusOf("slot-of-nadia")]).toEqual(["busy", "free"]);
  });

  it("whose answer is lost can be asked for again, and was made once", async () => {
    proxy.meddle(async ({ method, path }, pass) => {
      if (method !== "PUT" || !path.startsWith("Appointment/")) return undefined;
      await pass();
      return "cut";
    });
    const { version = "" } = (await store.get("nadia")) ?? {};
    const given = { version, callId: "call-1", slotId: "slot-early" };
    await expect(store.reschedule("nadia", given)).rejects.toThrow("may have been kept");
    revive();
    expect(await store.reschedule("nadia", given)).toMatchObject({
      ok: true,
      appointment: { slotId: "slot-early" },
    });
    expect([await statusOf("slot-early"), await statusOf("slot-of-nadia")]).toEqual(["busy", "free"]);
  });

  it("that loses the appointment to another change gives the slot back as it was", async () => {
    const hold = {
      clinicId: "main",
      callId: "call-1",
      until: "2026-11-23T18:02:00Z",
      at: "2026-11-23T18:00:00Z",
    };
    expect(await store.holdSlot("slot-early", hold)).toMatchObject({ ok: true });
    const { version = "" } = (await store.get("lee")) ?? {};
    let isFirst = true;
    proxy.meddle(async ({ method, path }) => {
      if (method === "PUT" && path === "Appointment/lee" && isFirst) {
        isFirst = false;
        const rival = fhirAppointmentStore({ baseUrl: server.baseUrl, clinics: seedClinics });
        await rival.confirm("lee", { version, callId: "call-2" });
      }
      return undefined;
    });
    const lost = await store.reschedule("lee", {
      version,
      callId: "call-1",
      slotId: "slot-early",
      at: hold.at,
    });
    expect(lost).toMatchObject({ conflict: "VersionConflict", appointment: { status: "confirmed" } });
    const again = { ...friday, callId: "call-1", at: hold.at };
    expect((await store.openSlots(again)).map(({ id }) => id)).toContain("slot-early");
    expect((await store.openSlots({ ...friday, at: hold.at })).map(({ id }) => id)).not.toContain(
      "slot-early",
    );
  });

  it("takes no slot that another system has booked without saying so, or keeps for itself", async () => {
    await server.put({
      resourceType: "Appointment",
      id: "elsewhere",
      status: "booked",
      slot: [{ reference: "Slot/slot-early" }],
      participant: [{ actor: { reference: "Patient/patient-4" }, status: "accepted" }],
    });
    expect(await move("lee", "slot-early", "call-1")).toMatchObject({ conflict: "SlotTaken" });
    const late = await server.get<FhirSlot>("Slot", "slot-late");
    proxy.meddle(() => undefined);
    await fetch(`${server.baseUrl}/Slot/slot-late`, {
      method: "PUT",
      headers: { "content-type": "application/fhir+json" },
      body: JSON.stringify({ ...late, status: "busy-tentative" }),
    });
    await clock.advance(86_400_000);
    expect(await isOffered("slot-late")).toBe(false);
    expect(await move("lee", "slot-late", "call-1")).toMatchObject({ conflict: "SlotTaken" });
  });

  it("leaves a slot taken that somebody else shares", async () => {
    await server.put({
      resourceType: "Appointment",
      id: "sibling",
      status: "booked",
      slot: [{ reference: "Slot/slot-of-nadia" }],
      participant: [{ actor: { reference: "Patient/patient-4" }, status: "accepted" }],
    });
    expect(await move("nadia", "slot-early", "call-1")).toMatchObject({ ok: true });
    expect(await statusOf("slot-of-nadia")).toBe("busy");
  });
});

it("a slot that somebody else writes to at the same moment is looked at again", async () => {
  let rivals = 3;
  proxy.meddle(async ({ method, path }) => {
    if (method !== "PUT" || path !== "Slot/slot-early" || rivals === 0) return undefined;
    rivals -= 1;
    const slot = await server.get<FhirSlot>("Slot", "slot-early");
    await fetch(`${server.baseUrl}/Slot/slot-early`, {
      method: "PUT",
      headers: { "content-type": "application/fhir+json" },
      body: JSON.stringify({ ...slot, comment: `note ${rivals}` }),
    });
    return undefined;
  });
  const hold = { clinicId: "main", callId: "call-1", until: "9998-01-01T00:00:00Z" };
  expect(await store.holdSlot("slot-early", hold)).toMatchObject({ ok: true });
  expect(rivals).toBe(0);
  // What the front desk wrote is kept.
  expect(await server.get("Slot", "slot-early")).toMatchObject({
    comment: "note 0",
    status: "busy-tentative",
  });
});
