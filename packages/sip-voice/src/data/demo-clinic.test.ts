import { describe, expect, it } from "vitest";
import { tryPhoneNumber } from "../phone/phone-number.ts";
import { openClinicDatabase } from "../sqlite/clinic-database.ts";
import { demoClinic } from "./demo-clinic.ts";

const from = "2026-11-30T08:00:00-08:00";

describe("demoClinic", () => {
  it("is the same each time, and another one with another seed", () => {
    const options = { appointments: 200, freeSlots: 50, from };
    const { slots, appointments } = demoClinic(options);
    const first = [...appointments()];
    expect([...appointments()]).toEqual(first);
    expect([...demoClinic(options).appointments()]).toEqual(first);
    expect([...demoClinic({ ...options, seed: 2 }).appointments()]).not.toEqual(first);
    expect([first.length, [...slots()].length]).toEqual([200, 250]);
  });

  it("has numbers that are nobody's, families, and free slots in between", async () => {
    const { slots, appointments } = demoClinic({ appointments: 2_000, freeSlots: 500, from });
    const numbers = [...appointments()].map(({ patient }) => patient.phoneNumber);
    for (const number of numbers) {
      expect(number).toMatch(/^\+1\d{3}55501\d\d$/);
      expect(tryPhoneNumber(number)).toBe(number);
    }
    expect(new Set(numbers).size).toBeLessThan(numbers.length);
    const store = openClinicDatabase(":memory:");
    expect(await store.addSlots(slots())).toBe(2_500);
    expect(await store.addAppointments(appointments())).toBe(2_000);
    const week = { clinicId: "demo", from, to: "2026-12-07T08:00:00-08:00", at: from, limit: 1_000 };
    const free = await store.appointments.openSlots(week);
    expect(free.length).toBeGreaterThan(100);
    expect(Math.min(...free.map(({ start }) => Date.parse(start)))).toBeGreaterThanOrEqual(Date.parse(from));
  });

  it("refuses what is no number of rows", () => {
    for (const [field, wrong] of [
      ["appointments", { appointments: -1 }],
      ["freeSlots", { freeSlots: 0.5 }],
      ["from", { from: "today" }],
    ] as const) {
      const make = () => demoClinic({ appointments: 1, from, ...wrong });
      expect(make).toThrow(expect.objectContaining({ code: "invalid-option", field }));
    }
  });
});
