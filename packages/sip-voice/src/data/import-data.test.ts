import { describe, expect, it } from "vitest";
import { openClinicDatabase } from "../sqlite/clinic-database.ts";
import { hostileTexts } from "../testing/clinic-seed.ts";
import { sampleAppointment, sampleSlot } from "../testing/sample-appointment.ts";
import type { RejectedDataRow } from "./data-fault.ts";
import { appointmentsCsv, slotsCsv } from "./export-data.ts";
import { type ImportOptions, type ImportProgress, importAppointments, importSlots } from "./import-data.ts";
import { rejectedRowCsv, rejectsHeaderCsv } from "./rejects.ts";

const header = "id,patientId,patientName,phoneNumber,provider,start,durationMinutes";
const riverside = { clinicId: "main", timeZone: "America/Los_Angeles", defaultCountry: "US" } as const;

async function allOf<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

async function textOf(pieces: AsyncIterable<string>): Promise<string> {
  return (await allOf(pieces)).join("");
}

/** Imports lines into a new store; gives all that is in it, and all that was told. */
async function imported(lines: readonly string[], options: ImportOptions = riverside) {
  const store = openClinicDatabase(":memory:");
  const rejects: RejectedDataRow[] = [];
  const progress: ImportProgress[] = [];
  const result = await importAppointments(lines.join("\n"), store, {
    onReject: (reject) => void rejects.push(reject),
    onProgress: (one) => void progress.push(one),
    ...options,
  });
  return { store, rejects, progress, result, all: await allOf(store.listAppointments("main")) };
}

