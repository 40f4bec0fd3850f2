import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { PhoneNumber } from "../phone/phone-number.ts";
import { clinicSeed, familyNumber } from "../testing/clinic-seed.ts";
import { simulatedClock } from "../testing/index.ts";
import { fhirAppointmentStore } from "./appointment-store.ts";
import { searchQuery, searchToken, searchValue } from "./search-query.ts";
import { clinicResources, seedClinics, seedCodes } from "./test-server/clinic-resources.ts";
import { type MedplumServer, startMedplumServer } from "./test-server/medplum-server.ts";

const from = "2026-11-23T10:00:00-08:00";
/** What somebody might say, key in or send as a caller id, to find what is not theirs. */
const attacks = [
  "230042,481516",
  "230042&status=cancelled",
  `${seedCodes}|481516`,
  "|481516",
  "481516|",
  "481516$x",
  "481516\\",
  "\\,481516",
  "481516#",
  "481516%2C230042",
  "*",
  "481516 OR 1=1",
  "'; DROP TABLE appointments; --",
  "481516\u0000",
  "\ud800",
  "٤٨١٥١٦",
  "../../Patient",
];

let server: MedplumServer;

beforeEach(async () => {
  server = await startMedplumServer();
  for (const resource of clinicResources(clinicSeed())) await server.put(resource);
});

afterEach(() => server.close());

const open = () =>
  fhirAppointmentStore({
    baseUrl: server.baseUrl,
    clinics: seedClinics,
    confirmationCodeSystem: seedCodes,
    deadlineMs: 60_000,
    clock: simulatedClock(),
  });

describe("what a caller says", () => {
  it.each(attacks)("%j finds nobody as a code, a date of birth, a number or an id", async (text) => {
    const store = open();
    const lee = { clinicId: "main", confirmationCode: "481516", dateOfBirth: "1984-03-07", from };
    expect(await store.findByIdentity({ ...lee, confirmationCode: text })).toEqual([]);
    expect(await store.findByIdentity({ ...lee, dateOfBirth: text })).toEqual([]);
    expect(await store.findUpcoming(text as PhoneNumber, { clinicId: "main", from })).toEqual([]);
    expect(await store.get(text)).toBeUndefined();
    expect(await store.get(`lee/../../Patient/${text}`)).toBeUndefined();
    const write = { version: "1", callId: text };
    expect(await store.confirm(text, write)).toMatchObject({ conflict: "AppointmentNotFound" });
    const hold = { clinicId: "main", callId: text, until: "9998-01-01T00:00:00Z" };
    expect(await store.holdSlot(text, hold)).toEqual({ ok: false, conflict: "SlotTaken" });
  });

  it("frees and finishes nothing of other calls, whatever a call's id is", async () => {
    const store = open();
    const hold = { clinicId: "main", callId: "call-1", until: "9998-01-01T00:00:00Z" };
    expect(await store.holdSlot("slot-early", hold)).toMatchObject({ ok: true });
    const wish = {
      callId: "call-1",
      clinicId: "main",
      phoneNumber: familyNumber,
      appointmentId: undefined,
      requestedAt: from,
    };
    await store.requestCallBack(wish);
    for (const callId of [...attacks, "", "call-1,call-2", "call-1|", "x,call-1"]) {
      await store.holdSlot("slot-middle", { ...hold, callId });
      await store.finishCallBack(callId);
    }
    expect(await store.callBacks({ clinicId: "main" })).toEqual([wish]);
    for (const clinicId of attacks) expect(await store.callBacks({ clinicId })).toEqual([]);
    expect(await server.get("Slot", "slot-early")).toMatchObject({ status: "busy-tentative" });
  });
});

describe("a search parameter", () => {
  it("is one value, whatever is in it (FHIR R4, 3.1.1.3.5)", () => {
    expect(searchValue("a,b|c$d\\e")).toBe("a\\,b\\|c\\$d\\\\e");
    expect(searchToken("urn:x|y", "1,2")).toBe("urn:x\\|y|1\\,2");
    const query = searchQuery([
      ["identifier", searchToken("urn:x", "1&status=2#+ %")],
      ["patient", ["Patient/1", "Patient/2"]],
    ]);
    const read = new URLSearchParams(query);
    expect([...read]).toEqual([
      ["identifier", "urn:x|1&status=2#+ %"],
      ["patient", "Patient/1,Patient/2"],
    ]);
  });
});
