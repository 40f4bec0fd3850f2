import { describe, expect, it } from "vitest";
import { memoryAppointmentStore } from "../appointments/memory-store.ts";
import { parsePhoneNumber } from "../phone/phone-number.ts";
import { sampleAppointment } from "../testing/index.ts";
import { appointmentContacts } from "./appointment-contacts.ts";

const patient = (id: string, last: number, more: object = {}) => ({
  id,
  name: "Nadia Haddad",
  phoneNumber: parsePhoneNumber(`+151055501${last}`),
  ...more,
});
const monday = Date.parse("2026-11-23T23:30:00-08:00");
const query = { clinicId: "main", timeZone: "America/Los_Angeles", now: monday };

describe("appointmentContacts", () => {
  it("gives tomorrow's unconfirmed, by the clinic's own midnight", async () => {
    const calendar = memoryAppointmentStore({
      appointments: [
        sampleAppointment({ id: "tonight", start: "2026-11-23T23:45:00-08:00", patient: patient("p", 10) }),
        sampleAppointment({ id: "first", start: "2026-11-24T00:00:00-08:00", patient: patient("p", 11) }),
        sampleAppointment({ id: "last", start: "2026-11-25T07:59:59Z", patient: patient("p", 12) }),
        sampleAppointment({ id: "after", start: "2026-11-25T00:00:00-08:00", patient: patient("p", 13) }),
        sampleAppointment({
          id: "sure",
          start: "2026-11-24T10:00:00-08:00",
          status: "confirmed",
          patient: patient("p", 14),
        }),
        sampleAppointment({
          id: "gone",
          start: "2026-11-24T10:00:00-08:00",
          status: "cancelled",
          patient: patient("p", 15),
        }),
        sampleAppointment({
          id: "elsewhere",
          clinicId: "east",
          start: "2026-11-24T10:00:00-08:00",
          patient: patient("p", 16),
        }),
      ],
    });
    const idsOf = async (more: object) =>
      (await appointmentContacts(calendar, { ...query, ...more })).map(({ id }) => id);
    expect(await idsOf({})).toEqual(["first", "last"]);
    expect(await idsOf({ daysAhead: 0 })).toEqual(["tonight"]);
    expect(await idsOf({ daysAhead: 0, now: monday + 20 * 60_000 })).toEqual([]);
    expect(await idsOf({ daysAhead: 2 })).toEqual(["after"]);
    expect(await idsOf({ statuses: ["confirmed"] })).toEqual(["sure"]);
  });

  it("finds tomorrow where a day has 23 or 25 hours", async () => {
    const calendar = memoryAppointmentStore({
      appointments: [
        sampleAppointment({ id: "sunday", start: "2026-11-01T23:30:00-08:00", patient: patient("p", 10) }),
        sampleAppointment({ id: "monday", start: "2026-11-02T00:30:00-08:00", patient: patient("p", 11) }),
      ],
    });
    const saturday = { ...query, now: Date.parse("2026-10-31T12:00:00-07:00") };
    expect((await appointmentContacts(calendar, saturday)).map(({ id }) => id)).toEqual(["sunday"]);
  });

  it("makes one contact of a family, about its earliest appointment, with what is known of it", async () => {
    const consent = { basis: "given-at-booking", recordedAt: "2026-10-01T09:00:00Z" } as const;
    const facts = { timeZone: "America/Denver", place: "US-CO", language: "ar" };
    const calendar = memoryAppointmentStore({
      appointments: [
        sampleAppointment({
          id: "late",
          start: "2026-11-24T15:00:00-08:00",
          patient: patient("a", 11, facts),
        }),
        sampleAppointment({ id: "early", start: "2026-11-24T09:00:00-08:00", patient: patient("b", 11) }),
      ],
    });
    expect(await appointmentContacts(calendar, { ...query, consent })).toEqual([
      {
        id: "early",
        phoneNumber: "+15105550111",
        appointments: [{ id: "early" }, { id: "late" }],
        consent,
        ...facts,
      },
    ]);
  });

  it("reads a day of more appointments than one page has", async () => {
    const appointments = Array.from({ length: 1_201 }, (_, index) =>
      sampleAppointment({
        id: `a-${index}`,
        start: "2026-11-24T10:00:00-08:00",
        patient: { id: "p", name: "P", phoneNumber: parsePhoneNumber(`+1510555${String(2000 + index)}`) },
      }),
    );
    expect(await appointmentContacts(memoryAppointmentStore({ appointments }), query)).toHaveLength(1_201);
  });

  it.each([
    [{ daysAhead: 1.5 }, "daysAhead"],
    [{ daysAhead: -1 }, "daysAhead"],
    [{ timeZone: "Mars/Olympus" }, "timeZone"],
  ])("refuses %o", async (wrong, field) => {
    const asked = appointmentContacts(memoryAppointmentStore(), { ...query, ...wrong });
    await expect(asked).rejects.toMatchObject({ code: "invalid-option", field });
  });
});
