import type { Appointment, Slot } from "../appointments/appointment.ts";
import type { AppointmentBook } from "../appointments/appointment-book.ts";
import { parseInstant } from "../appointments/instant.ts";
import { csvList } from "../csv/csv-list.ts";
import { normalisedColumn, type RawRow } from "../csv/raw-row.ts";
import { firstLines, linesOf, type TextSource } from "../csv/text-lines.ts";
import { SipVoiceError } from "../errors.ts";
import {
  appointmentColumnNames,
  type DataColumn,
  neededAppointmentColumns,
  neededSlotColumns,
  slotColumnNames,
} from "./column-names.ts";
import type { DataFault, RejectedDataRow } from "./data-fault.ts";
import { RowExamination } from "./row-examination.ts";
import { type DataDefaults, type RowReader, readAppointment, readSlot } from "./row-reading.ts";

/** How a file of appointments or slots is read. */
export interface ImportOptions extends DataDefaults {
  /** What the file calls its columns, where that is not their own name: `{ patientName: "Patient" }`. */
  readonly columns?: Partial<Record<DataColumn, string>>;
  /** ISO 3166-1 alpha-2 country of numbers that are written without `+`; such numbers are rejected unless it is given. */
  readonly defaultCountry?: string;
  /** Rows that begin before this instant (RFC 3339) are rejected; none are unless it is given. */
  readonly notBefore?: string;
  /** Goes on after this line: `line` of the {@link ImportProgress} that was heard last. */
  readonly afterLine?: number;
  /** Hears of each row that was not imported, in order, once those before it are in the store; the import waits for it. */
  readonly onReject?: (reject: RejectedDataRow, header: readonly string[]) => Promise<void> | void;
  /** Hears how far the import is, each time that rows have been kept; the import waits for it. */
  readonly onProgress?: (progress: ImportProgress) => Promise<void> | void;
  /** Ends the import after the rows that are being written. */
  readonly signal?: AbortSignal;
}

/** How far an import is. Everything up to `line` is in the store or was rejected. */
export interface ImportProgress {
  /** The line on which the last of these rows begins. */
  readonly line: number;
  /** How many appointments or slots are new to the store. */
  readonly added: number;
  /** How many were there already, and were left alone. */
  readonly known: number;
  /** How many rows were rejected. */
  readonly rejected: number;
}

/** What an import came to. */
export interface ImportResult extends ImportProgress {
  /** `false` when it was ended by its signal: go on with `afterLine: line`. */
  readonly isComplete: boolean;
}

/** Rows are handed to the store so many at a time. */
const rowsAtOnce = 500;

interface Kind<Item> {
  readonly columns: readonly DataColumn[];
  readonly needed: readonly DataColumn[];
  readonly read: RowReader<Item>;
  readonly add: (items: Iterable<Item>) => Promise<number>;
}

function unreadable(message: string, remedy: string): SipVoiceError {
  return new SipVoiceError("invalid-option", message, { field: "source", remedy });
}

function checkHeader(
  header: readonly string[],
  { columns, needed }: Pick<Kind<unknown>, "columns" | "needed">,
  nameOf: (column: DataColumn) => string,
): void {
  const found = header.map(normalisedColumn);
  const stands = (column: DataColumn): number =>
    found.filter((one) => one === normalisedColumn(nameOf(column))).length;
  // A file without a header line has a patient's data in its place: it is not repeated.
  const missing = needed.filter((column) => stands(column) === 0).map(nameOf);
  if (missing.length > 0) {
    const remedy =
      "Begin the file with a line that names its columns, or say in `columns` what they are called.";
    throw unreadable(`The file's first line lacks ${missing.join(", ")}.`, remedy);
  }
  const twice = columns.filter((column) => stands(column) > 1).map(nameOf);
  if (twice.length > 0)
    throw unreadable(`The file has two columns ${twice.join(", ")}.`, "Take one of the two out.");
}

