/**
 * How long it takes to find a caller's appointments among a million, on SQLite and on PostgreSQL over loopback: through the port,
 * and, as what there is to compare it with, by the bare statement, in turn.
 */
import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { pipeline } from "node:stream/promises";
import type { AppointmentBook, AppointmentStore } from "@clinic/sip-voice";
import { appointmentsCsv, demoClinic, importAppointments } from "@clinic/sip-voice/data";
import { openClinicDatabase as openPostgres } from "@clinic/sip-voice/postgres";
import { openClinicDatabase as openSqlite } from "@clinic/sip-voice/sqlite";
import { type BenchRow, benchRow } from "../src/bench-row.ts";
import { percentile } from "../src/median.ts";
import type { RunContext } from "../src/run-context.ts";
import { startRunPostgres } from "../src/run-postgres.ts";
import { bookedAppointments, clinicId, from, numberOfCaller } from "./lookup/booked-appointments.ts";

/** A store that can be filled, and asked without the port. */
interface FilledStore extends Pick<AppointmentBook, "addAppointments"> {
  readonly appointments: AppointmentStore;
  readonly bare: BareLookup;
}

/** Runs the statement of a lookup by itself; gives how many rows it found. */
type BareLookup = (number: string) => Promise<number> | number;

const fromMs = Date.parse(from);

/** A lookup as somebody would write it who needs no port. */
function bareLookup(table: string, parameter: (number: number) => string): string {
  const [number, clinic, start, limit] = [1, 2, 3, 4].map(parameter);
  return `SELECT * FROM ${table} WHERE phone_number = ${number} AND clinic_id = ${clinic} AND start_ms >= ${start}
    AND status <> 'cancelled' ORDER BY start_ms, id LIMIT ${limit}`;
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
  readonly bare: BareLookup;
  /** Milliseconds of each lookup through the port. */
  readonly took: number[];
  /** Milliseconds of each bare statement. */
  readonly tookBare: number[];
}

/** Looks callers from all over the stores up, in the stores in turn: what else the machine does meets all of them. */
async function lookUp(stores: readonly Filled[], count: number, signal: AbortSignal): Promise<void> {
  for (let index = -200; index < count; index++) {
    signal.throwIfAborted();
    for (const { appointments, bare, rows, took, tookBare } of stores) {
      // A prime steps through all callers without an order that a cache could like; nobody is asked for twice in a row.
      const ordinal = Math.abs(index) * 7_919;
      const number = numberOfCaller(ordinal % rows);
      const start = performance.now();
      const found = await appointments.findUpcoming(number, { clinicId, from });
      const ms = performance.now() - start;
      const another = numberOfCaller((ordinal + Math.floor(rows / 2)) % rows);
      const bareStart = performance.now();
      const foundBare = await bare(another);
      const bareMs = performance.now() - bareStart;
      if (found.length === 0 || foundBare === 0) throw new Error("A caller's appointment was not found.");
      // The first ones warm everything up.
      if (index < 0) continue;
      took.push(ms);
      tookBare.push(bareMs);
    }
  }
}

/** The same appointments, with a look at this process's memory after each so many. */
function* withMemory<Item>(items: Iterable<Item>, each: number, megabytes: number[]): Generator<Item> {
  let count = 0;
  for (const item of items) {
    if (count++ % each === 0) megabytes.push(process.memoryUsage.rss() / 1e6);
    yield item;
  }
}

