/**
 * Writers are killed while they write, 200 times on SQLite and on PostgreSQL: nothing acknowledged is lost, nothing half-written is seen. A
 * SIGKILL takes the process and leaves the operating system; that a commit is on the disk before it is acknowledged is what both databases are
 * told, and a crash of the PostgreSQL server is among the kills.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SipVoiceError } from "@clinic/sip-voice";
import { openClinicDatabase as openPostgres } from "@clinic/sip-voice/postgres";
import { openClinicDatabase as openSqlite } from "@clinic/sip-voice/sqlite";
import type { Claim } from "../src/claim.ts";
import type { RunContext } from "../src/run-context.ts";
import { startRunPostgres } from "../src/run-postgres.ts";
import { fullDisk } from "./crash-writes/full-disk.ts";
import { type FilledPorts, Killing } from "./crash-writes/killing.ts";
import { versionAfter } from "./crash-writes/writer.ts";

const quickKills = { sqlite: 8, postgres: 8 };
const kills = { sqlite: 200, postgres: 200 };
const mostAtOnce = 8;
/** One in so many rounds on PostgreSQL, the server is the one that dies. */
const serverDiesEvery = 5;

/** Kills writers on both databases, and fills a disk. */
export async function prove(context: RunContext): Promise<readonly Claim[]> {
  const { quick, onEnd, progress, signal } = context;
  const times = quick ? quickKills : kills;
  const atOnce = quick ? mostAtOnce / 2 : mostAtOnce;
  const folder = await mkdtemp(join(tmpdir(), "prove-crash-writes-"));
  onEnd(() => rm(folder, { recursive: true, force: true }));

  const file = join(folder, "clinic.db");
  const onSqlite = openSqlite(file, { busyTimeoutMs: 60_000 });
  onEnd(() => onSqlite.close());
  const sqlite = new Killing("SQLite", ["sqlite", file], { ...onSqlite, versionAfter }, context);
  progress(`SQLite: ${times.sqlite} kills`);
  while (sqlite.left(times.sqlite) > 0) {
    signal.throwIfAborted();
    await sqlite.round(Math.min(atOnce, sqlite.left(times.sqlite)));
  }

  const { url, pool, restart } = await startRunPostgres(context, atOnce);
  const onPostgres = await openPostgres(pool, { deadlineMs: 60_000 });
  const postgres = new Killing(
    "PostgreSQL",
    ["postgres", url],
    { ...patient(onPostgres), versionAfter },
    context,
  );
  progress(`PostgreSQL: ${times.postgres} kills`);
  for (let round = 1; postgres.left(times.postgres) > 0; round++) {
    signal.throwIfAborted();
    const writers = Math.min(atOnce, postgres.left(times.postgres));
    const isServers = round % (quick ? 2 : serverDiesEvery) === 0;
    await (isServers ? postgres.round(writers, () => restart("crash")) : postgres.round(writers));
  }
  progress("a full disk, and files that can't be written to");
  return [...sqlite.claims(), ...postgres.claims(), ...(await fullDisk(context, folder))];
}

/** The ports, asked again while the server that has crashed comes back: the pool still has connections that are gone. */
function patient(ports: Omit<FilledPorts, "versionAfter">): Omit<FilledPorts, "versionAfter"> {
  const again = <T extends object>(port: T): T =>
    new Proxy(port, {
      get(target, name) {
        const method = Reflect.get(target, name) as unknown;
        if (typeof method !== "function") return method;
        return async (...given: unknown[]): Promise<unknown> => {
          for (let tries = 1; ; tries++) {
            try {
              return await (method as (...all: unknown[]) => Promise<unknown>).apply(target, given);
            } catch (error) {
              const isOver = tries === 20 || !SipVoiceError.is(error) || error.code !== "store-unavailable";
              if (isOver) throw error;
              await sleep(100);
            }
          }
        };
      },
    });
  const { appointments, callLog, ledger, ...book } = ports;
  return {
    ...again(book),
    appointments: again(appointments),
    callLog: again(callLog),
    ledger: again(ledger),
  };
}
