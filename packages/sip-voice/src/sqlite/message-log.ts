import type { MessageLog } from "../messaging/message-log.ts";
import type { SqliteDatabase } from "./database.ts";

/** The messages that were sent, in the clinic's SQLite file. */
export function sqliteMessageLog({ connection, write }: SqliteDatabase): MessageLog {
  const insert = connection.prepare(
    "INSERT INTO text_messages (key, clinic_id, reserved_at) VALUES (?, ?, ?) ON CONFLICT (key) DO NOTHING",
  );
  const select = connection.prepare("SELECT outcome FROM text_messages WHERE key = ?");
  const update = connection.prepare(
    "UPDATE text_messages SET outcome = ?, finished_at = ? WHERE key = ? AND outcome IS NULL",
  );

  return {
    reserve: ({ key, clinicId, at }) =>
      write(() => {
        if (insert.run(key, clinicId, at).changes === 1) return { kind: "reserved" };
        const outcome = select.get(key)?.outcome;
        return { kind: "known", result: typeof outcome === "string" ? JSON.parse(outcome) : undefined };
      }),
    settle: (key, result, at) => write(() => void update.run(JSON.stringify(result), at, key)),
  };
}