/** What has been read and not been written. */
interface Batch<Item> {
  readonly items: { readonly item: Item; readonly raw: RawRow }[];
  readonly rejects: RejectedDataRow[];
  line: number;
}

const emptyBatch = <Item>(line: number): Batch<Item> => ({ items: [], rejects: [], line });

/** Hands a batch to the store; where it refuses one of them, each by itself. */
async function keep<Item>({ items, rejects }: Batch<Item>, add: Kind<Item>["add"]): Promise<number> {
  try {
    return await add(items.map(({ item }) => item));
  } catch (error) {
    if (!SipVoiceError.is(error) || error.code !== "invalid-appointment") throw error;
  }
  let added = 0;
  for (const { item, raw } of items) {
    try {
      added += await add([item]);
    } catch (error) {
      if (!SipVoiceError.is(error) || error.code !== "invalid-appointment") throw error;
      const { field = "row", remedy = "" } = error;
      const fault: DataFault = {
        code: "refused",
        column: field,
        shape: `${raw.fields.length} fields`,
        remedy,
      };
      rejects.push({ line: raw.line, faults: [fault], fields: raw.fields });
    }
  }
  return added;
}

async function importRows<Item>(
  source: TextSource,
  kind: Kind<Item>,
  options: ImportOptions,
): Promise<ImportResult> {
  const { columns = {}, afterLine = 0, notBefore, signal, onReject, onProgress } = options;
  const notBeforeMs =
    notBefore === undefined ? -Infinity : parseInstant(notBefore, "invalid-option", "notBefore").ms;
  const nameOf = (column: DataColumn): string => columns[column] ?? column;
  const lines = linesOf(source);
  const first = await firstLines(lines);
  if (first.length === 0)
    throw unreadable("The file is empty.", "Begin it with a line that names the columns.");
  const list = await csvList(first, lines);
  checkHeader(list.header, kind, nameOf);
  const keys = new Map(kind.columns.map((one) => [one as string, normalisedColumn(nameOf(one))]));
  const row = new RowExamination(options.defaultCountry);

  let progress: ImportProgress = { line: afterLine, added: 0, known: 0, rejected: 0 };
  let batch = emptyBatch<Item>(afterLine);

  function take(raw: RawRow): void {
    const { line, values, fields, fault } = raw;
    batch.line = line;
    if (!values || fault) {
      const { code = "quotes", remedy = "" } = fault ?? {};
      batch.rejects.push({
        line,
        fields,
        faults: [{ code, column: "row", shape: `${fields.length} fields`, remedy }],
      });
      return;
    }
    row.begin((column) => values.get(keys.get(column) ?? "") ?? "");
    const item = kind.read(row, options, notBeforeMs);
    if (row.faults.length === 0) batch.items.push({ item, raw });
    else batch.rejects.push({ line, fields, faults: row.faults });
  }

  async function flush(): Promise<void> {
    if (batch.items.length + batch.rejects.length === 0) return;
    const added = await keep(batch, kind.add);
    const rejects = batch.rejects.sort((a, b) => a.line - b.line);
    for (const reject of rejects) await onReject?.(reject, list.header);
    const refused = rejects.filter(({ faults }) => faults[0]?.code === "refused").length;
    progress = {
      line: batch.line,
      added: progress.added + added,
      known: progress.known + batch.items.length - refused - added,
      rejected: progress.rejected + rejects.length,
    };
    batch = emptyBatch(batch.line);
    await onProgress?.(progress);
  }

  for await (const rows of list.rows) {
    for (const raw of rows) {
      if (raw.line <= afterLine) continue;
      take(raw);
      if (batch.items.length + batch.rejects.length < rowsAtOnce) continue;
      await flush();
      if (signal?.aborted) return { ...progress, isComplete: false };
    }
  }
  await flush();
  return { ...progress, isComplete: true };
}

