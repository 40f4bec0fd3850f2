import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SipVoiceError } from "../errors.ts";
import { parsePhoneNumber } from "../phone/phone-number.ts";
import { sampleAppointment, sampleAttempt, sampleSlot } from "../testing/index.ts";
import { sqliteCallLog } from "./call-log.ts";
import { openClinicDatabase } from "./clinic-database.ts";
import { openDatabase, type SqliteDatabase } from "./database.ts";
import { sharedClinicDatabase } from "./shared-database.ts";

const number = parsePhoneNumber("+15105550111");
const from = "2026-11-23T10:00:00-08:00";
const saidOpener = [{ at: 1, event: { type: "opener-said" } }] as const;

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sip-voice-database-"));
  path = join(folder, "clinic.db");
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

async function errorOf(step: () => unknown): Promise<SipVoiceError> {
  try {
    await step();
  } catch (error) {
    if (SipVoiceError.is(error)) return error;
    throw error;
  }
  throw new Error("Nothing was thrown.");
}

describe("a clinic database", () => {
  it("has after it is opened again what it acknowledged", async () => {
    const first = openClinicDatabase(path);
    await first.addSlots([sampleSlot()]);
    await first.addAppointments([sampleAppointment()]);
    const write = { version: "1", callId: "call-1", slotId: "slot-1", at: from };
    const moved = await first.appointments.reschedule("appointment-1", write);
    const reservation = await first.ledger.reserve(sampleAttempt(), []);
    await first.preferences.optOut(number, from);
    await first.callLog.append("call-1", saidOpener);
    first.close();
    first.close();

    const second = openClinicDatabase(path);
    expect(await second.appointments.get("appointment-1")).toEqual(moved.appointment);
    expect(await second.appointments.reschedule("appointment-1", write)).toEqual(moved);
    expect(await second.ledger.get("attempt-1")).toEqual((reservation as { attempt: unknown }).attempt);
    expect((await second.preferences.get(number)).optedOutAt).toBe(from);
    expect((await second.callLog.read("call-1"))?.entries).toEqual(saidOpener);
    second.close();
  });

  it("can be read by its owner only, and flushes each commit to the disk", () => {
    const { connection, close } = openDatabase(path, 100);
    if (process.platform !== "win32") expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(connection.prepare("PRAGMA journal_mode").get()).toEqual({ journal_mode: "wal" });
    expect(connection.prepare("PRAGMA synchronous").get()).toEqual({ synchronous: 2 });
    expect(connection.prepare("PRAGMA foreign_keys").get()).toEqual({ foreign_keys: 1 });
    close();
  });

  it("takes one connection of a process for all who share it", () => {
    const shared = sharedClinicDatabase(path);
    expect(sharedClinicDatabase(join(folder, ".", "clinic.db"))).toBe(shared);
    expect(() => sharedClinicDatabase("")).toThrow(SipVoiceError);
  });

  it("may live in memory", async () => {
    const database = openClinicDatabase(":memory:");
    expect(await database.addSlots([sampleSlot()])).toBe(1);
    database.close();
  });
});

