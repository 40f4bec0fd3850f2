import type { MessageLog } from "../messaging/message-log.ts";
import type { PostgresDatabase } from "./database.ts";

/** The messages that were sent, in PostgreSQL. */
export function postgresMessageLog({ schema, write }: PostgresDatabase): MessageLog {
  const table = `${schema}.text_messages`;
  return {
    reserve: ({ key, clinicId, at }) =>
      write(async (query) => {
        const inserted = await query(
          `INSERT INTO ${table} (key, clinic_id, reserved_at) VALUES ($1, $2, $3) ON CONFLICT (key) DO NOTHING`,
          [key, clinicId, at],
        );
        if (inserted.rowCount === 1) return { kind: "reserved" };
        const { rows } = await query(`SELECT outcome::text AS outcome FROM ${table} WHERE key = $1`, [key]);
        const outcome = rows[0]?.outcome;
        return { kind: "known", result: typeof outcome === "string" ? JSON.parse(outcome) : undefined };
      }),
    settle: (key, result, at) =>
      write(async (query) => {
        await query(`UPDATE ${table} SET outcome = $2, finished_at = $3 WHERE key = $1 AND outcome IS NULL`, [
          key,
          JSON.stringify(result),
          at,
        ]);
      }),
  };
}
