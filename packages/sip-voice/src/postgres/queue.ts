import type { Job, PgBoss } from "pg-boss";
import { claimLapsesAfterMs, type Queue, type QueuedAttempt } from "../campaign/queue.ts";
import { SipVoiceError } from "../errors.ts";
import { type Logger, silentLogger } from "../log/logger.ts";
import { databaseOn, type Query } from "./database.ts";
import type { PostgresPool } from "./pool.ts";
import { schemaName } from "./schema-name.ts";
import { asStoreError } from "./store-unavailable.ts";

/** How {@link openQueue} uses a pool. */
export interface QueueOptions {
  /** The schema of pg-boss's tables, made when it is not there; `sip_voice_queue` unless given. Not that of the clinic's tables. */
  readonly schema?: string;
  /** The queue's name: letters, digits and `. _ - /`; `attempts` unless given. A campaign has one of its own, named after its id. */
  readonly name?: string;
  /** How long a step may take, in milliseconds; 3,000 unless given. */
  readonly deadlineMs?: number;
  /** Told when pg-boss's own supervision fails; nobody unless given. */
  readonly logger?: Logger;
}

/** A {@link Queue} on PostgreSQL. */
export interface PostgresQueue extends Queue {
  /** Ends pg-boss's supervision; the pool stays open. What is claimed lapses in its time. Doing so twice does nothing. */
  close(): Promise<void>;
}

/** What pg-boss keeps of an attempt. */
type AttemptJob = { readonly attemptId: string };

/** How long a job may wait, or be worked on: pg-boss deletes or ends it after that. */
const yearSeconds = 365 * 86_400;
const daySeconds = 86_400 - 1;
/** How often pg-boss looks for claims that have lapsed. */
const superviseSeconds = 2;
/** How many attempts are added in one statement. */
const attemptsAtOnce = 1_000;

/** Loads pg-boss, an optional peer dependency, on first use. */
async function loadPgBoss(): Promise<typeof PgBoss> {
  try {
    return (await import("pg-boss")).PgBoss;
  } catch (cause) {
    throw new SipVoiceError("missing-package", "pg-boss is not installed.", {
      field: "pg-boss",
      remedy: "Install it beside @clinic/sip-voice: npm install pg-boss",
      cause,
    });
  }
}

/** pg-boss on the statements of a connection or transaction; it wants PostgreSQL's own errors. */
function bossDatabase(query: Query) {
  return {
    async executeSql(text: string, values: unknown[] = []) {
      try {
        // Of several statements in one text pg gives a list of results: pg-boss knows it.
        return (await query(text, values)) as unknown as { rows: Record<string, unknown>[] };
      } catch (error) {
        throw SipVoiceError.is(error) && error.cause ? error.cause : error;
      }
    },
  };
}

const jobOf = ({ attemptId, priority = 0, notBefore }: QueuedAttempt) => ({
  data: { attemptId } satisfies AttemptJob,
  singletonKey: attemptId,
  priority,
  ...(notBefore === undefined ? {} : { startAfter: new Date(notBefore) }),
});

/**
 * Opens the queue of attempts through pg-boss (12 or newer) on a pool of yours, making its tables when they are not there. Any
 * number of processes and machines may do so at once. A claim that is not kept comes back within about 15 seconds.
 *
 * @throws SipVoiceError `missing-package` when pg-boss is not installed, `store-unavailable` when the database can't be reached
 * @example
 * ```ts
 * import { openQueue } from "@clinic/sip-voice/postgres";
 * import pg from "pg";
 *
 * const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
 * const queue = await openQueue(pool);
 * await queue.enqueue([{ attemptId: "recall-2026-11-24-0001" }]);
 * const [claim] = await queue.claim(1);
 * if (claim) await queue.postpone(claim, Date.now() + 3_600_000);
 * await queue.close();
 * await pool.end();
 * ```
 */