async function measure(
  { signal, progress }: RunContext,
  name: string,
  { few, many, lookups: count }: Size,
  p99Goal: string,
  open: (place: string) => Promise<FilledStore> | FilledStore,
  settle: (place: string) => Promise<unknown> = async () => {},
): Promise<{
  readonly rows: BenchRow[];
  readonly importPerSecond: number;
  readonly memory: readonly number[];
}> {
  const [small, large] = [await open("small"), await open("large")];
  await small.addAppointments(bookedAppointments(few, signal));
  progress(`${name}: adding ${many} appointments`);
  const memory: number[] = [];
  const watched = withMemory(bookedAppointments(many, signal), many / 20, memory);
  const start = performance.now();
  await large.addAppointments(watched);
  const importPerSecond = (many * 1000) / (performance.now() - start);
  await settle("large");
  progress(`${name}: looking up ${count} callers`);
  const amongFew: Filled = { ...small, rows: few, took: [], tookBare: [] };
  const amongMany: Filled = { ...large, rows: many, took: [], tookBare: [] };
  await lookUp([amongFew, amongMany], count, signal);
  return {
    importPerSecond,
    memory,
    rows: [
      benchRow({
        metric: `${name}: p99 of a lookup by number among ${many}, beside the bare statement`,
        unit: "ms",
        ours: percentile(amongMany.took, 99),
        theirs: percentile(amongMany.tookBare, 99),
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
  const { rows, importPerSecond, memory } = await measure(context, "SQLite", size, "<= 0.1 ms", (place) => {
    const path = join(folder, `${place}.db`);
    const database = openSqlite(path);
    const raw = new DatabaseSync(path);
    context.onEnd(() => {
      raw.close();
      database.close();
    });
    const statement = raw.prepare(bareLookup("appointments", () => "?"));
    return { ...database, bare: (number) => statement.all(number, clinicId, fromMs, 10).length };
  });
  const imported = benchRow({
    metric: "SQLite: appointments added",
    unit: "rows/s",
    ours: importPerSecond,
    theirs: null,
    goal: ">= 50000 rows/s",
  });
  const quarter = memory.length / 4;
  const flat = benchRow({
    metric: "SQLite: memory in the last quarter of adding, beside the first",
    unit: "MB",
    ours: Math.max(...memory.slice(-quarter)),
    theirs: Math.max(...memory.slice(0, quarter)),
    goal: "<= 1.25x",
  });
  return [...rows, imported, flat, await importedFromCsv(context, folder, size)];
}

/** The same through the data tools: a file as a clinic has it, every row read, checked and kept. */
async function importedFromCsv(
  { progress, onEnd, signal }: RunContext,
  folder: string,
  { many }: Size,
): Promise<BenchRow> {
  const rows = Math.ceil(many / 5);
  progress(`SQLite: importing ${rows} appointments from CSV`);
  const { appointments } = demoClinic({ appointments: rows, from: "2026-11-30T08:00:00-08:00" });
  const file = join(folder, "appointments.csv");
  function* withoutSlots() {
    for (const appointment of appointments()) yield { ...appointment, slotId: undefined };
  }
  await pipeline(appointmentsCsv(withoutSlots()), createWriteStream(file));
  const database = openSqlite(join(folder, "imported.db"));
  onEnd(() => database.close());
  const start = performance.now();
  const { added } = await importAppointments(createReadStream(file), database, { signal });
  const seconds = (performance.now() - start) / 1000;
  if (added !== rows) throw new Error("The import lost rows.");
  return benchRow({
    metric: "SQLite: appointments imported from CSV",
    unit: "rows/s",
    ours: rows / seconds,
    theirs: null,
    goal: ">= 50000 rows/s",
  });
}

async function onPostgres(context: RunContext, size: Size): Promise<BenchRow[]> {
  const { pool } = await startRunPostgres(context, 2);
  const open = async (schema: string) => {
    const database = await openPostgres(pool, { schema, deadlineMs: 60_000 });
    const text = bareLookup(`${schema}.appointments`, (number) => `$${number}`);
    const bare = async (number: string) =>
      (await pool.query(text, [number, clinicId, fromMs, 10])).rows.length;
    return { ...database, bare };
  };
  // What the server would do by itself in the minutes after an import, and the measurement is not about.
  const settle = async (schema: string): Promise<void> => {
    await pool.query(`VACUUM ANALYZE ${schema}.appointments`);
    await pool.query("CHECKPOINT");
  };
  return (await measure(context, "PostgreSQL", size, "<= 2 ms", open, settle)).rows;
}
