import type { Appointment, Slot } from "../appointments/appointment.ts";
import type { AppointmentCalendar } from "../appointments/calendar.ts";
import type { AppointmentStore } from "../appointments/store.ts";
import type { CallLog } from "../call/call-log.ts";
import type { CampaignStore } from "../campaign/campaign-store.ts";
import type { Queue } from "../campaign/queue.ts";
import { systemClock } from "../clock.ts";
import { SipVoiceError } from "../errors.ts";
import type { MessageLog } from "../messaging/message-log.ts";
import type { Ledger } from "../outbound/ledger.ts";
import type { ContactPreferences } from "../policy/contact-preferences.ts";
import type { DecisionLog } from "../policy/decision-log.ts";
import type { StopSwitch } from "../policy/stop-switch.ts";
import { sqliteAppointmentBook } from "./appointment-book.ts";
import { sqliteAppointmentStore } from "./appointment-store.ts";
import { sqliteCalendar } from "./calendar.ts";
import { sqliteCallLog } from "./call-log.ts";
import { sqliteCampaignStore } from "./campaign-store.ts";
import { sqliteContactPreferences } from "./contact-preferences.ts";
import { openDatabase } from "./database.ts";
import { sqliteDecisionLog } from "./decision-log.ts";
import { sqliteLedger } from "./ledger.ts";
import { sqliteMessageLog } from "./message-log.ts";
import { sqliteQueue } from "./queue.ts";
import { sqliteStopSwitch } from "./stop-switch.ts";

/** How {@link openClinicDatabase} opens a file. */
export interface ClinicDatabaseOptions {
  /**
   * How long a read or write waits while another process holds the file's lock, in milliseconds; 5,000 unless given.
   * After that it throws `store-unavailable`. Waiting does not hold up the process.
   */
  readonly busyTimeoutMs?: number;
}

/** Every storage port on one SQLite file. */
export interface ClinicDatabase {
  /** The clinic's appointments and slots. */
  readonly appointments: AppointmentStore & AppointmentCalendar;
  /** The record of dial attempts. */
  readonly ledger: Ledger;
  /** Consent and opt-outs. */
  readonly preferences: ContactPreferences;
  /** What the policy decided on each attempt. */
  readonly decisions: DecisionLog;
  /** The switch that stops all dialling, of every process on this database. */
  readonly stopSwitch: StopSwitch;
  /** The text messages that were sent. */
  readonly messageLog: MessageLog;
  /** What happened on each call. */
  readonly callLog: CallLog;
  /** Campaigns and their contacts. */
  readonly campaigns: CampaignStore;
  /** The attempts that are still to be made. */
  readonly queue: Queue;
  /** A queue of its own, by its name: each campaign has one, named after its id. */
  queueOf(name: string): Queue;
  /**
   * Adds slots and tells how many were new; one whose id is there already is left alone.
   *
   * @throws SipVoiceError `invalid-appointment` when a slot has no RFC 3339 start
   */
  addSlots(slots: Iterable<Slot>): Promise<number>;
  /**
   * Adds appointments and tells how many were new; one whose id is there already is left alone, so that what a patient
   * decided stays. Add the slots that they take up first. Rows are written 500 at a time: after an error those before
   * it may be there, and doing it again adds the rest.
   *
   * @throws SipVoiceError `invalid-appointment` when one has no RFC 3339 start, or its slot is unknown or taken
   */
  addAppointments(appointments: Iterable<Omit<Appointment, "version">>): Promise<number>;
  /** All slots of a clinic by their ids, taken and past ones too; some at a time are in memory. */
  listSlots(clinicId: string): AsyncIterable<Slot>;
  /** All appointments of a clinic by their ids, cancelled and past ones too; some at a time are in memory. */
  listAppointments(clinicId: string): AsyncIterable<Appointment>;
  /** Closes the file; from then on everything throws `store-unavailable`. Doing so twice does nothing. */
  close(): void;
}

/**
 * Opens a clinic's SQLite file, making it and its tables when they are not there. Several processes on one machine may
 * use it at once. What a method acknowledged is on the disk. A conflict is a value; whatever goes wrong with the file
 * (locked too long, full, read-only, damaged) throws `SipVoiceError` `store-unavailable`.
 *
 * A new file can be read and written by its owner only. `:memory:` opens a database that is gone when it is closed.
 *
 * @throws SipVoiceError `store-unavailable` when the file can't be opened, or a newer version of this package made it
 * @example
 * ```ts
 * import { parsePhoneNumber } from "@clinic/sip-voice";
 * import { openClinicDatabase } from "@clinic/sip-voice/sqlite";
 *
 * const database = openClinicDatabase("clinic.db");
 * const caller = parsePhoneNumber("+15105550111");
 * const [next] = await database.appointments.findUpcoming(caller, { clinicId: "main", from: "2026-11-23T08:00:00Z" });
 * if (next) await database.appointments.confirm(next.id, { version: next.version, callId: "call-1" });
 * database.close();
 * ```
 */
export function openClinicDatabase(path: string, options: ClinicDatabaseOptions = {}): ClinicDatabase {
  const { busyTimeoutMs = 5_000 } = options;
  // SQLite takes an empty path for a temporary file that is deleted when it is closed, and "file:" for a URI.
  if (typeof path !== "string" || path === "" || path.startsWith("file:")) {
    const remedy = "Name a file, as in /var/lib/clinic/clinic.db.";
    throw new SipVoiceError("invalid-option", "The database has no path.", { field: "path", remedy });
  }
  if (!Number.isFinite(busyTimeoutMs) || busyTimeoutMs < 0) {
    const remedy = "Give milliseconds, 0 or more.";
    throw new SipVoiceError("invalid-option", "The busy timeout is not a time.", {
      field: "busyTimeoutMs",
      remedy,
    });
  }
  const database = openDatabase(path, Math.floor(busyTimeoutMs));
  return {
    appointments: { ...sqliteAppointmentStore(database), ...sqliteCalendar(database) },
    ledger: sqliteLedger(database),
    preferences: sqliteContactPreferences(database),
    decisions: sqliteDecisionLog(database),
    stopSwitch: sqliteStopSwitch(database),
    messageLog: sqliteMessageLog(database),
    callLog: sqliteCallLog(database),
    campaigns: sqliteCampaignStore(database),
    queue: sqliteQueue(database),
    queueOf: (name) => sqliteQueue(database, systemClock, name),
    ...sqliteAppointmentBook(database),
    close: database.close,
  };
}
