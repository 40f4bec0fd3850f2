/** A process that tries to move its own appointments into slots that others want too: `node booker.ts sqlite|postgres <where> <ordinal>`. */
import { openClinicDatabase as openPostgres } from "@clinic/sip-voice/postgres";
import { openClinicDatabase as openSqlite } from "@clinic/sip-voice/sqlite";
import pg from "pg";
import { appointmentId, askedAt, slotId } from "./rush.ts";

/** What a booker is told to do. */
export interface BookerOrder {
  /** How many of its appointments it moves. */
  readonly tries: number;
  /** How many slots there are. */
  readonly slots: number;
}

/** What became of one try: the slot that was wanted, and how the store answered. */
export interface BookerTry {
  readonly appointmentId: string;
  readonly slotId: string;
  readonly answer: string;
}

const inFlight = 8;

async function store(kind: string, where: string) {
  if (kind === "sqlite") return { ...openSqlite(where, { busyTimeoutMs: 120_000 }), end: async () => {} };
  const pool = new pg.Pool({ connectionString: where, max: inFlight });
  const database = await openPostgres(pool, { deadlineMs: 120_000, migrate: false });
  return { ...database, end: () => pool.end() };
}

const [kind = "", where = "", ordinal = ""] = process.argv.slice(2);
if (import.meta.main) {
  const { appointments, end } = await store(kind, where);
  // Whoever started it is gone: nobody is left to tell.
  process.once("disconnect", () => process.exit());
  process.once("message", async (order) => {
    const { tries, slots } = order as BookerOrder;
    const done: BookerTry[] = [];
    let next = 0;
    const line = async (): Promise<void> => {
      while (next < tries) {
        const index = next++;
        const id = appointmentId(Number(ordinal), index);
        const wanted = slotId(index % slots);
        const version = (await appointments.get(id))?.version ?? "";
        const result = await appointments.reschedule(id, {
          version,
          callId: `call-of-${id}`,
          slotId: wanted,
          at: askedAt,
        });
        done.push({ appointmentId: id, slotId: wanted, answer: result.ok ? "booked" : result.conflict });
      }
    };
    await Promise.all(Array.from({ length: inFlight }, line));
    await end();
    process.send?.(done, () => process.exit());
  });
  process.send?.("ready");
}
