/** A slot is booked once: 10,000 tries at a time by 8 processes on 100 slots, on SQLite and on PostgreSQL. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Appointment, AppointmentStore, Slot } from "@clinic/sip-voice";
import { openClinicDatabase as openPostgres } from "@clinic/sip-voice/postgres";
import { openClinicDatabase as openSqlite } from "@clinic/sip-voice/sqlite";
import { type Claim, ClaimTally } from "../src/claim.ts";
import type { RunContext } from "../src/run-context.ts";
import { startRunPostgres } from "../src/run-postgres.ts";
import type { BookerTry } from "./slots/booker.ts";
import { askedAt, rushAppointments, rushSlots } from "./slots/rush.ts";

const bookers = 8;

interface RushStore {
  readonly appointments: AppointmentStore;
  addSlots(slots: Iterable<Slot>): Promise<number>;
  addAppointments(appointments: Iterable<Omit<Appointment, "version">>): Promise<number>;
}

/** Has the rush on both databases, and counts. */
export async function prove(context: RunContext): Promise<readonly Claim[]> {
  const { quick, onEnd } = context;
  const size = quick ? { slots: 10, tries: 50 } : { slots: 100, tries: 1_250 };
  const folder = await mkdtemp(join(tmpdir(), "prove-slots-"));
  onEnd(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, "clinic.db");
  const onSqlite = openSqlite(file);
  onEnd(() => onSqlite.close());
  const claims = await rush(context, "SQLite", ["sqlite", file], onSqlite, size);

  const { url, pool } = await startRunPostgres(context, 4);
  const onPostgres = await openPostgres(pool, { deadlineMs: 60_000 });
  return [...claims, ...(await rush(context, "PostgreSQL", ["postgres", url], onPostgres, size))];
}

async function said(child: ChildProcess): Promise<unknown> {
  const over = once(child, "exit").then(([code]) => {
    throw new Error(`A booker ended with ${code}.`);
  });
  over.catch(() => {});
  return (await Promise.race([once(child, "message"), over]))[0];
}

async function rush(
  { signal, progress, onEnd }: RunContext,
  name: string,
  place: readonly [kind: string, where: string],
  store: RushStore,
  size: { readonly slots: number; readonly tries: number },
): Promise<Claim[]> {
  progress(`${name}: ${size.slots} slots, ${bookers} processes, ${bookers * size.tries} tries`);
  await store.addSlots(rushSlots(size.slots));
  await store.addAppointments(rushAppointments(bookers, size.tries));
  const children = Array.from({ length: bookers }, (_, ordinal) =>
    fork(join(import.meta.dirname, "slots/booker.ts"), [...place, String(ordinal)], { execArgv: [] }),
  );
  onEnd(() => {
    for (const child of children) child.kill("SIGKILL");
  });
  await Promise.all(children.map(said));
  signal.throwIfAborted();
  const start = performance.now();
  const tries = (
    await Promise.all(
      children.map(async (child) => {
        const done = said(child);
        child.send(size);
        return (await done) as BookerTry[];
      }),
    )
  ).flat();
  const seconds = ((performance.now() - start) / 1000).toFixed(1);

  const single = new ClaimTally(`${name}: each slot is booked exactly once, and the store has it so`);
  for (const { id } of rushSlots(size.slots)) {
    const winners = tries.filter((one) => one.slotId === id && one.answer === "booked");
    const winner = winners[0] && (await store.appointments.get(winners[0].appointmentId));
    single.try(winners.length === 1 && winner?.slotId === id, `${id} was booked ${winners.length} times`);
  }
  single.note(`${tries.length} tries in ${seconds} s`);

  const told = new ClaimTally(`${name}: everybody else is told, and keeps the appointment as it was`);
  for (const { appointmentId, answer } of tries) {
    if (answer === "booked") continue;
    const kept = await store.appointments.get(appointmentId);
    const isAsItWas = kept?.slotId === undefined && kept?.version === "1";
    told.try(answer === "SlotTaken" && isAsItWas, `${appointmentId}: ${answer}, version ${kept?.version}`);
  }
  const complete = new ClaimTally(`${name}: no try is lost, and no slot is left`);
  const free = await store.appointments.openSlots({
    clinicId: "main",
    at: askedAt,
    from: "2026-11-27T00:00:00Z",
    to: "2026-12-20T00:00:00Z",
    limit: size.slots,
  });
  complete.try(tries.length === bookers * size.tries, `${tries.length} answers`);
  complete.try(free.length === 0, `${free.length} slots are free`);
  return [single.result(), told.result(), complete.result()];
}
