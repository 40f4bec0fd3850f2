import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sampleAppointment, sampleAttempt, sampleSlot } from "../testing/index.ts";
import { openClinicDatabase } from "./clinic-database.ts";
import { migrations } from "./schema.ts";

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sip-voice-schema-"));
  path = join(folder, "clinic.db");
});

afterEach(() => rmSync(folder, { recursive: true }));

describe("a file with the first schema", () => {
  it("goes on with what it holds, and keeps what is new", async () => {
    const raw = new DatabaseSync(path);
    raw.exec("CREATE TABLE schema_version (version INTEGER PRIMARY KEY) STRICT");
    raw.exec("INSERT INTO schema_version (version) VALUES (1)");
    raw.exec(migrations[0] ?? "");
    raw.exec(`
      INSERT INTO slots VALUES ('slot-1', 'main', 'Dr. Lane', '2026-11-27T09:00:00-08:00', 1795798800000,
        'America/Los_Angeles', 30);
      INSERT INTO appointments VALUES ('appointment-1', 3, 'main', 'patient-1', 'Nadia Haddad', '+15105550111', NULL,
        'Dr. Lane', '2026-11-24T10:00:00-08:00', 1795543200000, 'America/Los_Angeles', 30, 'confirmed', NULL);
      INSERT INTO appointment_changes VALUES ('appointment-1', 'call-0', 'confirm', 2);
      INSERT INTO attempts (attempt_id, call_id, clinic_id, phone_number, room_name, reserved_at, lease_until, state, lease)
        VALUES ('attempt-1', 'call-1', 'main', '+15105550111', 'call-call-1', 1, 2, 'reserved', 1);
    `);
    raw.close();

    const database = openClinicDatabase(path);
    const { appointments, ledger } = database;
    const before = sampleAppointment({ version: "3", status: "confirmed" });
    expect(await appointments.get("appointment-1")).toEqual(before);
    expect(await appointments.confirm("appointment-1", { version: "2", callId: "call-0" })).toEqual({
      ok: true,
      appointment: before,
    });
    expect(await ledger.get("attempt-1")).not.toHaveProperty("appointmentId");
    const day = {
      clinicId: "main",
      at: "2026-11-23T18:00:00Z",
      from: "2026-11-27T00:00:00Z",
      to: "2026-11-28T00:00:00Z",
    };
    expect(await appointments.openSlots(day)).toEqual([sampleSlot()]);

    const preferences = { walkIn: true };
    const wish = await appointments.setPreferences("appointment-1", {
      version: "3",
      callId: "call-2",
      preferences,
    });
    expect(wish.appointment).toEqual({ ...before, version: "4", preferences });
    const hold = { clinicId: "main", callId: "call-2", at: day.at, until: "9998-01-01T00:00:00Z" };
    expect(await appointments.holdSlot("slot-1", hold)).toEqual({ ok: true, slot: sampleSlot() });
    expect(await appointments.openSlots(day)).toEqual([]);
    await ledger.reserve(sampleAttempt({ attemptId: "attempt-2", appointmentId: "appointment-1" }), []);
    expect((await ledger.get("attempt-2"))?.appointmentId).toBe("appointment-1");
    database.close();
    openClinicDatabase(path).close();
  });
});
