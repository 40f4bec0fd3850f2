import { SipVoiceError } from "../errors.ts";
import { databaseOn, type PostgresDatabase, type Query } from "./database.ts";
import type { PostgresPool } from "./pool.ts";
import { migrations } from "./schema.ts";
import { schemaName } from "./schema-name.ts";

/** Where {@link migrateClinicDatabase} makes the tables. */
export interface MigrationOptions {
  /** The schema of the tables, made when it is not there; `sip_voice` unless given. */
  readonly schema?: string;
  /** How long it may take in all, in milliseconds, another process that is at it included; 60,000 unless given. */
  readonly deadlineMs?: number;
}

/**
 * The version of the tables; 0 where there are none. Asks the catalogue's tables: `to_regclass` may answer from a cache that
 * another process's tables are not in yet.
 */
async function versionOf(query: Query, schema: string): Promise<number> {
  const table = await query(
    `SELECT FROM pg_catalog.pg_class AS one JOIN pg_catalog.pg_namespace AS place ON place.oid = one.relnamespace
     WHERE one.relname = 'schema_version' AND place.nspname = $1`,
    [schema.slice(1, -1)],
  );
  if (table.rowCount === 0) return 0;
  const { rows } = await query(`SELECT max(version) AS version FROM ${schema}.schema_version`);
  return Number(rows[0]?.version ?? 0);
}

/** Refuses tables of another version than this package's. */
export async function checkVersion({ read, schema }: PostgresDatabase): Promise<void> {
  const version = await versionOf(read, schema);
  const known = migrations(schema).length;
  if (version === known) return;
  throw new SipVoiceError(
    "store-unavailable",
    `The clinic database has schema version ${version}; this package knows ${known}.`,
    {
      field: "schema",
      remedy:
        version > known
          ? "Upgrade @clinic/sip-voice in every process that uses the database."
          : "Run migrateClinicDatabase with this version of the package first.",
    },
  );
}

/**
 * Brings the clinic's tables up to date; does nothing when they are. It may be run again, and by several processes at once:
 * one does the work in one transaction, the others wait for it. It needs a user who may create a schema, or tables in it;
 * the other processes do not.
 *
 * @throws SipVoiceError `store-unavailable` when the database can't be reached or does not allow it, or when a newer version
 * of this package made the tables
 * @example
 * ```ts
 * import { migrateClinicDatabase } from "@clinic/sip-voice/postgres";
 * import pg from "pg";
 *
 * const owner = new pg.Pool({ connectionString: process.env.DATABASE_URL });
 * await migrateClinicDatabase(owner, { schema: "voice" });
 * await owner.end();
 * ```
 */
export async function migrateClinicDatabase(
  pool: PostgresPool,
  options: MigrationOptions = {},
): Promise<void> {
  const { deadlineMs = 60_000 } = options;
  const { name, quoted } = schemaName(options.schema);
  const database = databaseOn(pool, quoted, deadlineMs);
  const steps = migrations(quoted);
  if ((await versionOf(database.read, quoted)) < steps.length) {
    await database.write(async (query) => {
      await query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [`sip-voice migration ${name}`]);
      const version = await versionOf(query, quoted);
      if (version >= steps.length) return;
      // "IF NOT EXISTS" alone asks for the right to create schemas, also when there is nothing to create.
      const { rowCount } = await query("SELECT FROM pg_catalog.pg_namespace WHERE nspname = $1", [name]);
      if (rowCount === 0) await query(`CREATE SCHEMA ${quoted}`);
      if (version === 0) await query(`CREATE TABLE ${quoted}.schema_version (version integer PRIMARY KEY)`);
      for (const [index, sql] of steps.entries()) {
        if (index < version) continue;
        await query(sql);
        await query(`INSERT INTO ${quoted}.schema_version (version) VALUES ($1)`, [index + 1]);
      }
    });
  }
  await checkVersion(database);
}
