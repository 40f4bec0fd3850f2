import { Temporal } from "temporal-polyfill";
import type { Slot } from "../../appointments/appointment.ts";
import type { Clock } from "../../clock.ts";
import type { AppointmentDesk, DeskHold, DeskRefusal } from "./appointment-desk.ts";
import { type AskedDays, slotSpan } from "./slot-span.ts";

/** A part of a day, by the clinic's clock. */
export type PartOfDay = "morning" | "afternoon" | "evening";

/** What a patient asks for. */
export interface AskedSlots extends AskedDays {
  readonly partOfDay?: PartOfDay | undefined;
  readonly anyProvider?: boolean | undefined;
  /** The next ones after those that were found last, with the same wishes. */
  readonly later?: boolean | undefined;
}

/** Why a proposed time can't be booked yet. */
export type ProposalRefusal = "NotProposed" | "NotAnswered";

/** From which hour to before which a part of the day is. */
const hoursOf: Readonly<Record<PartOfDay, readonly [number, number]>> = {
  morning: [0, 12],
  afternoon: [12, 17],
  evening: [17, 24],
};
/** How many slots are told at once. */
const mostTold = 12;
/** How many slots are looked through for a part of the day. */
const pageSize = 50;
const mostPages = 4;

type Stage = "proposed" | "read-back" | "answered";

/**
 * The times that a call offers, and the one that it proposes: found, proposed and held, read back, answered, then booked. A time
 * is booked only in a later turn than the one that proposed it: between the two the agent has spoken and the caller was heard.
 */
export class SlotOffer {
  readonly #desk: AppointmentDesk;
  readonly #clock: Clock;
  #asked: AskedSlots = {};
  #last: Slot | undefined;
  #proposals = 0;
  #proposed: { readonly number: number; readonly slotId: string; stage: Stage } | undefined;

  /** Makes the offers of one call. */
  constructor(desk: AppointmentDesk, clock: Clock) {
    this.#desk = desk;
    this.#clock = clock;
  }

  /** Free times as they are asked for. A store that fails throws. */
  async find(asked: AskedSlots): Promise<readonly Slot[]> {
    const isLater = asked.later === true && this.#last !== undefined;
    if (!isLater) {
      this.#asked = asked;
      this.#last = undefined;
    }
    const timeZone = this.#desk.appointment?.timeZone ?? "UTC";
    const { partOfDay, anyProvider = false } = this.#asked;
    const span = slotSpan(this.#asked, timeZone, this.#clock.now());
    const limit = partOfDay ? pageSize : mostTold;
    const found: Slot[] = [];
    for (let page = 0; page < mostPages && found.length < mostTold; page++) {
      const after: { after?: Slot } = this.#last ? { after: this.#last } : {};
      const slots = await this.#desk.openSlots({ ...span, anyProvider, limit, ...after });
      for (const slot of slots) {
        if (found.length === mostTold) break;
        this.#last = slot;
        if (!partOfDay || isIn(partOfDay, slot, timeZone)) found.push(slot);
      }
      if (slots.length < limit) break;
    }
    this.#desk.narrowOffer(found);
    return found;
  }

  /** Holds a time that was found, to be read back to the patient; gives the number by which it is booked. */
  async propose(slotId: string): Promise<DeskHold & { readonly number?: number }> {
    this.#proposed = undefined;
    const held = await this.#desk.hold(slotId);
    if (!held.ok) return held;
    this.#proposed = { number: ++this.#proposals, slotId, stage: "proposed" };
    return { ...held, number: this.#proposed.number };
  }

  /** The slot of a proposal that the patient has answered; what they answered is for the model to understand. */
  answered(number: number): { readonly slotId: string } | { readonly reason: ProposalRefusal | DeskRefusal } {
    if (this.#proposed?.number !== number) return { reason: "NotProposed" };
    if (this.#proposed.stage !== "answered") return { reason: "NotAnswered" };
    return { slotId: this.#proposed.slotId };
  }

  /** The agent speaks: what was proposed before is being read back. */
  agentSpoke(): void {
    if (this.#proposed?.stage === "proposed") this.#proposed.stage = "read-back";
  }

  /** The caller was heard, or pressed a key. */
  callerSpoke(): void {
    if (this.#proposed?.stage === "read-back") this.#proposed.stage = "answered";
  }
}

function isIn(part: PartOfDay, { start }: Slot, timeZone: string): boolean {
  const { hour } = Temporal.Instant.from(start).toZonedDateTimeISO(timeZone);
  const [from, to] = hoursOf[part];
  return hour >= from && hour < to;
}
