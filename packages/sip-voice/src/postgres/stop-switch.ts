import type { StopSwitch } from "../policy/stop-switch.ts";
import type { PostgresDatabase } from "./database.ts";

/** The switch that stops all dialling, in PostgreSQL. */
export function postgresStopSwitch({ schema, read, write }: PostgresDatabase): StopSwitch {
  const table = `${schema}.stop_switch`;
  return {
    async stoppedAt() {
      const { rows } = await read(`SELECT stopped_at FROM ${table}`);
      return rows[0]?.stopped_at as string | undefined;
    },
    stop: (at) =>
      write(async (query) => {
        await query(`INSERT INTO ${table} (id, stopped_at) VALUES (1, $1) ON CONFLICT (id) DO NOTHING`, [at]);
      }),
    resume: () => write(async (query) => void (await query(`DELETE FROM ${table}`))),
  };
}
