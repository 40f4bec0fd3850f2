import type { StopSwitch } from "../policy/stop-switch.ts";
import type { SqliteDatabase } from "./database.ts";

/** The switch that stops all dialling, in the clinic's SQLite file. */
export function sqliteStopSwitch({ connection, read, write }: SqliteDatabase): StopSwitch {
  const select = connection.prepare("SELECT stopped_at FROM stop_switch");
  const insert = connection.prepare(
    "INSERT INTO stop_switch (id, stopped_at) VALUES (1, ?) ON CONFLICT (id) DO NOTHING",
  );
  const remove = connection.prepare("DELETE FROM stop_switch");

  return {
    async stoppedAt() {
      return (await read(() => select.get()))?.stopped_at as string | undefined;
    },
    stop: (at) => write(() => void insert.run(at)),
    resume: () => write(() => void remove.run()),
  };
}
