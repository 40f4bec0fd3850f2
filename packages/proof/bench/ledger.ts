/** What a dial attempt costs in the ledger, on SQLite, and on PostgreSQL beside pg-boss. Durable, one attempt at a time. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openClinicDatabase as openPostgres } from "@clinic/sip-voice/postgres";
import { openClinicDatabase as openSqlite } from "@clinic/sip-voice/sqlite";
import { PgBoss } from "pg-boss";
import { type BenchRow, benchRow } from "../src/bench-row.ts";
import { median } from "../src/median.ts";
import type { RunContext } from "../src/run-context.ts";
import { startRunPostgres } from "../src/run-postgres.ts";
import { msPerAttempt, throughLedger, throughPgBoss } from "./ledger/contenders.ts";
import { pastAttempt, pastColumns, plannedAttempts } from "./ledger/planned-attempts.ts";

/** How many attempts a ledger holds that has been in use for long. */
const longHistory = 100_000;

/** Measures; see the issue "Outbound": 700 attempts/s on SQLite, on PostgreSQL at most 2.5x the time of pg-boss. */
export async function bench(context: RunContext): Promise<readonly BenchRow[]> {
  const size = context.quick
    ? { rounds: 2, attempts: 40, history: 2_000 }
    : { rounds: 9, attempts: 300, history: longHistory };
  return [...(await onSqlite(context, size)), ...(await onPostgres(context, size))];
}

interface Size {
  readonly rounds: number;
  readonly attempts: number;
  readonly history: number;
}

async function onSqlite(
  { signal, progress, onEnd }: RunContext,
  { rounds, attempts, history }: Size,
): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), "bench-ledger-"));
  onEnd(() => rm(folder, { recursive: true, force: true }));
  const [fresh, used] = ["fresh", "used"].map((name) => {
    const database = openSqlite(join(folder, `${name}.db`));
    onEnd(() => database.close());
    return { ledger: database.ledger, ms: [] as number[] };
  }) as [Contender, Contender];
  progress(`filling a ledger on SQLite with ${history} attempts`);
  const raw = new DatabaseSync(join(folder, "used.db"));
  raw.exec("BEGIN");
  const insert = raw.prepare(
    `INSERT INTO attempts (${pastColumns}, state, lease, counts) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'settled', 1, 1)`,
  );
  for (let ordinal = 0; ordinal < history; ordinal++) insert.run(...pastAttempt(ordinal));
  raw.exec("COMMIT");
  raw.close();

  for (let round = 0; round <= rounds; round++) {
    progress(`SQLite: round ${round} of ${rounds}`);
    for (const { ledger, ms } of [fresh, used]) {
      const took = await msPerAttempt(plannedAttempts(round, attempts), signal, (one) =>
        throughLedger(ledger, one),
      );
      // The first round warms everything up.
      if (round > 0) ms.push(took);
    }
  }
  return [
    benchRow({
      metric: "SQLite: attempts through policy, both phases and settle",
      unit: "attempts/s",
      ours: 1000 / median(used.ms),
      theirs: null,
      goal: ">= 700 attempts/s",
    }),
    benchRow({
      metric: `SQLite: an attempt, with ${history} in the ledger, beside an empty one`,
      unit: "ms",
      ours: median(used.ms),
      theirs: median(fresh.ms),
      goal: "<= 1.5x",
    }),
  ];
}

interface Contender {
  readonly ledger: Parameters<typeof throughLedger>[0];
  readonly ms: number[];
}

async function onPostgres(context: RunContext, { rounds, attempts, history }: Size): Promise<BenchRow[]> {
  const { signal, progress, onEnd } = context;
  const { url, pool } = await startRunPostgres(context, 4);
  const fresh: Contender = { ledger: (await openPostgres(pool, { schema: "fresh" })).ledger, ms: [] };
  const used: Contender = { ledger: (await openPostgres(pool, { schema: "used" })).ledger, ms: [] };
  progress(`filling a ledger on PostgreSQL with ${history} attempts`);
  for (let from = 0; from < history; from += 1_000) {
    const rows = Array.from({ length: Math.min(1_000, history - from) }, (_, index) =>
      pastAttempt(from + index),
    );
    await pool.query(
      `INSERT INTO used.attempts (${pastColumns}, state, lease)
       SELECT a->>0, a->>1, a->>2, a->>3, a->>4, (a->>5)::bigint, (a->>6)::bigint, (a->>7)::bigint, (a->>8)::bigint, 'settled', 1
       FROM json_array_elements($1::json) AS one (a)`,
      [JSON.stringify(rows)],
    );
  }
  await pool.query("VACUUM ANALYZE used.attempts");
  const boss = new PgBoss({ connectionString: url, schedule: false, supervise: false, max: 4 });
  boss.on("error", () => {});
  await boss.start();
  onEnd(() => boss.stop({ graceful: false }));
  await boss.createQueue("bench", { retryLimit: 0 });

  const bossMs: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    progress(`PostgreSQL: round ${round} of ${rounds}`);
    const planned = plannedAttempts(round, attempts);
    const theirs = await msPerAttempt(planned, signal, (one) => throughPgBoss(boss, "bench", one));
    if (round > 0) bossMs.push(theirs);
    for (const { ledger, ms } of [fresh, used]) {
      const ours = await msPerAttempt(planned, signal, (one) => throughLedger(ledger, one));
      if (round > 0) ms.push(ours);
    }
  }
  return [
    benchRow({
      metric: "PostgreSQL: an attempt through policy, both phases and settle, beside pg-boss moving one job",
      unit: "ms",
      ours: median(used.ms),
      theirs: median(bossMs),
      goal: "<= 2.5x",
    }),
    benchRow({
      metric: `PostgreSQL: an attempt, with ${history} in the ledger, beside an empty one`,
      unit: "ms",
      ours: median(used.ms),
      theirs: median(fresh.ms),
      goal: "<= 1.5x",
    }),
  ];
}
