/**
 * How busy a store's pool of connections is: numbers for a dashboard, and for an alarm before callers have to wait. The first
 * three are those of this moment; the others only grow, from when the store was opened.
 */
export interface PoolUsage {
  /** Connections that are open; `undefined` where the pool does not tell. */
  readonly total: number | undefined;
  /** Of those the ones that nobody uses; `undefined` where the pool does not tell. */
  readonly idle: number | undefined;
  /** How many wait for a connection. */
  readonly waiting: number;
  /** How often a connection was asked for. */
  readonly asked: number;
  /** How often there was none in time, or none could be opened. */
  readonly missed: number;
  /** How long everybody together has waited for a connection, in milliseconds. */
  readonly waitedMs: number;
  /** The longest that somebody waited, in milliseconds. */
  readonly longestWaitMs: number;
}

/** A store that tells how busy its pool is. */
export interface PoolMetrics {
  /** The numbers of this moment. Costs next to nothing. */
  poolUsage(): PoolUsage;
}
