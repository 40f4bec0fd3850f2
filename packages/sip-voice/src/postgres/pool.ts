/** What a query gave. */
export interface PostgresResult {
  /** The rows, by column name. */
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  /** How many rows were read or changed. */
  readonly rowCount: number | null;
}

/** One connection out of a {@link PostgresPool}. */
export interface PostgresClient {
  /** Runs a statement with parameters, or several without. */
  query(text: string, values?: unknown[]): Promise<PostgresResult>;
  /** Gives the connection back; with an error it is closed and not used again. */
  release(error?: Error): void;
  /** Hears that the connection broke while nothing was asked; without a listener `pg` ends the process. */
  on?(event: "error", listener: (error: Error) => void): unknown;
  /** Stops listening. */
  off?(event: "error", listener: (error: Error) => void): unknown;
}

/** The part of a `pg` pool that is used here: `Pool` of `pg` fits, and so does whatever has the same shape. */
export interface PostgresPool {
  /** A connection, when one is free. */
  connect(): Promise<PostgresClient>;
  /** Tells of each new connection, before anybody gets it. */
  on?(event: "connect", listener: (client: PostgresClient) => void): unknown;
  /** How many connections are open. */
  readonly totalCount?: number;
  /** How many of them nobody uses. */
  readonly idleCount?: number;
}
