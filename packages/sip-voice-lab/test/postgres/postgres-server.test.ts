import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, globSync, mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, inject, test } from "vitest";
import { postgresFolder, startPostgresServer } from "../../src/postgres-server/index.ts";

const portOf = (url: string): number => Number(new URL(url).port);

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; !isSo(); tries++) {
    if (tries === 1200) throw new Error("It did not become so within a minute.");
    await sleep(50);
  }
}

/** What psql prints for a question. */
function ask(url: string, question: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const args = [url, "-AtX", "-c", question];
    execFile(join(postgresFolder(), "psql"), args, (error, stdout) =>
      error ? reject(error) : resolve(stdout.trim()),
    );
  });
}

test("the server of the run keeps what it acknowledged, and listens on loopback only", async () => {
  const url = inject("postgresUrl");
  expect(await ask(url, "SHOW fsync")).toBe("on");
  expect(await ask(url, "SHOW synchronous_commit")).toBe("on");
  expect(await ask(url, "SHOW listen_addresses")).toBe("127.0.0.1");
  expect(await ask(url, "SHOW unix_socket_directories")).toBe("");
});

test("a server keeps its data over a restart and a crash, and takes its folder along when it is stopped", async () => {
  const server = await startPostgresServer();
  const folder = (await ask(server.url, "SHOW data_directory")).replace(/\/data$/, "");
  await ask(server.url, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (42)");
  await server.restart();
  await server.restart("crash");
  expect(await ask(server.url, "SELECT n FROM kept")).toBe("42");
  await server.pause();
  expect(await isListening(portOf(server.url))).toBe(false);
  await server.restart();
  await server.stop();
  await server.stop();
  expect(await isListening(portOf(server.url))).toBe(false);
  expect(existsSync(folder)).toBe(false);
});

test("a server ends with a process that is killed, also in the middle of its start", async () => {
  const temporary = mkdtempSync(join(tmpdir(), "sip-voice-killed-"));
  // The server may run as another user.
  chmodSync(temporary, 0o777);
  const source = join(import.meta.dirname, "../../src/postgres-server/index.ts");
  const program = `
    import { startPostgresServer } from ${JSON.stringify(source)};
    console.log((await startPostgresServer()).url);
    setInterval(() => {}, 1000);`;
  const run = () =>
    spawn(process.execPath, ["--input-type=module", "-e", program], {
      env: { ...process.env, TMPDIR: temporary },
      stdio: ["ignore", "pipe", "inherit"],
    });
  const hasLog = () => globSync(join(temporary, "*/log")).length > 0;
  try {
    const started = run();
    const [url] = (await once(createInterface({ input: started.stdout }), "line")) as [string];
    started.kill("SIGKILL");
    await until(() => globSync(join(temporary, "*")).length === 0);
    expect(await isListening(portOf(url))).toBe(false);

    const starting = run();
    await until(hasLog);
    starting.kill("SIGKILL");
    await until(() => globSync(join(temporary, "*")).length === 0);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
});