describe("importAppointments", () => {
  it("reads a row with every column, and one with the least", async () => {
    const full =
      "id,clinicId,patientId,patientName,phoneNumber,provider,start,timeZone,durationMinutes,status,location,confirmationCode,dateOfBirth,place,language,patientTimeZone,walkIn,reminderChannel,reminderHoursBefore,note";
    const { all, result } = await imported([
      full,
      "a-1,main,p-1,سامي حداد,+15105550111,Dr. Lane,2026-11-24T10:00:00-08:00,America/Los_Angeles,30,confirmed,North,481516,1984-03-07,US-CO,ar,America/Denver,yes,sms,24,whatever",
      "a-2,main,p-2,Lee,+15105550112,Dr. Lane,2026-11-24T18:00Z,America/Los_Angeles,20",
    ]);
    expect(result).toEqual({ line: 3, added: 2, known: 0, rejected: 0, isComplete: true });
    const patient = {
      id: "p-1",
      name: "سامي حداد",
      phoneNumber: "+15105550111",
      dateOfBirth: "1984-03-07",
      place: "US-CO",
      language: "ar",
      timeZone: "America/Denver",
    };
    const preferences = { walkIn: true, reminder: { channel: "sms", hoursBefore: 24 } };
    expect(all).toEqual([
      sampleAppointment({
        id: "a-1",
        patient: patient as never,
        status: "confirmed",
        location: "North",
        confirmationCode: "481516",
        preferences: preferences as never,
      }),
      sampleAppointment({
        id: "a-2",
        patient: { id: "p-2", name: "Lee", phoneNumber: "+15105550112" as never },
        start: "2026-11-24T18:00:00Z",
        durationMinutes: 20,
      }),
    ]);
  });

  it("reads numbers in every local spelling, and a spreadsheet's columns and separators", async () => {
    const spellings = [
      "(510) 555-0111",
      "510.555.0111",
      "510 555 0111",
      "1-510-555-0111",
      "+1 (510) 555-0111",
      "5105550111",
      "'+15105550111",
    ];
    const rows = spellings.map((spelling, index) => `a-${index};p;Lee;${spelling};Dr. Lane;2026-11-24 10:00`);
    const names = ["﻿ID;Patient_ID;Patient Name;Mobile no.;PROVIDER;Start", ...rows];
    const { all, rejects } = await imported(names, {
      ...riverside,
      durationMinutes: 30,
      columns: { phoneNumber: "Mobile no." },
    });
    expect(rejects).toEqual([]);
    expect(all.map(({ patient }) => patient.phoneNumber)).toEqual(spellings.map(() => "+15105550111"));
  });

  it("reads the clinic's clock, and guesses no hour that comes twice or not at all", async () => {
    const at = (start: string, index: number): string => `a-${index},p,Lee,+15105550111,Dr. Lane,${start},30`;
    const { all, rejects } = await imported([
      header,
      ...[
        "2026-11-24 10:00",
        "2026-07-01T10:00:00",
        "2027-03-14 02:30",
        "2027-11-07 01:30",
        "2027-11-07T01:30-08:00",
      ].map(at),
    ]);
    expect(all.map(({ start }) => start)).toEqual([
      "2026-11-24T10:00:00-08:00",
      "2026-07-01T10:00:00-07:00",
      "2027-11-07T01:30:00-08:00",
    ]);
    expect(rejects.map(({ line, faults }) => [line, faults[0]?.code])).toEqual([
      [4, "skipped-hour"],
      [5, "repeated-hour"],
    ]);
    expect(
      (await imported([header, at("2026-11-24 10:00", 1)], { clinicId: "main" })).rejects[0]?.faults.map(
        ({ code, column }) => [code, column],
      ),
    ).toEqual([
      ["not-an-instant", "start"],
      ["missing", "timeZone"],
    ]);
  });

  it("rejects a row with everything that is wrong with it, and nothing of what it says", async () => {
    const good = "a-9,p-9,Lee,+15105550112,Dr. Lane,2026-11-24T10:00:00-08:00,30";
    const names = `${header},status,dateOfBirth,patientTimeZone,walkIn,reminderHoursBefore`;
    const { rejects, all, result } = await imported(
      [
        names,
        ",p,Lee,5.10556E+11,,tomorrow,soon,lost,7.3.1984,Mars/Phobos,maybe,-1",
        'a-2,p,"Lee,+15105550111,Dr. Lane,2026-11-24T10:00:00-08:00,30',
        `${good},booked,,,,,,,one too many`,
        `a-4,p,${"x".repeat(501)},911,Dr. Lane,2026-11-01T10:00:00-08:00,30`,
        good,
      ],
      { ...riverside, notBefore: "2026-11-23T00:00:00Z" },
    );
    expect(
      rejects.map(({ line, faults }) => [line, faults.map(({ code, column }) => `${column} ${code}`)]),
    ).toEqual([
      [
        2,
        [
          "id missing",
          "provider missing",
          "start not-an-instant",
          "durationMinutes not-minutes",
          "phoneNumber scientific-notation",
          "patientTimeZone not-a-time-zone",
          "dateOfBirth not-a-date",
          "status not-a-word",
          "walkIn not-a-word",
          "reminderHoursBefore not-hours",
        ],
      ],
      [3, ["row quotes"]],
      [4, ["row field-count"]],
      [5, ["start past", "patientName too-long", "phoneNumber not-a-number"]],
    ]);
    const told = JSON.stringify(rejects.map(({ faults }) => faults));
    for (const value of ["tomorrow", "soon", "lost", "1984", "Phobos", "maybe", "911", "Lee"])
      expect(told).not.toContain(value);
    expect(all.map(({ id }) => id)).toEqual(["a-9"]);
    expect(result).toMatchObject({ added: 1, rejected: 4, line: 6 });
  });

  it("rejects what the store refuses, row by row, and keeps the others", async () => {
    const store = openClinicDatabase(":memory:");
    await store.addSlots([sampleSlot()]);
    const slots = ["slot-1", "slot-1", "slot-unknown", ""];
    const rows = slots.map(
      (slotId, index) => `a-${index},p,Lee,+15105550111,Dr. Lane,2026-11-24T10:00:00-08:00,30,${slotId}`,
    );
    const rejects: RejectedDataRow[] = [];
    const onReject = (reject: RejectedDataRow) => void rejects.push(reject);
    const result = await importAppointments([`${header},slotId`, ...rows].join("\n"), store, {
      ...riverside,
      onReject,
    });
    expect(result).toMatchObject({ added: 2, known: 0, rejected: 2 });
    expect(rejects.map(({ line, faults }) => [line, faults[0]?.code, faults[0]?.column])).toEqual([
      [3, "refused", "slotId"],
      [4, "refused", "slotId"],
    ]);
  });

  it("goes on where it was ended, and does nothing twice", async () => {
    const rows = Array.from(
      { length: 1_600 },
      (_, index) =>
        `a-${index},p,Lee,+15105550111,Dr. Lane,2026-11-24T10:00:00-08:00,${index === 700 ? "x" : 30}`,
    );
    const file = [header, ...rows].join("\n");
    const store = openClinicDatabase(":memory:");
    const stop = new AbortController();
    const progress: ImportProgress[] = [];
    const onProgress = (one: ImportProgress): void => {
      progress.push(one);
      if (progress.length === 2) stop.abort();
    };
    const first = await importAppointments(file, store, { ...riverside, onProgress, signal: stop.signal });
    expect(first).toEqual({ line: 1_001, added: 999, known: 0, rejected: 1, isComplete: false });
    expect(progress.map(({ line }) => line)).toEqual([501, 1_001]);
    const rejects: number[] = [];
    const rest = await importAppointments(file, store, {
      ...riverside,
      afterLine: first.line,
      onReject: ({ line }) => void rejects.push(line),
    });
    expect(rest).toEqual({ line: 1_601, added: 600, known: 0, rejected: 0, isComplete: true });
    // As after a crash, of which nobody kept the line.
    expect(await importAppointments(file, store, riverside)).toMatchObject({
      added: 0,
      known: 1_599,
      rejected: 1,
    });
    await store.appointments.confirm("a-7", { version: "1", callId: "call-1" });
    await importAppointments(file, store, riverside);
    expect((await store.appointments.get("a-7"))?.status).toBe("confirmed");
  });

  it("says what keeps a whole file from being read, and repeats nothing of it", async () => {
    for (const [text, message] of [
      ["", "is empty"],
      ["a-1,p-1,Lee,+15105550111,Dr. Lane,2026-11-24T10:00:00-08:00,30", "lacks id, provider, start"],
      [`${header},Phone_Number\n`, "two columns phoneNumber"],
    ] as const) {
      const error = await imported([text]).catch((thrown: unknown) => thrown as Error);
      expect(error).toMatchObject({ code: "invalid-option", message: expect.stringContaining(message) });
      expect(String(error)).not.toContain("5550111,");
    }
  });

  it("lets a store that fails fail the import", async () => {
    const { store } = await imported([header]);
    store.close();
    const again = importAppointments(
      `${header}\na-1,p,Lee,+15105550111,Dr. Lane,2026-11-24T10:00:00-08:00,30`,
      store,
      riverside,
    );
    await expect(again).rejects.toMatchObject({ code: "store-unavailable" });
  });
});