describe("adding appointments", () => {
  const bornOn = (dateOfBirth: string) => ({ ...sampleAppointment().patient, dateOfBirth });

  it("leaves alone what is there already", async () => {
    const { appointments, addSlots, addAppointments, close } = openClinicDatabase(path);
    const slots = [sampleSlot(), sampleSlot({ id: "slot-2" })];
    expect(await addSlots(slots)).toBe(2);
    expect(await addSlots(slots)).toBe(0);
    const booked = sampleAppointment({ slotId: "slot-1" });
    expect(await addAppointments([booked])).toBe(1);
    await appointments.confirm("appointment-1", { version: "1", callId: "call-1" });
    expect(await addAppointments([booked, sampleAppointment({ id: "appointment-2" })])).toBe(1);
    expect((await appointments.get("appointment-1"))?.status).toBe("confirmed");
    close();
  });

  it("refuses what breaks a rule, and names the field", async () => {
    const { addSlots, addAppointments, close } = openClinicDatabase(path);
    await addSlots([sampleSlot()]);
    await addAppointments([sampleAppointment({ slotId: "slot-1" })]);
    const wrong = [
      ["slotId", { id: "appointment-2", slotId: "slot-1" }],
      ["slotId", { id: "appointment-2", slotId: "slot-unknown" }],
      ["status", { id: "appointment-2", status: "lost" as "booked" }],
      ["start", { id: "appointment-2", start: "2026-11-24T10:00:00" }],
      ["start", { id: "appointment-2", start: "tomorrow" }],
      ["patient.dateOfBirth", { id: "appointment-2", patient: bornOn("3/7/1984") }],
      ["patient.dateOfBirth", { id: "appointment-2", patient: bornOn("1984-02-30") }],
      [undefined, { id: "appointment-2", provider: undefined as unknown as string }],
      [undefined, { id: "appointment-2", durationMinutes: Number.NaN }],
    ] as const;
    for (const [field, overrides] of wrong) {
      const error = await errorOf(() => addAppointments([sampleAppointment(overrides)]));
      expect([error.code, error.field]).toEqual(["invalid-appointment", field]);
    }
    expect((await errorOf(() => addSlots([sampleSlot({ id: "slot-2", start: "" })]))).field).toBe("start");
    close();
  });

  it("takes more than fits into one transaction", async () => {
    const { appointments, addAppointments, close } = openClinicDatabase(path);
    const many = Array.from({ length: 1_001 }, (_, index) =>
      sampleAppointment({ id: `appointment-${index}` }),
    );
    expect(await addAppointments(many)).toBe(1_001);
    const query = { clinicId: "main", from, limit: 2_000 };
    expect(await appointments.findUpcoming(number, query)).toHaveLength(1_001);
    close();
  });

  it("gives every slot one appointment, whatever a program does", async () => {
    const { addSlots, addAppointments, close } = openClinicDatabase(path);
    await addSlots([sampleSlot()]);
    await addAppointments([
      sampleAppointment({ slotId: "slot-1" }),
      sampleAppointment({ id: "appointment-2" }),
    ]);
    close();
    const raw = new DatabaseSync(path);
    const careless = raw.prepare("UPDATE appointments SET slot_id = 'slot-1' WHERE id = 'appointment-2'");
    expect(() => careless.run()).toThrow("UNIQUE");
    raw.close();
  });
});

describe("a question with a wrong argument", () => {
  it("is refused, and names the argument", async () => {
    const { appointments, callLog, close } = openClinicDatabase(path);
    const slots = { clinicId: "main", from, to: from };
    for (const [field, step] of [
      ["from", () => appointments.findUpcoming(number, { clinicId: "main", from: "today" })],
      ["from", () => appointments.findUpcoming(number, { clinicId: "main", from: "2026-02-30T10:00:00Z" })],
      ["to", () => appointments.openSlots({ ...slots, to: "2026-11-24" })],
      ["limit", () => appointments.openSlots({ ...slots, limit: -1 })],
      ["limit", () => callLog.recent(1.5)],
    ] as const) {
      const error = await errorOf(step);
      expect([error.code, error.field]).toEqual(["invalid-option", field]);
    }
    close();
  });
});

describe("a file that can't be used", () => {
  const unavailable = async (step: () => unknown, remedy: RegExp): Promise<void> => {
    const error = await errorOf(step);
    expect(error.code).toBe("store-unavailable");
    expect(error.remedy).toMatch(remedy);
  };

  it("is in a folder that there is not, or is a folder", async () => {
    await unavailable(() => openClinicDatabase(join(folder, "no", "clinic.db")), /Make its folder first/);
    await unavailable(() => openClinicDatabase(folder), /may write to/);
  });

  it("has no path", async () => {
    for (const none of ["", "file:clinic.db", undefined as unknown as string]) {
      expect((await errorOf(() => openClinicDatabase(none))).code).toBe("invalid-option");
    }
    expect((await errorOf(() => openClinicDatabase(path, { busyTimeoutMs: -1 }))).field).toBe(
      "busyTimeoutMs",
    );
  });

  it("is not a database", async () => {
    writeFileSync(path, "Dear clinic, this is a letter and not a database. ".repeat(100));
    await unavailable(() => openClinicDatabase(path), /another file/);
  });

  it("was made by a newer version", async () => {
    openClinicDatabase(path).close();
    const raw = new DatabaseSync(path);
    raw.exec("INSERT INTO schema_version (version) VALUES (1000)");
    raw.close();
    await unavailable(() => openClinicDatabase(path), /Upgrade @clinic\/sip-voice/);
  });

  it("is read-only", async () => {
    openClinicDatabase(path).close();
    chmodSync(path, 0o444);
    chmodSync(dirname(path), 0o555);
    // Nothing is read-only for root, so root becomes nobody for a moment.
    const isRoot = process.getuid?.() === 0;
    if (isRoot) process.seteuid?.(65_534);
    try {
      await unavailable(() => openClinicDatabase(path), /may write to/);
    } finally {
      if (isRoot) process.seteuid?.(0);
      chmodSync(dirname(path), 0o755);
    }
  });

  it("was closed", async () => {
    const { ledger, appointments, close } = openClinicDatabase(path);
    close();
    await unavailable(() => ledger.get("attempt-1"), /Close it after/);
    await unavailable(
      () => appointments.cancel("appointment-1", { version: "1", callId: "call-1" }),
      /Close it after/,
    );
  });

  it("needs a Node with node:sqlite", async () => {
    vi.spyOn(process, "getBuiltinModule").mockReturnValue(undefined as never);
    await unavailable(() => openClinicDatabase(path), /Node 22.18/);
  });
});

