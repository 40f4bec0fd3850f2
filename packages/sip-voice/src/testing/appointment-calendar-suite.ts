import { expect } from "vitest";
import type { AppointmentCalendar, CalendarQuery } from "../appointments/calendar.ts";
import { ids } from "./appointment-steps.ts";
import { type ClinicSeed, clinicSeed } from "./clinic-seed.ts";
import {
  type ConformanceCases,
  type ConformanceFactory,
  type ConformanceOptions,
  registerCases,
} from "./conformance.ts";

/** Tuesday 24 November in California. */
const tuesday: CalendarQuery = {
  clinicId: "main",
  from: "2026-11-24T00:00:00-08:00",
  to: "2026-11-25T00:00:00-08:00",
};

const cases: ConformanceCases<AppointmentCalendar> = {
  "gives what begins between two instants, the earliest first": async (calendar) => {
    expect(ids(await calendar.startingBetween(tuesday))).toEqual(["sami", "nadia", "lee"]);
  },
  "counts what begins at `from`, and not what begins at `to`": async (calendar) => {
    const hour = { ...tuesday, from: "2026-11-24T18:00:00Z", to: "2026-11-24T19:00:00Z" };
    expect(ids(await calendar.startingBetween(hour))).toEqual(["nadia"]);
  },
  "leaves out cancelled ones unless they are asked for": async (calendar) => {
    const wednesday = { ...tuesday, from: "2026-11-25T00:00:00-08:00", to: "2026-11-26T00:00:00-08:00" };
    expect(await calendar.startingBetween(wednesday)).toEqual([]);
    expect(ids(await calendar.startingBetween({ ...wednesday, statuses: ["cancelled"] }))).toEqual([
      "cancelled",
    ]);
    expect(await calendar.startingBetween({ ...tuesday, statuses: ["confirmed"] })).toEqual([]);
    expect(await calendar.startingBetween({ ...tuesday, statuses: [] })).toEqual([]);
  },
  "keeps clinics apart": async (calendar) => {
    const month = { ...tuesday, to: "2026-12-01T00:00:00-08:00" };
    expect(ids(await calendar.startingBetween({ ...month, clinicId: "east" }))).toEqual(["east"]);
    expect(await calendar.startingBetween({ ...month, clinicId: "west" })).toEqual([]);
  },
  "gives pages that leave out and repeat nothing": async (calendar) => {
    const year = { ...tuesday, from: "2026-01-01T00:00:00Z", to: "2027-01-01T00:00:00Z" };
    const all = ids(await calendar.startingBetween(year));
    const wanted = clinicSeed().appointments.filter(
      ({ clinicId, status }) => clinicId === "main" && status !== "cancelled",
    );
    expect([...all].sort()).toEqual(ids(wanted).sort());
    const paged: string[] = [];
    for (let page = await calendar.startingBetween({ ...year, limit: 3 }); page.length > 0; ) {
      paged.push(...ids(page));
      const after = page.at(-1);
      page = await calendar.startingBetween({ ...year, limit: 3, ...(after ? { after } : {}) });
    }
    expect(paged).toEqual(all);
  },
  "gives an appointment with every field": async (calendar) => {
    const {
      version: _any,
      start,
      ...sami
    } = clinicSeed().appointments.find(({ id }) => id === "sami") ?? {
      start: "",
      version: "",
    };
    const [first] = await calendar.startingBetween(tuesday);
    expect(first).toMatchObject(sami);
    expect(Date.parse(first?.start ?? "")).toBe(Date.parse(start));
  },
};

/**
 * Registers the rules of the `AppointmentCalendar` port as vitest cases.
 *
 * @param name - the adapter, as the test report shows it
 * @param make - makes a calendar that holds the seed
 * @param options - cases to skip, with the reason
 * @example
 * ```ts
 * import { memoryAppointmentStore } from "@clinic/sip-voice";
 * import { testAppointmentCalendar } from "@clinic/sip-voice/testing";
 *
 * testAppointmentCalendar("my calendar", async (seed) => ({ port: memoryAppointmentStore(seed) }));
 * ```
 */
export function testAppointmentCalendar(
  name: string,
  make: ConformanceFactory<AppointmentCalendar, ClinicSeed>,
  options: ConformanceOptions = {},
): void {
  registerCases(`AppointmentCalendar: ${name}`, () => make(clinicSeed()), cases, options);
}
