import { closeSync, openSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { setTimeout as pause } from "node:timers/promises";
import { SipVoiceError } from "../errors.ts";
import { migrate } from "./schema.ts";
import { asStoreError, isBusy } from "./store-unavailable.ts";

/** One connection to the clinic's file, with the two ways to use it. */
export interface SqliteDatabase {
  /** The connection; statements are prepared on it once. */
  readonly connection: DatabaseSync;
  /** Runs statements that only read. */
  read<T>(work: () => T): Promise<T>;
  /** Runs statements in one transaction; when this resolves it is on the disk. */
  write<T>(work: () => T): Promise<T>;
  /** Closes the connection; doing so twice does nothing. */
  close(): void;
}

/** How long SQLite itself may wait for a lock: while it does so, nothing else runs in this process, sound included. */
const blockingWaitMs = 4;

/** `node:sqlite`, looked for at run time so that the rest of the package loads without it. */
function sqlite(): typeof import("node:sqlite") {
  const found = process.getBuiltinModule?.("node:sqlite");
  if (found) return found;
  throw new SipVoiceError("store-unavailable", `Node ${process.versions.node} has no node:sqlite.`, {
    remedy: "Run Node 22.18 or newer.",
  });
}

/** Makes the file if it is not there, readable by this user only: it holds patients' data. */
function touch(path: string): void {
  try {
    closeSync(openSync(path, "a", 0o600));
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    throw new SipVoiceError("store-unavailable", `The clinic database ${path} can't be opened for writing.`, {
      field: "path",
      remedy: missing ? "Make its folder first." : "Name a file that this user may write to.",
      cause,
    });
  }
}

/** Sets up a new connection. Waits for other processes by blocking, which nobody notices before the first call. */
function prepare(connection: DatabaseSync, inMemory: boolean, busyTimeoutMs: number): void {
  connection.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
  const until = performance.now() + busyTimeoutMs;
  for (;;) {
    try {
      const mode = connection.prepare("PRAGMA journal_mode = WAL").get()?.journal_mode;
      if (mode === "wal" || inMemory) break;
      throw new SipVoiceError("store-unavailable", "The clinic database can't keep a write-ahead log.", {
        field: "path",
        remedy: "Keep the file on a local disk.",
      });
    } catch (error) {
      // SQLite does not wait for this lock by itself when several processes open a new file.
      if (!isBusy(error) || performance.now() >= until) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
  // FULL: a commit is on the disk before it is acknowledged. fullfsync is what that takes on macOS.
  connection.exec("PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA foreign_keys = ON");
  migrate(connection);
  connection.exec(`PRAGMA busy_timeout = ${Math.min(blockingWaitMs, busyTimeoutMs)}`);
}

/** Opens the file and brings its schema up to date. */
export function openDatabase(path: string, busyTimeoutMs: number): SqliteDatabase {
  const { DatabaseSync } = sqlite();
  const inMemory = path === ":memory:";
  if (!inMemory) touch(path);
  let connection: DatabaseSync | undefined;
  try {
    connection = new DatabaseSync(path);
    prepare(connection, inMemory, busyTimeoutMs);
  } catch (error) {
    connection?.close();
    throw asStoreError(error);
  }
  return databaseOn(connection, busyTimeoutMs);
}

function databaseOn(connection: DatabaseSync, busyTimeoutMs: number): SqliteDatabase {
  const begin = connection.prepare("BEGIN IMMEDIATE");
  const commit = connection.prepare("COMMIT");

  function transaction<T>(work: () => T): T {
    // IMMEDIATE takes the write lock at once; a transaction that reads first could fail when it comes to write.
    begin.run();
    try {
      const result = work();
      commit.run();
      return result;
    } catch (error) {
      if (connection.isTransaction) connection.exec("ROLLBACK");
      throw error;
    }
  }

  /** The first try is made at once; while another process holds the lock, this one goes on with its other work. */
  async function patiently<T>(step: () => T, until: number): Promise<T> {
    for (;;) {
      try {
        return step();
      } catch (error) {
        if (!isBusy(error) || performance.now() >= until) throw asStoreError(error);
      }
      await pause(1 + Math.random() * 4);
    }
  }

  /** The write that was asked for last: the next one must not overtake it while it waits for the lock. */
  let last: Promise<unknown> | undefined;

  return {
    connection,
    read: (work) => patiently(work, performance.now() + busyTimeoutMs),
    write(work) {
      const until = performance.now() + busyTimeoutMs;
      const run = () => patiently(() => transaction(work), until);
      const result = last ? last.then(run) : run();
      const ended: Promise<unknown> = result
        .catch(() => {})
        .then(() => {
          if (last === ended) last = undefined;
        });
      last = ended;
      return result;
    },
    close() {
      if (connection.isOpen) connection.close();
    },
  };
}