export async function openQueue(pool: PostgresPool, options: QueueOptions = {}): Promise<PostgresQueue> {
  const { deadlineMs = 3_000, logger = silentLogger } = options;
  const { name = "attempts" } = options;
  if (!/^[\w./-]{1,200}$/.test(name)) {
    const remedy = "Make it of 1 to 200 letters, digits and . _ - /";
    throw new SipVoiceError("invalid-option", "The queue's name can't be used.", { field: "name", remedy });
  }
  const { name: schema, quoted } = schemaName(options.schema ?? "sip_voice_queue");
  const { read, script, write } = databaseOn(pool, quoted, deadlineMs);
  const Boss = await loadPgBoss();
  const boss = new Boss({
    // Each of pg-boss's texts is a transaction of its own. Of two that make its tables one fails, and pg-boss knows it.
    db: bossDatabase(script),
    schema,
    schedule: false,
    superviseIntervalSeconds: superviseSeconds,
    monitorIntervalSeconds: superviseSeconds,
  });
  // Unheard, an error of its supervision would end the process.
  boss.on("error", (error) => logger.warn({ error: asStoreError(error) }, "the queue's supervision failed"));

  /** Runs a step of pg-boss; throws what this package throws. */
  async function step<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw asStoreError(error);
    }
  }

  /**
   * Puts attempts back whose claim has lapsed: pg-boss fails them (`retryLimit: 0`), and hands nothing out again by itself.
   * One that was added anew meanwhile stays failed, as it would be there twice.
   */
  async function bringBack(): Promise<void> {
    await write(async (query) => {
      const { rows } = await query(
        `SELECT id FROM ${quoted}.job AS lapsed WHERE name = $1 AND state = 'failed' AND NOT EXISTS (
           SELECT FROM ${quoted}.job AS other
           WHERE other.name = $1 AND other.singleton_key = lapsed.singleton_key AND other.state <= 'active'
         ) LIMIT 1000 FOR UPDATE SKIP LOCKED`,
        [name],
      );
      const ids = rows.map(({ id }) => String(id));
      if (ids.length > 0) await boss.retry(name, ids, { db: bossDatabase(query) });
    });
  }

  const attemptOf = (token: string) => {
    const [id = "", retryCount] = token.split(" ");
    return { id, retryCount: Number(retryCount) };
  };
  const wasOurs = (response: object): boolean => (response as { affected?: number }).affected === 1;

  await step(async () => {
    await boss.start();
    await boss.createQueue(name, {
      // One job of an attempt waits or is worked on.
      policy: "exclusive",
      retryLimit: 0,
      heartbeatSeconds: claimLapsesAfterMs / 1000,
      expireInSeconds: daySeconds,
      retentionSeconds: yearSeconds,
    });
  });

  return {
    enqueue: (attempts) =>
      step(async () => {
        await bringBack();
        let added = 0;
        for (let index = 0; index < attempts.length; index += attemptsAtOnce) {
          const jobs = attempts.slice(index, index + attemptsAtOnce).map(jobOf);
          added += (await boss.insert(name, jobs, { returnId: true }))?.length ?? 0;
        }
        return added;
      }),
    claim: (atMost) =>
      step(async () => {
        await bringBack();
        const jobs: Job<AttemptJob>[] =
          atMost > 0 ? await boss.fetch<AttemptJob>(name, { batchSize: atMost }) : [];
        return jobs.map(({ id, retryCount, data }) => ({
          attemptId: data.attemptId,
          token: `${id} ${retryCount}`,
        }));
      }),
    keep: ({ token }) => step(async () => wasOurs(await boss.touch(name, attemptOf(token)))),
    complete: ({ token }) => step(async () => wasOurs(await boss.complete(name, attemptOf(token)))),
    postpone: ({ attemptId, token }, notBefore) =>
      step(() =>
        write(async (query) => {
          // pg-boss can't move a job that is worked on: it is completed and added again, in one transaction.
          const db = bossDatabase(query);
          const { rows } = await query(`SELECT priority FROM ${quoted}.job WHERE name = $1 AND id = $2`, [
            name,
            attemptOf(token).id,
          ]);
          if (!wasOurs(await boss.complete(name, attemptOf(token), null, { db }))) return false;
          const priority = Number(rows[0]?.priority ?? 0);
          await boss.insert(name, [jobOf({ attemptId, priority, notBefore })], { db });
          return true;
        }),
      ),
    async counts() {
      const { rows } = await read(
        `SELECT count(*) FILTER (WHERE state < 'active' AND start_after <= now()) AS due,
           count(*) FILTER (WHERE state < 'active' AND start_after > now()) AS later,
           count(*) FILTER (WHERE state IN ('active', 'failed')) AS claimed
         FROM ${quoted}.job WHERE name = $1`,
        [name],
      );
      return {
        due: Number(rows[0]?.due),
        later: Number(rows[0]?.later),
        claimed: Number(rows[0]?.claimed),
      };
    },
    close: () => step(() => boss.stop({ graceful: false })),
  };
}
