import { SipVoiceError } from "../errors.ts";
import type { Appointment, Slot } from "./appointment.ts";

/**
 * Writes slots and appointments that are not there yet, and gives all that there are, for set-up, imports, exports and demos. A
 * store that imports only needs the two that add. A wrong row throws `SipVoiceError` `invalid-appointment`.
 */
export interface AppointmentBook {
  /** Adds slots and tells how many were new; one whose id is there already is left alone. */
  addSlots(slots: Iterable<Slot>): Promise<number>;
  /** Adds appointments and tells how many were new; one whose id is there already is left alone. */
  addAppointments(appointments: Iterable<Omit<Appointment, "version">>): Promise<number>;
  /** All slots of a clinic by their ids, taken and past ones too, some at a time. */
  listSlots(clinicId: string): AsyncIterable<Slot>;
  /** All appointments of a clinic by their ids, cancelled and past ones too, some at a time. */
  listAppointments(clinicId: string): AsyncIterable<Appointment>;
}

const rowsOfPage = 500;

/** Everything that a table has, page by page: `page` gives so many rows whose ids come after one, by their ids. */
export async function* allPages<Row extends { readonly id: string }, Item>(
  page: (after: string, limit: number) => Promise<readonly Row[]>,
  itemOf: (row: Row) => Item,
): AsyncGenerator<Item> {
  for (let after = ""; ; ) {
    const rows = await page(after, rowsOfPage);
    yield* rows.map(itemOf);
    const last = rows.at(-1);
    if (!last || rows.length < rowsOfPage) return;
    after = last.id;
  }
}

/** What is wrong with a row that a database's own constraints refuse. */
const wrongRows = {
  "unknown-slot": {
    message: "The appointment's slot is unknown.",
    field: "slotId",
    remedy: "Add the slots first.",
  },
  "taken-slot": {
    message: "The appointment's slot is taken by another one.",
    field: "slotId",
    remedy: "Give each slot one appointment that is not cancelled.",
  },
  "unknown-status": {
    message: "The appointment's status is unknown.",
    field: "status",
    remedy: "Give one of AppointmentStatus.",
  },
  "wrong-field": {
    message: "The appointment or slot lacks a field, or one has the wrong type.",
    remedy: "Give every field the type that it is declared with.",
  },
} as const;

/** A rule that an {@link AppointmentBook}'s database keeps. */
export type BookRule = keyof typeof wrongRows;

/** The error for a row that breaks a rule; `wrong-field` where the database names none of the others. */
export function invalidRow(rule: BookRule | undefined, cause: unknown): SipVoiceError {
  const { message, ...rest } = wrongRows[rule ?? "wrong-field"];
  return new SipVoiceError("invalid-appointment", message, { ...rest, cause });
}

/** The items in pieces of so many, the last one perhaps shorter. */
export function* inPieces<Item>(items: Iterable<Item>, size: number): Generator<Item[]> {
  let piece: Item[] = [];
  for (const item of items) {
    piece.push(item);
    if (piece.length < size) continue;
    yield piece;
    piece = [];
  }
  if (piece.length > 0) yield piece;
}