describe("importSlots", () => {
  it("needs no patient", async () => {
    const store = openClinicDatabase(":memory:");
    const text =
      "id,provider,start,location\nslot-1,Dr. Lane,2026-11-27 09:00,\nslot-2,Dr. Lane,2026-11-27 09:30,North\n";
    expect(await importSlots(text, store, { ...riverside, durationMinutes: 30 })).toMatchObject({
      added: 2,
      rejected: 0,
    });
    expect(await allOf(store.listSlots("main"))).toEqual([
      sampleSlot(),
      sampleSlot({ id: "slot-2", start: "2026-11-27T09:30:00-08:00", location: "North" }),
    ]);
  });
});

describe("an export", () => {
  const odd = [
    ...hostileTexts,
    "+1",
    "-2",
    "@SUM(1)",
    "'=1",
    "''",
    "a;b\nc",
    'say "hi"',
    "Zoë\u200d\u05d0",
    "\tx",
  ];

  it("comes back as it was, whatever is in it", async () => {
    const store = openClinicDatabase(":memory:");
    const slots = odd.map((provider, index) =>
      sampleSlot({ id: `slot-${index}`, provider, location: provider }),
    );
    await store.addSlots(slots);
    await store.addAppointments(
      odd.map((name, index) =>
        sampleAppointment({
          id: `a-${index}`,
          patient: { ...sampleAppointment().patient, name, language: "ar" },
          provider: name,
          ...(index % 2
            ? { slotId: `slot-${index}`, status: "confirmed" as const }
            : { preferences: { walkIn: false } }),
        }),
      ),
    );
    const copy = openClinicDatabase(":memory:");
    const fail = ({ faults }: RejectedDataRow): never => {
      throw new Error(JSON.stringify(faults));
    };
    await importSlots(await textOf(slotsCsv(store.listSlots("main"))), copy, { onReject: fail });
    await importAppointments(await textOf(appointmentsCsv(store.listAppointments("main"))), copy, {
      onReject: fail,
    });
    expect(await allOf(copy.listSlots("main"))).toEqual(await allOf(store.listSlots("main")));
    const all = await allOf(copy.listAppointments("main"));
    expect(all).toEqual(await allOf(store.listAppointments("main")));
    expect(all).toHaveLength(odd.length);
  });

  it("gives a spreadsheet nothing to run, nor do its rejects", async () => {
    const appointments = odd.map((name) =>
      sampleAppointment({ patient: { ...sampleAppointment().patient, name } }),
    );
    const text = await textOf(appointmentsCsv(appointments));
    const rejects =
      rejectsHeaderCsv(["id"]) +
      odd.map((name) => rejectedRowCsv({ line: 2, faults: [], fields: [name] })).join("");
    for (const field of `${text}${rejects}`.split(/,(?=")|\r\n/)) expect(field).not.toMatch(/^"[=+\-@\t\r]/);
    expect(text).toContain(`"'=HYPERLINK(""http://127.0.0.1/?""&A1)"`);
  });
});
