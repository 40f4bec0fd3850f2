/**
 * Every storage port on one SQLite file, through the `node:sqlite` that Node brings along: the embedded default, for
 * several processes on one machine.
 *
 * @module @clinic/sip-voice/sqlite
 */
export { type ClinicDatabase, type ClinicDatabaseOptions, openClinicDatabase } from "./clinic-database.ts";
export { type SharedClinicDatabase, sharedClinicDatabase } from "./shared-database.ts";
