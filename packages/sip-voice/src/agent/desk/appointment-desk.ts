import type { Appointment, Patient, Slot } from "../../appointments/appointment.ts";
import type { AppointmentPreferences } from "../../appointments/preferences.ts";
import type {
  AppointmentChange,
  AppointmentConflict,
  AppointmentResult,
  AppointmentStore,
  SlotQuery,
} from "../../appointments/store.ts";
import type { CallId } from "../../call/identifiers.ts";
import type { Clock } from "../../clock.ts";
import type { Logger } from "../../log/logger.ts";
import type { PhoneNumber } from "../../phone/phone-number.ts";
import { withinStoreDeadline } from "./store-deadline.ts";

/** Why a change was not made. */
export type DeskRefusal =
  | AppointmentConflict
  | "StoreUnavailable"
  | "SlotNotOffered"
  | "NoAppointment"
  | "IdentityNeeded";

/** What came of a change: kept, or why not. */
export type DeskResult =
  | { readonly ok: true; readonly appointment: Appointment }
  | { readonly ok: false; readonly reason: DeskRefusal };

/** What came of holding a slot. */
export type DeskHold =
  | { readonly ok: true; readonly slot: Slot }
  | { readonly ok: false; readonly reason: DeskRefusal };

/** Which slots to look for, besides what the call's appointment already says. */
export type DeskSlotQuery = Pick<SlotQuery, "from" | "to" | "after" | "limit"> & {
  /** Those of every provider of the clinic, not only of the appointment's. */
  readonly anyProvider?: boolean;
};

/** Most appointments of one number that are looked at. */
const mostFound = 20;
/** How long a slot is kept while it is read back and answered. */
const holdMs = 120_000;
/** Always the same list, since whoever shows offers looks whether it is another one. */
const nothingOffered: readonly Slot[] = [];

/**
 * The appointments that a call may be about, and the one that it may see and change. Neither the model nor the caller names
 * an id: appointments are found by the caller's number or by the brief, and a slot can be taken only if this call was offered it.
 * Nothing is given and nothing is changed until {@link guard} allows it, whoever asks.
 */
export class AppointmentDesk {
  readonly #store: AppointmentStore;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #callId: CallId;
  readonly #offered = new Map<string, Slot>();
  #lastOffer: readonly Slot[] = nothingOffered;
  #found: readonly Appointment[] = [];
  #chosen: string | undefined;
  #ahead: { readonly appointmentId: string; readonly found: Promise<Appointment | undefined> } | undefined;
  #mayTell: () => boolean = () => false;
  #queue: Promise<unknown> = Promise.resolve();

