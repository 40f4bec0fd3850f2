/**
 * Every storage port on PostgreSQL, through a pool of yours: for more than one machine. `pg` fits, and so does whatever has
 * the same shape.
 *
 * @module @clinic/sip-voice/postgres
 */
export { type ClinicDatabase, type ClinicDatabaseOptions, openClinicDatabase } from "./clinic-database.ts";
export { type MigrationOptions, migrateClinicDatabase } from "./migrate.ts";
export type { PostgresClient, PostgresPool, PostgresResult } from "./pool.ts";
export { openQueue, type PostgresQueue, type QueueOptions } from "./queue.ts";
