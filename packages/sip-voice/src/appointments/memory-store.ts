import type { Appointment, Slot } from "./appointment.ts";
import type { AppointmentConflict, AppointmentResult, AppointmentStore, AppointmentWrite } from "./store.ts";

/** What a {@link memoryAppointmentStore} begins with. */
export interface AppointmentSeed {
  /** The appointments. */
  readonly appointments?: readonly Appointment[];
  /** The slots, taken ones included. */
  readonly slots?: readonly Slot[];
}

/**
 * Appointments in memory, for tests and for trying things out. Nothing survives the process.
 *
 * @example
 * ```ts
 * import { memoryAppointmentStore } from "@clinic/sip-voice";
 *
 * const store = memoryAppointmentStore({ appointments: [], slots: [] });
 * console.log(await store.get("a-1")); // undefined
 * ```
 */
export function memoryAppointmentStore(seed: AppointmentSeed = {}): AppointmentStore {
  const appointments = new Map((seed.appointments ?? []).map((one) => [one.id, one]));
  const slots = new Map((seed.slots ?? []).map((one) => [one.id, one]));
  const done = new Set<string>();
  let writes = 0;

  const isTaken = (slotId: string): boolean =>
    [...appointments.values()].some((one) => one.slotId === slotId && one.status !== "cancelled");

  function conflict(kind: AppointmentConflict, appointment: Appointment | undefined): AppointmentResult {
    return { ok: false, conflict: kind, appointment };
  }

  function change(
    id: string,
    what: string,
    write: AppointmentWrite,
    next: (current: Appointment) => Partial<Appointment> | AppointmentConflict,
  ): AppointmentResult {
    const current = appointments.get(id);
    if (!current) return conflict("AppointmentNotFound", undefined);
    const doneKey = JSON.stringify([write.callId, id, what, write.version]);
    if (done.has(doneKey)) return { ok: true, appointment: current };
    if (current.status === "cancelled") return conflict("AppointmentCancelled", current);
    if (current.version !== write.version) return conflict("VersionConflict", current);
    const changed = next(current);
    if (typeof changed === "string") return conflict(changed, current);
    const appointment = { ...current, ...changed, version: `write-${++writes}` };
    appointments.set(id, appointment);
    done.add(doneKey);
    return { ok: true, appointment };
  }

  return {
    async findUpcoming(phoneNumber, { clinicId, from, limit = 10 }) {
      return [...appointments.values()]
        .filter((one) => one.patient.phoneNumber === phoneNumber && one.clinicId === clinicId)
        .filter((one) => one.status !== "cancelled" && Date.parse(one.start) >= Date.parse(from))
        .sort((a, b) => Date.parse(a.start) - Date.parse(b.start))
        .slice(0, limit);
    },
    get: async (id) => appointments.get(id),
    confirm: async (id, write) => change(id, "confirm", write, () => ({ status: "confirmed" })),
    cancel: async (id, write) => change(id, "cancel", write, () => ({ status: "cancelled" })),
    requestReschedule: async (id, write) =>
      change(id, "request-reschedule", write, () => ({ status: "reschedule-requested" })),
    reschedule: async (id, write) =>
      change(id, `reschedule ${write.slotId}`, write, (current) => {
        const slot = slots.get(write.slotId);
        if (!slot || slot.clinicId !== current.clinicId || isTaken(slot.id)) return "SlotTaken";
        const { provider, start, timeZone, durationMinutes } = slot;
        return { status: "booked", slotId: slot.id, provider, start, timeZone, durationMinutes };
      }),
    async openSlots({ clinicId, from, to, provider, limit = 10 }) {
      return [...slots.values()]
        .filter(
          (slot) => slot.clinicId === clinicId && (provider === undefined || slot.provider === provider),
        )
        .filter(
          (slot) => Date.parse(slot.start) >= Date.parse(from) && Date.parse(slot.start) < Date.parse(to),
        )
        .filter((slot) => !isTaken(slot.id))
        .sort((a, b) => Date.parse(a.start) - Date.parse(b.start))
        .slice(0, limit);
    },
  };
}
