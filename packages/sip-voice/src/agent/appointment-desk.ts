import type { Appointment, Slot } from "../appointments/appointment.ts";
import type {
  AppointmentChange,
  AppointmentConflict,
  AppointmentResult,
  AppointmentStore,
} from "../appointments/store.ts";
import type { CallId } from "../call/identifiers.ts";
import type { Clock } from "../clock.ts";
import type { Logger } from "../log/logger.ts";
import type { PhoneNumber } from "../phone/phone-number.ts";
import { withinStoreDeadline } from "./store-deadline.ts";

/** What came of a change: kept, or why not. */
export type DeskResult =
  | { readonly ok: true; readonly appointment: Appointment }
  | {
      readonly ok: false;
      readonly reason: AppointmentConflict | "StoreUnavailable" | "SlotNotOffered" | "NoAppointment";
    };

/**
 * The one appointment that a call may see and change. Neither the model nor the caller names an id: the appointment is found
 * by the caller's number or by the brief, and a slot can be taken only if this call was offered it.
 */
export class AppointmentDesk {
  readonly #store: AppointmentStore;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #callId: CallId;
  readonly #offered = new Map<string, Slot>();
  #lastOffer: readonly Slot[] = [];
  #appointment: Appointment | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  /** Makes the desk of one call. */
  constructor(store: AppointmentStore, callId: CallId, clock: Clock, logger: Logger) {
    this.#store = store;
    this.#callId = callId;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** The appointment as this call last saw it. */
  get appointment(): Appointment | undefined {
    return this.#appointment;
  }

  /** The slots that were offered last; another list after each search. */
  get lastOffer(): readonly Slot[] {
    return this.#lastOffer;
  }

  /** Finds the next appointment of a number. A store that fails throws. */
  async findByPhone(phoneNumber: PhoneNumber, clinicId: string): Promise<Appointment | undefined> {
    const from = new Date(this.#clock.now()).toISOString();
    const [next] = await this.#inTime(this.#store.findUpcoming(phoneNumber, { clinicId, from, limit: 1 }));
    this.#appointment = next;
    return next;
  }

  /** Finds an appointment by its id. A store that fails throws. */
  async findById(appointmentId: string, clinicId: string): Promise<Appointment | undefined> {
    const found = await this.#inTime(this.#store.get(appointmentId));
    this.#appointment = found?.clinicId === clinicId && found.status !== "cancelled" ? found : undefined;
    return this.#appointment;
  }

  /** Takes an appointment as the dispatch told it. */
  take(appointment: Appointment): Appointment {
    this.#appointment = appointment;
    return appointment;
  }

  /** Free slots of the clinic between two instants, kept as offered. A store that fails throws. */
  async openSlots(from: string, to: string): Promise<readonly Slot[]> {
    const current = this.#appointment;
    if (!current) return [];
    const { clinicId, provider } = current;
    const slots = await this.#inTime(this.#store.openSlots({ clinicId, provider, from, to, limit: 12 }));
    for (const slot of slots) this.#offered.set(slot.id, slot);
    this.#lastOffer = slots;
    return slots;
  }

  /** Makes a change, one after the other. */
  change(change: AppointmentChange, slotId?: string): Promise<DeskResult> {
    const result = this.#queue.then(() => this.#change(change, slotId));
    this.#queue = result;
    return result;
  }

  async #change(change: AppointmentChange, slotId: string | undefined): Promise<DeskResult> {
    const current = this.#appointment;
    if (!current) return { ok: false, reason: "NoAppointment" };
    if (change === "reschedule" && (slotId === undefined || !this.#offered.has(slotId))) {
      return { ok: false, reason: "SlotNotOffered" };
    }
    try {
      const result = await this.#inTime(this.#write(change, current, slotId));
      if (result.appointment) this.#appointment = result.appointment;
      return result.ok ? result : { ok: false, reason: result.conflict };
    } catch (error) {
      this.#logger.error({ error, callId: this.#callId, change }, "the appointment store failed");
      return { ok: false, reason: "StoreUnavailable" };
    }
  }

  #write(
    change: AppointmentChange,
    { id, version }: Appointment,
    slotId: string | undefined,
  ): Promise<AppointmentResult> {
    const write = { version, callId: this.#callId };
    switch (change) {
      case "confirm":
        return this.#store.confirm(id, write);
      case "cancel":
        return this.#store.cancel(id, write);
      case "request-reschedule":
        return this.#store.requestReschedule(id, write);
      case "reschedule":
        return this.#store.reschedule(id, { ...write, slotId: slotId ?? "" });
    }
  }

  #inTime<Answer>(answer: Promise<Answer>): Promise<Answer> {
    return withinStoreDeadline(this.#clock, answer);
  }
}