/**
 * Imports appointments from CSV, however long the file is: some rows at a time are in memory. An id that is in the store
 * already is left alone, so that what a patient decided stays, and so an import may be done again, or gone on with after a crash. A row
 * that is wrong is rejected with its line, its column, the value's shape and what to do, and does not stop the others. Import the
 * slots first that the appointments take up.
 *
 * CSV may have a byte order mark, quotes, and `,`, `;`, tabs or `|` between the fields; UTF-8, or UTF-16 as Excel writes it.
 *
 * | column | |
 * |---|---|
 * | `id`, `provider`, `patientId`, `patientName` | texts |
 * | `start` | RFC 3339 with an offset, or `2026-11-24 10:00` by the clinic's clock |
 * | `phoneNumber` | E.164, or any usual spelling with `defaultCountry` |
 * | `clinicId`, `timeZone`, `durationMinutes` | optional where the options give them |
 * | `status` | optional: `booked` (unless given), `confirmed`, `reschedule-requested`, `cancelled` |
 * | `slotId`, `location`, `confirmationCode`, `language`, `place`, `patientTimeZone` | optional |
 * | `dateOfBirth` | optional: `YYYY-MM-DD` |
 * | `walkIn`, `reminderChannel`, `reminderHoursBefore` | optional: `yes`/`no`; `call`, `sms`, `none`; hours |
 *
 * @param source - the text or its pieces, as `createReadStream(path)` gives them
 * @param book - where to: the SQLite or PostgreSQL clinic database, or yours
 * @throws SipVoiceError `invalid-option` when nothing of the file can be read: no such columns, not UTF-8; and what the store throws
 * @example
 * ```ts
 * import { createReadStream } from "node:fs";
 * import { importAppointments } from "@clinic/sip-voice/data";
 * import { openClinicDatabase } from "@clinic/sip-voice/sqlite";
 *
 * const database = openClinicDatabase("clinic.sqlite");
 * const result = await importAppointments(createReadStream("appointments.csv"), database, {
 *   clinicId: "riverside",
 *   timeZone: "America/Los_Angeles",
 *   defaultCountry: "US",
 *   onReject: ({ line, faults }) => console.error(line, faults),
 * });
 * console.log(result.added, result.known, result.rejected);
 * database.close();
 * ```
 */
export function importAppointments(
  source: TextSource,
  book: Pick<AppointmentBook, "addAppointments">,
  options: ImportOptions = {},
): Promise<ImportResult> {
  const kind: Kind<Omit<Appointment, "version">> = {
    columns: appointmentColumnNames,
    needed: neededAppointmentColumns,
    read: readAppointment,
    add: (items) => book.addAppointments(items),
  };
  return importRows(source, kind, options);
}

/**
 * Imports slots from CSV, as {@link importAppointments} does: `id`, `provider` and `start`; `clinicId`, `timeZone` and
 * `durationMinutes` where the options don't give them; `location` if there is one.
 *
 * @param source - the text or its pieces
 * @param book - where to
 * @throws SipVoiceError as {@link importAppointments}
 * @example
 * ```ts
 * import { importSlots } from "@clinic/sip-voice/data";
 * import { openClinicDatabase } from "@clinic/sip-voice/sqlite";
 *
 * const database = openClinicDatabase("clinic.sqlite");
 * const times = "id,provider,start\nslot-1,Dr. Lane,2026-12-01 10:00\n";
 * await importSlots(times, database, { clinicId: "riverside", timeZone: "America/Los_Angeles", durationMinutes: 20 });
 * database.close();
 * ```
 */
export function importSlots(
  source: TextSource,
  book: Pick<AppointmentBook, "addSlots">,
  options: ImportOptions = {},
): Promise<ImportResult> {
  const kind: Kind<Slot> = {
    columns: slotColumnNames,
    needed: neededSlotColumns,
    read: readSlot,
    add: (items) => book.addSlots(items),
  };
  return importRows(source, kind, options);
}
