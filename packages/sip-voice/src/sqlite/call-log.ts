import { parseLimit } from "../appointments/limit.ts";
import { type CallLog, type CallRecordEntry, type CallRecordEvent, callRecordOf } from "../call/call-log.ts";
import type { CallId } from "../call/identifiers.ts";
import { initialCallState } from "../call/state.ts";
import type { SqliteDatabase } from "./database.ts";

/** JSON leaves out members that are `undefined`; a state has them all. */
function eventOf(json: string): CallRecordEvent {
  const event = JSON.parse(json) as CallRecordEvent;
  return "state" in event ? { ...event, state: { ...initialCallState, ...event.state } } : event;
}

/** Call records in the clinic's SQLite file. */
export function sqliteCallLog(database: SqliteDatabase): CallLog {
  const { connection, read, write } = database;
  const insertCall = connection.prepare("INSERT INTO calls (call_id) VALUES (?) ON CONFLICT DO NOTHING");
  const insertEntry = connection.prepare("INSERT INTO call_entries (call_id, at, event) VALUES (?, ?, ?)");
  // A call without entries gives one row without an event.
  const selectEntries = connection.prepare(
    `SELECT at, event FROM calls LEFT JOIN call_entries USING (call_id)
     WHERE call_id = ? ORDER BY call_entries.ordinal`,
  );
  const selectRecent = connection.prepare("SELECT call_id FROM calls ORDER BY ordinal DESC LIMIT ?");

  return {
    append: (callId, entries) =>
      write(() => {
        insertCall.run(callId);
        for (const { at, event } of entries) insertEntry.run(callId, at, JSON.stringify(event));
      }),
    async read(callId) {
      const rows = await read(() => selectEntries.all(callId));
      if (rows.length === 0) return undefined;
      const entries = rows.flatMap(({ at, event }): CallRecordEntry[] =>
        typeof event === "string" ? [{ at: Number(at), event: eventOf(event) }] : [],
      );
      return callRecordOf(callId, entries);
    },
    async recent(limit) {
      const rows = await read(() => selectRecent.all(parseLimit(limit)));
      return rows.map((row) => row.call_id as CallId);
    },
  };
}
