import { resolve } from "node:path";
import { type ClinicDatabase, openClinicDatabase } from "./clinic-database.ts";

/** A {@link ClinicDatabase} that nobody may close, because others in this process use it too. */
export type SharedClinicDatabase = Omit<ClinicDatabase, "close">;

const opened = new Map<string, ClinicDatabase>();

/**
 * The one database of this process on a file: opened on first use, and open until the process ends. It keeps no process
 * alive.
 *
 * @throws SipVoiceError as {@link openClinicDatabase}; the next call tries again
 * @example
 * ```ts
 * import { sharedClinicDatabase } from "@clinic/sip-voice/sqlite";
 *
 * const { ledger } = sharedClinicDatabase("clinic.db");
 * console.log(ledger === sharedClinicDatabase("./clinic.db").ledger); // true
 * ```
 */
export function sharedClinicDatabase(path: string): SharedClinicDatabase {
  // ":memory:" and what is not a path stay as they are.
  const key = path === ":memory:" || path === "" ? path : resolve(path);
  const database = opened.get(key) ?? openClinicDatabase(path);
  opened.set(key, database);
  return database;
}
