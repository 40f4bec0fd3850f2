import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { freeTcpPort } from "../livekit-server/free-port.ts";
import { PostgresFailed } from "./missing-postgres.ts";
import { postgresFolder, type ServerUser, serverUser } from "./postgres-programs.ts";

/** A PostgreSQL server of one run: on loopback, with a folder of its own, gone when it is stopped or this process ends. */
export interface PostgresServer {
  /** Its address with user, password and database, for the `connectionString` of `pg`. */
  readonly url: string;
  /** Ends the server as an administrator does, or as a power cut does, and starts it again on the same data and port. */
  restart(how?: "stop" | "crash"): Promise<void>;
  /** Ends the server until `restart`. */
  pause(): Promise<void>;
  /** Ends the server and removes its data. Safe to call twice. */
  stop(): Promise<void>;
}

const readyWithinMs = 60_000;
const user = "clinic";
/** Nothing of the caller's environment: PGHOST and the like must not lead to another server. */
const env = { PATH: process.env.PATH ?? "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" };

function createCluster(programs: string, folder: string, password: string, as: ServerUser | undefined): void {
  const passwordFile = join(folder, "password");
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (as) for (const path of [folder, passwordFile]) chownSync(path, as.uid, as.gid);
  const options = ["-D", join(folder, "data"), "-U", user, "-A", "scram-sha-256", `--pwfile=${passwordFile}`];
  const run = spawnSync(join(programs, "initdb"), [...options, "-E", "UTF8", "--locale=C", "--no-sync"], {
    cwd: folder,
    env,
    encoding: "utf8",
    ...as,
  });
  if (run.status !== 0) {
    const output = `${run.stdout ?? ""}${run.stderr ?? ""}${run.error?.message ?? ""}`;
    throw new PostgresFailed("PostgreSQL could not make a new cluster.", output);
  }
}

/** Waits for a guard that does not keep the process alive by itself. */
async function held<T>(step: Promise<T>): Promise<T> {
  const hold = setInterval(() => {}, 60_000);
  try {
    return await step;
  } finally {
    clearInterval(hold);
  }
}

/** Waits until the server takes connections and no longer says that it is starting up. */
async function answers(port: number, guard: ChildProcess, log: () => string): Promise<void> {
  const until = performance.now() + readyWithinMs;
  while (performance.now() < until && guard.exitCode === null) {
    const isReady = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1");
      // A start-up packet for a user that does not exist: a server that is ready asks for the password (R), else an error (E).
      const startup = Buffer.from(`\0\x03\0\0user\0${user}\0database\0postgres\0\0`, "latin1");
      const length = Buffer.alloc(4);
      length.writeUInt32BE(startup.length + 4);
      socket.once("connect", () => socket.write(Buffer.concat([length, startup])));
      socket.once("data", (data) => {
        socket.destroy();
        resolve(data.subarray(0, 1).toString() === "R");
      });
      socket.once("error", () => resolve(false));
      socket.once("close", () => resolve(false));
    });
    if (isReady) return;
    await sleep(20);
  }
  throw new PostgresFailed("PostgreSQL did not start.", log());
}

/**
 * Makes a PostgreSQL cluster in a temporary folder and starts it on a free port of 127.0.0.1, with fsync on. As root it runs
 * as the user `postgres`. It ends with this process, however that ends.
 *
 * @throws PostgresMissing when it is not installed, PostgresFailed when it does not start
 */
export async function startPostgresServer(): Promise<PostgresServer> {
  const programs = postgresFolder();
  const as = serverUser();
  const folder = mkdtempSync(join(tmpdir(), "sip-voice-postgres-"));
  const password = randomBytes(18).toString("base64url");
  try {
    chmodSync(folder, 0o700);
    createCluster(programs, folder, password, as);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  const port = await freeTcpPort();
  const script = readFileSync(join(import.meta.dirname, "postgres-guard.sh"), "utf8");
  // Detached, so that Ctrl-C in a terminal reaches this process alone, which then ends the guard in its own time.
  const guard = spawn(
    "sh",
    ["-c", script, "postgres-guard", join(programs, "postgres"), folder, String(port)],
    {
      cwd: folder,
      env,
      detached: true,
      stdio: ["pipe", "pipe", "ignore"],
      ...as,
    },
  );
  const exited = once(guard, "exit");
  const lines = createInterface({ input: guard.stdout })[Symbol.asyncIterator]();
  const order = async (word: string): Promise<void> => {
    guard.stdin.write(`${word}\n`);
    await held(lines.next());
  };
  const log = (): string => {
    try {
      return readFileSync(join(folder, "log"), "utf8");
    } catch {
      return "";
    }
  };
  const start = async (): Promise<void> => {
    await order("start");
    await answers(port, guard, log);
  };
  const stop = async (): Promise<void> => {
    guard.stdin.end();
    await held(exited);
  };
  // The guard must not keep this process alive: it is ended by it, not waited for.
  guard.unref();
  for (const stream of [guard.stdin, guard.stdout]) (stream as { unref?(): void }).unref?.();
  try {
    await start();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: `postgres://${user}:${password}@127.0.0.1:${port}/postgres`,
    async restart(how = "stop") {
      await order(how);
      await start();
    },
    pause: () => order("stop"),
    stop,
  };
}
