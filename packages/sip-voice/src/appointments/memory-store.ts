import { type Clock, systemClock } from "../clock.ts";
import type { Appointment, Slot } from "./appointment.ts";
import { type AppointmentCalendar, notCancelled } from "./calendar.ts";
import type { CallBack } from "./call-back.ts";
import { parseInstant } from "./instant.ts";
import { parseLimit } from "./limit.ts";
import { preferencesChange } from "./preferences.ts";
import type {
  AppointmentConflict,
  AppointmentResult,
  AppointmentStore,
  AppointmentWrite,
  SlotHold,
} from "./store.ts";

/** What a {@link memoryAppointmentStore} begins with. */
export interface AppointmentSeed {
  /** The appointments. */
  readonly appointments?: readonly Appointment[];
  /** The slots, taken ones included. */
  readonly slots?: readonly Slot[];
}

/** Settings of {@link memoryAppointmentStore}. */
export interface MemoryStoreOptions {
  /** By which holds run out where a question names no instant; the machine's clock unless given. */
  readonly clock?: Clock;
}

const msOf = (text: string, field: string): number => parseInstant(text, "invalid-option", field).ms;

function earliestFirst(a: Pick<Slot, "id" | "start">, b: Pick<Slot, "id" | "start">): number {
  return Date.parse(a.start) - Date.parse(b.start) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
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
export function memoryAppointmentStore(
  seed: AppointmentSeed = {},
  { clock = systemClock }: MemoryStoreOptions = {},
): AppointmentStore & AppointmentCalendar {
  const appointments = new Map((seed.appointments ?? []).map((one) => [one.id, one]));
  const slots = new Map((seed.slots ?? []).map((one) => [one.id, one]));
  const holds = new Map<Slot["id"], SlotHold>();
  const callBacks = new Map<CallBack["callId"], CallBack>();
  const finished = new Set<CallBack["callId"]>();
  const done = new Set<string>();
  let writes = 0;

  const isTaken = (slotId: string): boolean =>
    [...appointments.values()].some((one) => one.slotId === slotId && one.status !== "cancelled");

  /** Whether a slot is there for a call: still to come, not taken, and not held by another call at that instant. */
  function isFree({ id, start }: Slot, callId: string | undefined, at: string | undefined): boolean {
    const hold = holds.get(id);
    const now = at === undefined ? clock.now() : msOf(at, "at");
    const isHeld = hold !== undefined && hold.callId !== callId && Date.parse(hold.until) > now;
    return Date.parse(start) > now && !isHeld && !isTaken(id);
  }

  function releaseHolds(callId: string): void {
    for (const [slotId, hold] of holds) if (hold.callId === callId) holds.delete(slotId);
  }

  function upcoming(clinicId: string, from: string, limit: number, isWanted: (one: Appointment) => boolean) {
    const earliest = msOf(from, "from");
    return [...appointments.values()]
      .filter((one) => one.clinicId === clinicId && isWanted(one))
      .filter((one) => one.status !== "cancelled" && Date.parse(one.start) >= earliest)
      .sort(earliestFirst)
      .slice(0, parseLimit(limit));
  }

  function conflict(kind: AppointmentConflict, appointment: Appointment | undefined): AppointmentResult {
    return { ok: false, conflict: kind, appointment };
  }

  function change(
    id: string,
    what: string,
    write: AppointmentWrite,
    next: (current: Appointment) => Omit<Appointment, "version"> | AppointmentConflict,
  ): AppointmentResult {
    const current = appointments.get(id);
    if (!current) return conflict("AppointmentNotFound", undefined);
    const doneKey = JSON.stringify([write.callId, id, what, write.version]);
    if (done.has(doneKey)) return { ok: true, appointment: current };
    if (current.status === "cancelled") return conflict("AppointmentCancelled", current);
    if (current.version !== write.version) return conflict("VersionConflict", current);
    const changed = next(current);
    if (typeof changed === "string") return conflict(changed, current);
    const appointment = { ...changed, version: `write-${++writes}` };
    appointments.set(id, appointment);
    done.add(doneKey);
    return { ok: true, appointment };
  }

  return {
    findUpcoming: async (phoneNumber, { clinicId, from, limit = 10 }) =>
      upcoming(clinicId, from, limit, ({ patient }) => patient.phoneNumber === phoneNumber),
    findByIdentity: async ({ clinicId, confirmationCode, dateOfBirth, from, limit = 10 }) =>
      upcoming(
        clinicId,
        from,
        limit,
        (one) => one.confirmationCode === confirmationCode && one.patient.dateOfBirth === dateOfBirth,
      ),
    get: async (id) => appointments.get(id),
    startingBetween: async ({ clinicId, from, to, statuses = notCancelled, after, limit = 100 }) =>
      [...appointments.values()]
        .filter((one) => one.clinicId === clinicId && statuses.includes(one.status))
        .filter(({ start }) => Date.parse(start) >= Date.parse(from) && Date.parse(start) < Date.parse(to))
        .filter((one) => after === undefined || earliestFirst(one, after) > 0)
        .sort(earliestFirst)
        .slice(0, limit),
    confirm: async (id, write) =>
      change(id, "confirm", write, (current) => ({ ...current, status: "confirmed" })),
    cancel: async (id, write) =>
      change(id, "cancel", write, (current) => ({ ...current, status: "cancelled" })),
    requestReschedule: async (id, write) =>
      change(id, "request-reschedule", write, (current) => ({ ...current, status: "reschedule-requested" })),
    reschedule: async (id, write) =>
      change(id, `reschedule ${write.slotId}`, write, (current) => {
        const slot = slots.get(write.slotId);
        if (!slot || slot.clinicId !== current.clinicId || !isFree(slot, write.callId, write.at)) {
          return "SlotTaken";
        }
        releaseHolds(write.callId);
        const { location: _left, ...kept } = current;
        const { id: slotId, ...place } = slot;
        return { ...kept, ...place, status: "booked", slotId };
      }),
    setPreferences: async (id, { preferences, ...write }) =>
      change(id, preferencesChange(preferences), write, (current) => ({
        ...current,
        preferences: { ...current.preferences, ...preferences },
      })),
    async openSlots({
      clinicId,
      from,
      to,
      provider,
      location,
      durationMinutes = 0,
      after,
      limit = 10,
      ...ask
    }) {
      const span = { from: msOf(from, "from"), to: msOf(to, "to") };
      return [...slots.values()]
        .filter((slot) => slot.clinicId === clinicId && slot.durationMinutes >= durationMinutes)
        .filter((slot) => provider === undefined || slot.provider === provider)
        .filter((slot) => location === undefined || slot.location === location)
        .filter(({ start }) => Date.parse(start) >= span.from && Date.parse(start) < span.to)
        .filter((slot) => after === undefined || earliestFirst(slot, after) > 0)
        .filter((slot) => isFree(slot, ask.callId, ask.at))
        .sort(earliestFirst)
        .slice(0, parseLimit(limit));
    },
    async holdSlot(slotId, hold) {
      msOf(hold.until, "until");
      const slot = slots.get(slotId);
      if (!slot || slot.clinicId !== hold.clinicId || !isFree(slot, hold.callId, hold.at)) {
        return { ok: false, conflict: "SlotTaken" };
      }
      releaseHolds(hold.callId);
      holds.set(slotId, hold);
      return { ok: true, slot };
    },
    async requestCallBack(callBack) {
      msOf(callBack.requestedAt, "requestedAt");
      if (!callBacks.has(callBack.callId)) callBacks.set(callBack.callId, callBack);
    },
    callBacks: async ({ clinicId, limit = 10 }) =>
      [...callBacks.values()]
        .filter((one) => one.clinicId === clinicId && !finished.has(one.callId))
        .sort((a, b) => Date.parse(a.requestedAt) - Date.parse(b.requestedAt))
        .slice(0, parseLimit(limit)),
    async finishCallBack(callId) {
      if (callBacks.has(callId)) finished.add(callId);
    },
  };
}
