import type { Appointment, Slot } from "../appointments/appointment.ts";
import type { AppointmentCalendar } from "../appointments/calendar.ts";
import type { AppointmentStore } from "../appointments/store.ts";
import type { CallLog } from "../call/call-log.ts";
import type { CampaignStore } from "../campaign/campaign-store.ts";
import { SipVoiceError } from "../errors.ts";
import type { PoolMetrics } from "../log/pool-usage.ts";
import type { MessageLog } from "../messaging/message-log.ts";
import type { Ledger } from "../outbound/ledger.ts";
import type { ContactPreferences } from "../policy/contact-preferences.ts";
import type { DecisionLog } from "../policy/decision-log.ts";
import type { StopSwitch } from "../policy/stop-switch.ts";
import { postgresAppointmentBook } from "./appointment-book.ts";
import { postgresAppointmentStore } from "./appointment-store.ts";
import { postgresCalendar } from "./calendar.ts";
import { postgresCallLog } from "./call-log.ts";
import { postgresCampaignStore } from "./campaign-store.ts";
import { postgresContactPreferences } from "./contact-preferences.ts";
import { databaseOn } from "./database.ts";
import { postgresDecisionLog } from "./decision-log.ts";
import { postgresLedger } from "./ledger.ts";
import { postgresMessageLog } from "./message-log.ts";
import { checkVersion, migrateClinicDatabase } from "./migrate.ts";
import type { PostgresPool } from "./pool.ts";
import { schemaName } from "./schema-name.ts";
import { postgresStopSwitch } from "./stop-switch.ts";

/** How {@link openClinicDatabase} uses a pool. */
export interface ClinicDatabaseOptions {
  /** The schema of the tables; `sip_voice` unless given. */
  readonly schema?: string;
  /**
   * How long a read or write may take, the wait for a connection included, in milliseconds; 3,000 unless given, less than
   * what the agent waits. After that it throws `store-unavailable`, and the server ends what it was doing.
   */
  readonly deadlineMs?: number;
  /** Make the tables or bring them up to date first; `true` unless given. Else they are only looked at. */
  readonly migrate?: boolean;
}

/** Every storage port on one PostgreSQL database. */
export interface ClinicDatabase extends PoolMetrics {
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
}

/**
 * Opens the clinic's tables on a pool of yours, making them when they are not there. Any number of processes and machines may
 * do so at once. What a method acknowledged is on the server's disk. A conflict is a value; whatever goes wrong with the
 * database throws `SipVoiceError` `store-unavailable`. When the connection was lost in the middle of a commit, nobody knows
 * whether it was kept: read the state again; the same step of the same attempt or call may be asked for again.
 *
 * The pool stays yours: listen to its `error` event, and end it after the last call. TLS and its size are the pool's.
 *
 * @throws SipVoiceError `store-unavailable` when the database can't be reached, or its tables are of another version
 * @example
 * ```ts
 * import { parsePhoneNumber } from "@clinic/sip-voice";
 * import { openClinicDatabase } from "@clinic/sip-voice/postgres";
 * import pg from "pg";
 *
 * const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
 * pool.on("error", () => console.error("an idle connection was lost"));
 * const { preferences } = await openClinicDatabase(pool);
 * await preferences.optOut(parsePhoneNumber("+15105550111"), new Date().toISOString());
 * await pool.end();
 * ```
 */
export async function openClinicDatabase(
  pool: PostgresPool,
  options: ClinicDatabaseOptions = {},
): Promise<ClinicDatabase> {
  const { deadlineMs = 3_000, migrate = true, schema } = options;
  if (typeof pool?.connect !== "function") {
    const remedy = "Give a Pool of pg, or what has the same connect().";
    throw new SipVoiceError("invalid-option", "There is no pool.", { field: "pool", remedy });
  }
  if (!Number.isFinite(deadlineMs) || deadlineMs <= 0) {
    const remedy = "Give milliseconds, more than 0.";
    throw new SipVoiceError("invalid-option", "The deadline is not a time.", { field: "deadlineMs", remedy });
  }
  const database = databaseOn(pool, schemaName(schema).quoted, deadlineMs);
  if (migrate) await migrateClinicDatabase(pool, schema === undefined ? {} : { schema });
  else await checkVersion(database);
  return {
    appointments: { ...postgresAppointmentStore(database), ...postgresCalendar(database) },
    ...postgresAppointmentBook(database),
    ledger: postgresLedger(database),
    preferences: postgresContactPreferences(database),
    decisions: postgresDecisionLog(database),
    stopSwitch: postgresStopSwitch(database),
    messageLog: postgresMessageLog(database),
    callLog: postgresCallLog(database),
    campaigns: postgresCampaignStore(database),
    poolUsage: database.poolUsage,
  };
}