describe("a disk that fails in the middle", () => {
  let database: SqliteDatabase;

  beforeEach(() => {
    database = openDatabase(path, 100);
  });

  afterEach(() => database.close());

  it("is full: nothing is written by halves, and it goes on once there is space", async () => {
    const callLog = sqliteCallLog(database);
    await callLog.append("call-1", saidOpener);
    const pages = database.connection.prepare("PRAGMA page_count").get()?.page_count;
    database.connection.exec(`PRAGMA max_page_count = ${pages}`);
    const many = Array.from({ length: 5_000 }, () => saidOpener[0]);
    const error = await errorOf(() => callLog.append("call-1", many));
    expect(error).toMatchObject({ code: "store-unavailable", remedy: "Free space on the disk." });
    expect(error.cause).toBeInstanceOf(Error);
    expect((await callLog.read("call-1"))?.entries).toHaveLength(1);
    database.connection.exec("PRAGMA max_page_count = 1000000");
    await callLog.append("call-1", many);
    expect((await callLog.read("call-1"))?.entries).toHaveLength(5_001);
  });

  it("became read-only: reading goes on", async () => {
    const callLog = sqliteCallLog(database);
    await callLog.append("call-1", saidOpener);
    database.connection.exec("PRAGMA query_only = ON");
    const error = await errorOf(() => callLog.append("call-1", saidOpener));
    expect(error).toMatchObject({
      code: "store-unavailable",
      remedy: expect.stringContaining("write access"),
    });
    expect((await callLog.read("call-1"))?.entries).toHaveLength(1);
  });
});

describe("a file that another process has locked", () => {
  let holder: DatabaseSync;

  beforeEach(() => {
    openClinicDatabase(path).close();
    holder = new DatabaseSync(path);
    holder.exec("BEGIN IMMEDIATE");
  });

  afterEach(() => holder.close());

  it("is waited for without holding up the process, and in the order of the writes", async () => {
    const { callLog, close } = openClinicDatabase(path);
    const entries = [1, 2, 3, 4].map((at) => ({ at, event: saidOpener[0].event }));
    let turns = 0;
    const ticker = setInterval(() => turns++, 5);
    const appended = Promise.all(entries.map((entry) => callLog.append("call-1", [entry])));
    await new Promise((resolve) => setTimeout(resolve, 200));
    clearInterval(ticker);
    // 200 ms of SQLite waiting by itself would leave one turn or two, on a machine however busy.
    expect(turns).toBeGreaterThan(3);
    expect(await callLog.read("call-1")).toBeUndefined();
    holder.exec("ROLLBACK");
    await appended;
    expect((await callLog.read("call-1"))?.entries).toEqual(entries);
    close();
  });

  it("is given up after the busy timeout", async () => {
    const { callLog, close } = openClinicDatabase(path, { busyTimeoutMs: 60 });
    const start = performance.now();
    const errors = await Promise.all(
      [1, 2, 3].map(() => errorOf(() => callLog.append("call-1", saidOpener))),
    );
    expect(performance.now() - start).toBeLessThan(1_000);
    for (const { code, message } of errors) {
      expect(code).toBe("store-unavailable");
      expect(message).toContain("locked by another process");
    }
    holder.exec("ROLLBACK");
    await callLog.append("call-1", saidOpener);
    expect((await callLog.read("call-1"))?.entries).toHaveLength(1);
    close();
  });
});
