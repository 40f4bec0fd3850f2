import type { Resource as FhirResource } from "@medplum/fhirtypes";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SipVoiceError } from "../errors.ts";
import { parsePhoneNumber } from "../phone/phone-number.ts";
import { simulatedClock } from "../testing/index.ts";
import { fhirAppointmentStore } from "./appointment-store.ts";
import { type FhirClinic, fhirClinics } from "./fhir-clinics.ts";
import { type MedplumServer, startMedplumServer } from "./test-server/medplum-server.ts";

const timeZone = "America/Los_Angeles";
const number = parsePhoneNumber("+15105550111");
const query = { clinicId: "main", from: "2026-11-23T10:00:00-08:00" };
const day = { clinicId: "main", from: "2026-11-24T00:00:00Z", to: "2026-11-26T00:00:00Z" };
const patient: FhirResource = {
  resourceType: "Patient",
  id: "p-1",
  name: [{ text: "Nadia Haddad" }],
  telecom: [{ system: "phone", value: "510.555.0111" }],
};
const start = "2026-11-24T18:00:00+00:00";
const end = "2026-11-24T18:20:00+00:00";
const comes = { actor: { reference: "Patient/p-1" }, status: "accepted" } as const;

let server: MedplumServer;

beforeEach(async () => {
  server = await startMedplumServer();
});

afterEach(() => server.close());

const open = (clinic: FhirClinic, id = "main") =>
  fhirAppointmentStore({
    baseUrl: server.baseUrl,
    clinics: { [id]: clinic },
    deadlineMs: 60_000,
    clock: simulatedClock(),
  });
const put = async (...resources: FhirResource[]) => {
  for (const resource of resources) await server.put(resource);
};

