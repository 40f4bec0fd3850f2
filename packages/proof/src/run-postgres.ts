import { type PostgresServer, startPostgresServer } from "@clinic/sip-voice-lab";
import pg from "pg";
import type { RunContext } from "./run-context.ts";

/** A PostgreSQL server of a run's own, which may be made to crash, and a pool of connections to it; both end with the run. */
export async function startRunPostgres(
  { progress, onEnd }: RunContext,
  connections: number,
): Promise<{ readonly url: string; readonly pool: pg.Pool } & Pick<PostgresServer, "restart">> {
  progress("starting a PostgreSQL server");
  const starting = startPostgresServer();
  onEnd(async () => await (await starting.catch(() => undefined))?.stop());
  const { url, restart } = await starting;
  const pool = new pg.Pool({ connectionString: url, max: connections });
  // The server may be stopped first, when the run is given up.
  pool.on("error", () => {});
  onEnd(() => pool.end());
  return { url, pool, restart };
}
