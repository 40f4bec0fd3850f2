/** How long it takes to find a caller's appointments among a million, on SQLite and on PostgreSQL over loopback. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Appointment, AppointmentStore } from "@clinic/sip-voice";
import { openClinicDatabase as openPostgres } from "@clinic/sip-voice/postgres";
import { openClinicDatabase as openSqlite } from "@clinic/sip-voice/sqlite";
import { type BenchRow, benchRow } from "../src/bench-row.ts";
import { percentile } from "../src/median.ts";
import type { RunContext } from "../src/run-context.ts";
import { startRunPostgres } from "../src/run-postgres.ts";
import { bookedAppointments, clinicId, from, numberOfCaller } from "./lookup/booked-appointments.ts";

/** A store that can be filled. */
interface FilledStore {
  readonly appointments: AppointmentStore;
  addAppointments(appointments: Iterable<Omit<Appointment, "version">>): Promise<number>;
}

interface Size {
  readonly few: number;
  readonly many: number;
  readonly lookups: number;
}

/** Measures; see the issue "Appointment stores": p99 of 0.1 ms on SQLite and 2 ms on PostgreSQL among a million. */
export async function bench(context: RunContext): Promise<readonly BenchRow[]> {
  const size = context.quick
    ? { few: 500, many: 5_000, lookups: 200 }
    : { few: 10_000, many: 1_000_000, lookups: 20_000 };
  return [...(await onSqlite(context, size)), ...(await onPostgres(context, size))];
}

/** A store with so many appointments. */
interface Filled {
  readonly appointments: AppointmentStore;
  readonly rows: number;
  /** Milliseconds of each lookup. */
  readonly took: number[];
}

/** Looks callers from all over the stores up, in the stores in turn: what else the machine does meets all of them. */
async function lookUp(stores: readonly Filled[], count: number, signal: AbortSignal): Promise<void> {
  for (let index = -200; index < count; index++) {
    signal.throwIfAborted();
    for (const { appointments, rows, took } of stores) {
      // A prime steps through all callers without an order that a cache could like.
      const number = numberOfCaller((Math.abs(index) * 7_919) % rows);
      const start = performance.now();
      const found = await appointments.findUpcoming(number, { clinicId, from });
      const ms = performance.now() - start;
      if (found.length === 0) throw new Error("A caller's appointment was not found.");
      // The first ones warm everything up.
      if (index >= 0) took.push(ms);
    }
  }
}

async function measure(
  { signal, progress }: RunContext,
  name: string,
  { few, many, lookups: count }: Size,
  p99Goal: string,
  open: (place: string) => Promise<FilledStore> | FilledStore,
  settle: (place: string) => Promise<unknown> = async () => {},
): Promise<{ readonly rows: BenchRow[]; readonly importPerSecond: number }> {
  const [small, large] = [await open("small"), await open("large")];
  await small.addAppointments(bookedAppointments(few, signal));
  progress(`${name}: adding ${many} appointments`);
  const start = performance.now();
  await large.addAppointments(bookedAppointments(many, signal));
  const importPerSecond = (many * 1000) / (performance.now() - start);
  await settle("large");
  progress(`${name}: looking up ${count} callers`);
  const amongFew: Filled = { appointments: small.appointments, rows: few, took: [] };
  const amongMany: Filled = { appointments: large.appointments, rows: many, took: [] };
  await lookUp([amongFew, amongMany], count, signal);
  return {
    importPerSecond,
    rows: [
      benchRow({
        metric: `${name}: p99 of a lookup by number among ${many}`,
        unit: "ms",
        ours: percentile(amongMany.took, 99),
        theirs: null,
        goal: p99Goal,
      }),
      benchRow({
        metric: `${name}: p50 of a lookup among ${many}, beside ${few}`,
        unit: "ms",
        ours: percentile(amongMany.took, 50),
        theirs: percentile(amongFew.took, 50),
        goal: "<= 2x",
      }),
    ],
  };
}

async function onSqlite(context: RunContext, size: Size): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), "bench-lookup-"));
  context.onEnd(() => rm(folder, { recursive: true, force: true }));
  const { rows, importPerSecond } = await measure(context, "SQLite", size, "<= 0.1 ms", (place) => {
    const database = openSqlite(join(folder, `${place}.db`));
    context.onEnd(() => database.close());
    return database;
  });
  const imported = benchRow({
    metric: "SQLite: appointments added",
    unit: "rows/s",
    ours: importPerSecond,
    theirs: null,
    goal: ">= 50000 rows/s",
  });
  return [...rows, imported];
}

async function onPostgres(context: RunContext, size: Size): Promise<BenchRow[]> {
  const { pool } = await startRunPostgres(context, 2);
  const open = (schema: string) => openPostgres(pool, { schema, deadlineMs: 60_000 });
  // What the server would do by itself in the minutes after an import, and the measurement is not about.
  const settle = async (schema: string): Promise<void> => {
    await pool.query(`VACUUM ANALYZE ${schema}.appointments`);
    await pool.query("CHECKPOINT");
  };
  return (await measure(context, "PostgreSQL", size, "<= 2 ms", open, settle)).rows;
}
