import { randomBytes } from "node:crypto";
import pg from "pg";
import { type ClinicDatabase, type ClinicDatabaseOptions, openClinicDatabase } from "./clinic-database.ts";

/** A schema of one test, with pools of its own. */
export interface ThrowAwaySchema {
  /** Its name. */
  readonly schema: string;
  /** Another pool, as another process has it. */
  pool(options?: pg.PoolConfig): pg.Pool;
  /** The ports, on another pool. */
  open(options?: ClinicDatabaseOptions & { readonly pool?: pg.PoolConfig }): Promise<ClinicDatabase>;
  /** Runs a statement beside the ports. */
  query(text: string, values?: readonly unknown[]): Promise<pg.QueryResult>;
  /** Ends the pools and drops the schema. */
  dispose(): Promise<void>;
}

/** Names a schema for a test on the server at `url`; the first who opens it makes it. */
export function throwAwaySchema(url: string): ThrowAwaySchema {
  const schema = `test_${randomBytes(8).toString("hex")}`;
  const pools: pg.Pool[] = [];
  const pool = (options: pg.PoolConfig = {}): pg.Pool => {
    const made = new pg.Pool({ connectionString: url, max: 4, ...options });
    // Tests end connections, and stop the server, on purpose.
    made.on("error", () => {});
    pools.push(made);
    return made;
  };
  const own = pool({ max: 1 });
  return {
    schema,
    pool,
    open: ({ pool: options, ...rest } = {}) => openClinicDatabase(pool(options), { schema, ...rest }),
    query: (text, values = []) => own.query(text, [...values]),
    async dispose() {
      await own.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
      await Promise.all(pools.map((one) => one.end()));
    },
  };
}
