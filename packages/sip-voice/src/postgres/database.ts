import { setTimeout as pause } from "node:timers/promises";
import type { PoolUsage } from "../log/pool-usage.ts";
import type { PostgresClient, PostgresPool, PostgresResult } from "./pool.ts";
import { type PoolGauge, poolGauge } from "./pool-gauge.ts";
import { asStoreError, leavesConnectionUsable, mayBeRepeated, tooSlow } from "./store-unavailable.ts";

/** Runs one statement with parameters; throws `store-unavailable`. */
export type Query = (text: string, values?: readonly unknown[]) => Promise<PostgresResult>;

/** The user's pool with the two ways to use it. */
export interface PostgresDatabase {
  /** The schema that holds the tables, quoted. */
  readonly schema: string;
  /** Runs one statement that only reads. */
  read: Query;
  /** Runs a text that begins and commits a transaction itself: where it fails, its connection is out of that transaction again. */
  script: Query;
  /**
   * Runs statements in one transaction; when this resolves it is on the disk. The work is done again when the server undid
   * it because of others; it must do nothing but ask the database.
   */
  write<T>(work: (query: Query) => Promise<T>): Promise<T>;
  /** How busy the pool is. */
  poolUsage(): PoolUsage;
}

/** How often a transaction that the server undid is done again. */
const mostTries = 6;

/** Resolves as the step does, or rejects when the time is over. */
async function within<T>(until: number, step: Promise<T>): Promise<T> {
  // What becomes of the step after that is nobody's concern.
  step.catch(() => {});
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(tooSlow()), Math.max(0, until - performance.now()));
  });
  try {
    return await Promise.race([step, over]);
  } finally {
    clearTimeout(timer);
  }
}

const heeded = new WeakSet<PostgresPool>();

/**
 * Gives each connection of the pool a listener from its first moment. `pg` may read "ready" and "terminated by the
 * administrator" in one piece: the second would end the process before whoever waits for the connection can listen.
 * The pool's own `error` event is as it was.
 */
function heedNewConnections(pool: PostgresPool): void {
  if (heeded.has(pool)) return;
  heeded.add(pool);
  pool.on?.("connect", (client) => void client.on?.("error", () => {}));
}

/** Takes a connection for some work, and gives it back in order, or has it closed. */
async function onConnection<T>(
  pool: PostgresPool,
  gauge: PoolGauge,
  until: number,
  work: (query: Query) => Promise<T>,
): Promise<T> {
  let isTooLate = false;
  const connecting = Promise.resolve()
    .then(() => pool.connect())
    .then((client) => {
      if (isTooLate) client.release();
      return client;
    });
  let client: PostgresClient;
  try {
    client = await gauge.waitFor(within(until, connecting));
  } catch (error) {
    isTooLate = true;
    throw asStoreError(error);
  }
  // A connection that breaks between two statements says so in an event; the next statement then fails.
  const onError = (): void => {};
  client.on?.("error", onError);
  let broken: Error | undefined;
  try {
    return await work(async (text, values = []) => {
      try {
        return await within(until, client.query(text, [...values]));
      } catch (error) {
        if (!leavesConnectionUsable(error)) broken = asStoreError(error);
        throw asStoreError(error);
      }
    });
  } finally {
    client.off?.("error", onError);
    client.release(broken);
  }
}

/**
 * Opens a transaction in one round trip. The settings hold for it alone, and whatever the pool's defaults are: each
 * statement has to see what others committed before it (READ COMMITTED), what is acknowledged has to be on the disk, and
 * the server ends what this process has given up on.
 */
function beginning(until: number): string {
  // A little less than is left: then the server's own answer comes first, and the connection can be kept.
  const ms = Math.max(1, Math.ceil((until - performance.now()) * 0.9));
  return `BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
    SET LOCAL statement_timeout = ${ms}; SET LOCAL lock_timeout = ${ms};
    SET LOCAL idle_in_transaction_session_timeout = ${ms};
    SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off'`;
}

/** Runs work in one transaction on one connection. */
async function transaction<T>(
  pool: PostgresPool,
  gauge: PoolGauge,
  until: number,
  work: (query: Query) => Promise<T>,
): Promise<T> {
  return await onConnection(pool, gauge, until, async (query) => {
    await query(beginning(until));
    try {
      const result = await work(query);
      await query("COMMIT");
      return result;
    } catch (error) {
      // After a lost connection this fails too: the server undoes what it did not commit, and the connection is closed.
      await query("ROLLBACK").catch(() => {});
      throw error;
    }
  });
}

/** Reads and writes through a pool, each within the deadline. */
export function databaseOn(pool: PostgresPool, schema: string, deadlineMs: number): PostgresDatabase {
  heedNewConnections(pool);
  const gauge = poolGauge(pool);
  return {
    schema,
    poolUsage: gauge.usage,
    read: (text, values) =>
      onConnection(pool, gauge, performance.now() + deadlineMs, (query) => query(text, values)),
    script: (text, values) =>
      onConnection(pool, gauge, performance.now() + deadlineMs, async (query) => {
        try {
          return await query(text, values);
        } catch (error) {
          await query("ROLLBACK").catch(() => {});
          throw error;
        }
      }),
    async write(work) {
      const until = performance.now() + deadlineMs;
      for (let tries = 1; ; tries++) {
        try {
          return await transaction(pool, gauge, until, work);
        } catch (error) {
          if (!mayBeRepeated(error) || tries === mostTries || performance.now() >= until) throw error;
        }
        await pause(Math.random() * 10 * tries);
      }
    },
  };
}
