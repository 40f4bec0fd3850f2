import { parseLimit } from "../appointments/limit.ts";
import { type CallLog, type CallRecordEntry, type CallRecordEvent, callRecordOf } from "../call/call-log.ts";
import type { CallId } from "../call/identifiers.ts";
import { initialCallState } from "../call/state.ts";
import type { PostgresDatabase } from "./database.ts";

/** JSON leaves out members that are `undefined`; a state has them all. */
function eventOf(json: string): CallRecordEvent {
  const event = JSON.parse(json) as CallRecordEvent;
  return "state" in event ? { ...event, state: { ...initialCallState, ...event.state } } : event;
}

/** Call records in PostgreSQL. */
export function postgresCallLog({ schema, read, write }: PostgresDatabase): CallLog {
  /** The last append of each call in this process: the next one takes another connection and must not overtake it. */
  const last = new Map<CallId, Promise<void>>();

  function add(callId: CallId, entries: readonly CallRecordEntry[]): Promise<void> {
    const at = entries.map((entry) => entry.at);
    const events = entries.map(({ event }) => JSON.stringify(event));
    return write(async (query) => {
      await query(`INSERT INTO ${schema}.calls (call_id) VALUES ($1) ON CONFLICT DO NOTHING`, [callId]);
      await query(
        `INSERT INTO ${schema}.call_entries (call_id, at, event)
         SELECT $1, at, event::json FROM unnest($2::double precision[], $3::text[]) WITH ORDINALITY AS one (at, event, n)
         ORDER BY n`,
        [callId, at, events],
      );
    });
  }

  return {
    append(callId, entries) {
      const appended = (last.get(callId) ?? Promise.resolve())
        .catch(() => {})
        .then(() => add(callId, entries));
      last.set(callId, appended);
      const forget = (): void => {
        if (last.get(callId) === appended) last.delete(callId);
      };
      appended.then(forget, forget);
      return appended;
    },
    async read(callId) {
      // A call without entries gives one row without an event.
      const { rows } = await read(
        `SELECT at, event::text AS event FROM ${schema}.calls LEFT JOIN ${schema}.call_entries AS entry USING (call_id)
         WHERE call_id = $1 ORDER BY entry.ordinal`,
        [callId],
      );
      if (rows.length === 0) return undefined;
      const entries = rows.flatMap(({ at, event }): CallRecordEntry[] =>
        typeof event === "string" ? [{ at: Number(at), event: eventOf(event) }] : [],
      );
      return callRecordOf(callId, entries);
    },
    async recent(limit) {
      const text = `SELECT call_id FROM ${schema}.calls ORDER BY ordinal DESC LIMIT $1`;
      return (await read(text, [parseLimit(limit)])).rows.map(({ call_id }) => String(call_id));
    },
  };
}