  /** Makes the desk of one call. */
  constructor(store: AppointmentStore, callId: CallId, clock: Clock, logger: Logger) {
    this.#store = store;
    this.#callId = callId;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** Has the desk ask, each time, whether the other party is known to be the patient. Until then nobody is. */
  guard(mayTell: () => boolean): void {
    this.#mayTell = mayTell;
  }

  /** The call's appointment as this call last saw it; `undefined` also while the other party is not known to be the patient. */
  get appointment(): Appointment | undefined {
    return this.#mayTell() ? this.#found.find(({ id }) => id === this.#chosen) : undefined;
  }

  /** All appointments of the call's patient that this call may see, the earliest first. */
  get appointmentsOfPatient(): readonly Appointment[] {
    const patient = this.appointment?.patient.id;
    return patient === undefined ? [] : this.#found.filter((one) => one.patient.id === patient);
  }

  /** The slots that were offered last; another list after each search. */
  get lastOffer(): readonly Slot[] {
    return this.#mayTell() ? this.#lastOffer : nothingOffered;
  }

  /** Everybody whom the call may be about. For the identity check alone: never for the model or the caller. */
  get patients(): readonly Patient[] {
    return [...new Map(this.#found.map(({ patient }) => [patient.id, patient])).values()];
  }

  /** Finds the appointments of a number; those of one patient alone become the call's. A store that fails throws. */
  async findByPhone(phoneNumber: PhoneNumber, clinicId: string): Promise<readonly Appointment[]> {
    const query = { clinicId, from: this.#now(), limit: mostFound };
    return this.#take(await this.#inTime(this.#store.findUpcoming(phoneNumber, query)));
  }

  /** Finds the appointments of a caller without a number. A store that fails throws. */
  async findByIdentity(
    clinicId: string,
    confirmationCode: string,
    dateOfBirth: string,
  ): Promise<readonly Appointment[]> {
    const query = { clinicId, confirmationCode, dateOfBirth, from: this.#now(), limit: mostFound };
    return this.#take(await this.#inTime(this.#store.findByIdentity(query)));
  }

  /** Asks the store for an appointment before the call does: {@link findById} then takes this answer, once. */
  lookAhead(appointmentId: string): void {
    const found = this.#inTime(this.#store.get(appointmentId));
    // Whoever asks for it hears of a store that failed.
    found.catch(() => {});
    this.#ahead = { appointmentId, found };
  }

  /** Finds an appointment by its id. A store that fails throws. */
  async findById(appointmentId: string, clinicId: string): Promise<Appointment | undefined> {
    const ahead = this.#ahead?.appointmentId === appointmentId ? this.#ahead.found : undefined;
    this.#ahead = undefined;
    const found = await (ahead ?? this.#inTime(this.#store.get(appointmentId)));
    const fits = found?.clinicId === clinicId && found.status !== "cancelled";
    return this.#take(fits ? [found] : [])[0];
  }

  /** Takes an appointment as the dispatch told it. */
  take(appointment: Appointment): Appointment {
    this.#take([appointment]);
    return appointment;
  }

  /** Makes a patient's next appointment, or the one with this id, the call's; gives its id if this call has found it. */
  choose(patientId: string, appointmentId?: string): string | undefined {
    const chosen = this.#found.find(
      ({ id, patient }) => patient.id === patientId && (appointmentId === undefined || id === appointmentId),
    );
    this.#chosen = chosen?.id;
    return this.#chosen;
  }

  /** The patient of an appointment that this call has found. For the identity check alone. */
  patientOf(appointmentId: string): Patient | undefined {
    return this.#found.find(({ id }) => id === appointmentId)?.patient;
  }

  /** Free slots of the clinic, kept as offered. A store that fails throws. */
  async openSlots(query: DeskSlotQuery): Promise<readonly Slot[]> {
    const current = this.appointment;
    if (!current) return [];
    const { anyProvider, limit = 12, ...span } = query;
    const slots = await this.#inTime(
      this.#store.openSlots({
        ...span,
        limit,
        clinicId: current.clinicId,
        ...(anyProvider ? {} : { provider: current.provider }),
        callId: this.#callId,
        at: this.#now(),
      }),
    );
    for (const slot of slots) this.#offered.set(slot.id, slot);
    this.#lastOffer = slots;
    return slots;
  }

  /** Of the slots that were found only these are offered. */
  narrowOffer(slots: readonly Slot[]): void {
    this.#lastOffer = slots.filter(({ id }) => this.#offered.has(id));
  }

  /** Keeps an offered slot for this call while it is read back to the patient. */
  async hold(slotId: string): Promise<DeskHold> {
    const current = this.appointment;
    if (!current) return this.#refused();
    if (!this.#offered.has(slotId)) return { ok: false, reason: "SlotNotOffered" };
    const until = new Date(this.#clock.now() + holdMs).toISOString();
    const hold = { clinicId: current.clinicId, callId: this.#callId, at: this.#now(), until };
    try {
      const held = await this.#inTime(this.#store.holdSlot(slotId, hold));
      return held.ok ? held : { ok: false, reason: held.conflict };
    } catch (error) {
      return this.#unavailable(error, "hold");
    }
  }

  /** Makes a change, one after the other. */
  change(change: AppointmentChange, slotId?: string): Promise<DeskResult> {
    return this.#inTurn(change, (current) => {
      const write = { version: current.version, callId: this.#callId };
      switch (change) {
        case "confirm":
          return this.#store.confirm(current.id, write);
        case "cancel":
          return this.#store.cancel(current.id, write);
        case "request-reschedule":
          return this.#store.requestReschedule(current.id, write);
        case "reschedule":
          if (slotId === undefined || !this.#offered.has(slotId)) return "SlotNotOffered";
          return this.#store.reschedule(current.id, { ...write, slotId, at: this.#now() });
      }
    });
  }

  /** Keeps what the patient wishes, after the changes that were asked for before. */
  setPreferences(preferences: AppointmentPreferences): Promise<DeskResult> {
    return this.#inTurn("preferences", ({ id, version }) =>
      this.#store.setPreferences(id, { version, callId: this.#callId, preferences }),
    );
  }

  /** Notes that the clinic is to call this number back. A store that fails throws. */
  async requestCallBack(phoneNumber: PhoneNumber, clinicId: string): Promise<void> {
    await this.#inTime(
      this.#store.requestCallBack({
        callId: this.#callId,
        clinicId,
        phoneNumber,
        appointmentId: this.appointment?.id,
        requestedAt: this.#now(),
      }),
    );
  }

  #take(found: readonly Appointment[]): readonly Appointment[] {
    this.#found = found;
    this.#chosen = this.patients.length === 1 ? found[0]?.id : undefined;
    return found;
  }

  /** Writes are made one after the other, each on the version that the one before has made. */
  #inTurn(
    what: string,
    write: (current: Appointment) => Promise<AppointmentResult> | DeskRefusal,
  ): Promise<DeskResult> {
    const result = this.#queue.then(async (): Promise<DeskResult> => {
      const current = this.appointment;
      if (!current) return this.#refused();
      try {
        const written = write(current);
        if (typeof written === "string") return { ok: false, reason: written };
        const answer = await this.#inTime(written);
        if (answer.appointment) this.#update(answer.appointment);
        return answer.ok ? answer : { ok: false, reason: answer.conflict };
      } catch (error) {
        return this.#unavailable(error, what);
      }
    });
    this.#queue = result;
    return result;
  }

  #update(appointment: Appointment): void {
    this.#found = this.#found.map((one) => (one.id === appointment.id ? appointment : one));
  }

  #refused(): { readonly ok: false; readonly reason: DeskRefusal } {
    return { ok: false, reason: this.#mayTell() ? "NoAppointment" : "IdentityNeeded" };
  }

  #unavailable(error: unknown, change: string): { readonly ok: false; readonly reason: DeskRefusal } {
    this.#logger.error({ error, callId: this.#callId, change }, "the appointment store failed");
    return { ok: false, reason: "StoreUnavailable" };
  }

  #now(): string {
    return new Date(this.#clock.now()).toISOString();
  }

  #inTime<Answer>(answer: Promise<Answer>): Promise<Answer> {
    return withinStoreDeadline(this.#clock, answer);
  }
}