describe("a clinic that has a server to itself", () => {
  it("needs no locations; whom patients see is read where it is not displayed, and said as the clinic says where nobody is named", async () => {
    await put(
      patient,
      { resourceType: "Practitioner", id: "lane", name: [{ prefix: ["Dr."], family: "Lane" }] },
      { resourceType: "PractitionerRole", id: "role", practitioner: { reference: "Practitioner/lane" } },
      { resourceType: "HealthcareService", id: "flu", name: "the flu clinic" },
      ...(
        [
          ["by-display", [{ reference: "Practitioner/x", display: "Dr. Moreno" }]],
          ["by-role", [{ reference: "PractitionerRole/role" }]],
          ["by-service", [{ reference: "HealthcareService/flu" }]],
          ["by-nobody", []],
        ] as const
      ).map(
        ([id, actors], index): FhirResource => ({
          resourceType: "Appointment",
          id,
          status: "booked",
          start: `2026-11-24T1${index}:00:00-08:00`,
          end: `2026-11-24T1${index}:20:00-08:00`,
          participant: [comes, ...actors.map((actor) => ({ actor, status: "accepted" as const }))],
        }),
      ),
      { resourceType: "Schedule", id: "any", actor: [{ reference: "PractitionerRole/role" }] },
      {
        resourceType: "Slot",
        id: "s-1",
        status: "free",
        schedule: { reference: "Schedule/any" },
        start,
        end,
      },
    );
    const told = open({ timeZone, provider: "our nurses" });
    const found = await told.findUpcoming(number, query);
    expect(found.map(({ provider }) => provider)).toEqual([
      "Dr. Moreno",
      "Dr. Lane",
      "the flu clinic",
      "our nurses",
    ]);
    expect(found[0]).toMatchObject({ timeZone, durationMinutes: 20, status: "confirmed" });
    expect(await told.openSlots(day)).toMatchObject([{ id: "s-1", provider: "Dr. Lane", timeZone }]);
    expect(await open({ timeZone }).findUpcoming(number, query)).toHaveLength(3);
    expect(await told.findUpcoming(number, { ...query, clinicId: "east" })).toEqual([]);
    expect(await told.openSlots({ ...day, clinicId: "east" })).toEqual([]);
    expect(await told.holdSlot("s-1", { clinicId: "east", callId: "c", until: end })).toMatchObject({
      ok: false,
    });
  });

  it("shows what is to come, not what is over, was a mistake or is somebody's who left", async () => {
    const statuses = [
      "proposed",
      "pending",
      "booked",
      "arrived",
      "fulfilled",
      "cancelled",
      "noshow",
    ] as const;
    const others = ["entered-in-error", "checked-in", "waitlist"] as const;
    await put(
      patient,
      { ...patient, id: "left", active: false } as FhirResource,
      ...[...statuses, ...others].map(
        (status): FhirResource => ({
          resourceType: "Appointment",
          id: status,
          status,
          start,
          end,
          participant: [comes],
        }),
      ),
      {
        resourceType: "Appointment",
        id: "of-left",
        status: "booked",
        start,
        end,
        participant: [{ ...comes, actor: { reference: "Patient/left" } }],
      },
    );
    const store = open({ timeZone, provider: "our nurses" });
    const ids = (await store.findUpcoming(number, query)).map(({ id }) => id);
    expect(ids).toEqual(["booked", "pending"]);
    expect((await store.get("cancelled"))?.status).toBe("cancelled");
    expect(await store.get("fulfilled")).toBeUndefined();
    expect(await store.confirm("noshow", { version: "1", callId: "c" })).toMatchObject({
      conflict: "AppointmentNotFound",
    });
  });

  it("tells the front desk in FHIR's own words what a patient wants", async () => {
    await put(patient, {
      resourceType: "Appointment",
      id: "a-1",
      status: "pending",
      comment: "bring X-rays",
      start,
      end,
      participant: [{ ...comes, status: "needs-action" }],
    });
    const store = open({ timeZone, provider: "our nurses" });
    for (const [change, status, answer] of [
      ["confirm", "pending", "accepted"],
      ["requestReschedule", "pending", "declined"],
      ["cancel", "cancelled", "declined"],
    ] as const) {
      const version = (await store.get("a-1"))?.version ?? "";
      expect(await store[change]("a-1", { version, callId: "c" })).toMatchObject({ ok: true });
      const kept = await server.get("Appointment", "a-1");
      // What we know nothing of is left as it is.
      expect(kept).toMatchObject({
        status,
        comment: "bring X-rays",
        participant: [{ ...comes, status: answer }],
      });
    }
    expect(await server.get("Appointment", "a-1")).toMatchObject({
      cancelationReason: { coding: [{ code: "pat" }] },
    });
  });
});

it("clinics that could be mistaken for each other are refused", () => {
  for (const [field, clinics] of [
    ["clinics", {}],
    ["locations", { main: { timeZone }, east: { timeZone, locations: [{ id: "e" }] } }],
    [
      "locations",
      { main: { timeZone, locations: [{ id: "e" }] }, east: { timeZone, locations: [{ id: "e" }] } },
    ],
    ["locations", { main: { timeZone, locations: [{ id: "a/b" }] } }],
  ] as [string, Record<string, FhirClinic>][]) {
    try {
      fhirClinics(clinics);
      throw new Error("Nothing was thrown.");
    } catch (error) {
      expect(SipVoiceError.is(error) && [error.code, error.field]).toEqual(["invalid-option", field]);
    }
  }
});

it("a server is reached by https, but on this machine, and within a time", () => {
  const clinics = { main: { timeZone } };
  const openAt = (baseUrl: string, deadlineMs?: number) => () =>
    fhirAppointmentStore({ baseUrl, clinics, ...(deadlineMs === undefined ? {} : { deadlineMs }) });
  for (const baseUrl of [
    "http://fhir.example/r4",
    "https://fhir.example/r4?x=1",
    "https://me:secret@fhir.example",
    "",
  ]) {
    expect(openAt(baseUrl), baseUrl).toThrow("patients' data may be sent to");
  }
  expect(openAt("https://fhir.example/r4/", 0)).toThrow("The deadline is not a time");
  expect(openAt("https://fhir.example/r4/", 100)).not.toThrow();
});
