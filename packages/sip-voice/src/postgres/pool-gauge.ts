import type { PoolUsage } from "../log/pool-usage.ts";
import type { PostgresPool } from "./pool.ts";

/** Counts who asks a pool for a connection, and how long they wait. */
export interface PoolGauge {
  /** Waits for a connection with somebody. */
  waitFor<T>(connection: Promise<T>): Promise<T>;
  /** The numbers of this moment. */
  usage(): PoolUsage;
}

/** The {@link PoolGauge} of a pool. */
export function poolGauge(pool: PostgresPool): PoolGauge {
  let waiting = 0;
  let asked = 0;
  let missed = 0;
  let waitedMs = 0;
  let longestWaitMs = 0;
  return {
    async waitFor(connection) {
      const since = performance.now();
      waiting += 1;
      asked += 1;
      try {
        return await connection;
      } catch (error) {
        missed += 1;
        throw error;
      } finally {
        const ms = performance.now() - since;
        waiting -= 1;
        waitedMs += ms;
        longestWaitMs = Math.max(longestWaitMs, ms);
      }
    },
    usage: () => ({
      total: pool.totalCount,
      idle: pool.idleCount,
      waiting,
      asked,
      missed,
      waitedMs,
      longestWaitMs,
    }),
  };
}
