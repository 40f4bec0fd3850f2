import { expect } from "vitest";
import type { Appointment } from "../appointments/appointment.ts";
import type { AppointmentResult, AppointmentStore, AppointmentWrite } from "../appointments/store.ts";

/** A day before the first upcoming appointment of the cases. */
export const from = "2026-11-23T10:00:00-08:00";
/** The same instant, at which the cases ask: they hold whatever the machine's clock says. */
export const at = "2026-11-23T18:00:00Z";
/** The day with free slots. */
export const friday = {
  clinicId: "main",
  at,
  from: "2026-11-27T00:00:00-08:00",
  to: "2026-11-28T00:00:00-08:00",
};

/** The ids of what was found. */
export const ids = (found: readonly { readonly id: string }[]): string[] => found.map(({ id }) => id);

/** The appointment, which the seed has. */
export async function read(store: AppointmentStore, id: string): Promise<Appointment> {
  const found = await store.get(id);
  if (!found) throw new Error(`The store was not seeded with the appointment ${id}.`);
  return found;
}

/** The write of a call that has just read the appointment; `at` is for moves. */
export async function fresh(
  store: AppointmentStore,
  id: string,
  callId = "call-1",
): Promise<AppointmentWrite & { readonly at: string }> {
  return { version: (await read(store, id)).version, callId, at };
}

/** Expects a change to be kept, and gives the appointment. */
export function kept(result: AppointmentResult): Appointment {
  expect(result).toMatchObject({ ok: true });
  return result.appointment as Appointment;
}

/** Expects a change to be refused, and gives the conflict. */
export function refused(result: AppointmentResult): string {
  expect(result).toMatchObject({ ok: false });
  return result.ok ? "" : result.conflict;
}
