import { execFileSync, spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

const main = join(import.meta.dirname, "../../prove/main.ts");
const labFolders = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith("sip-voice-lab-"));

/** The processes that a process has started, and those that they have started, and so on. */
function below(pid: number): number[] {
  const rows = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" })
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number));
  const found: number[] = [];
  for (let parents = [pid]; parents.length > 0; ) {
    parents = rows.filter(([, parent]) => parents.includes(parent!)).map(([child]) => child!);
    found.push(...parents);
  }
  return found;
}

test("an interrupted proof leaves no process and no file, and says nothing on standard output", async () => {
  const before = labFolders();
  const child = spawn(process.execPath, [main, "endings", "--quick", "--json"], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  const exited = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
  await new Promise<void>((resolve) => {
    let stderr = "";
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
      // The lab runs, its worker too, and a call is being made.
      if (stderr.includes("call 1 of")) setTimeout(resolve, 2_000);
    });
  });
  const started = below(child.pid!);
  expect(started.length).toBeGreaterThanOrEqual(3);
  child.kill("SIGINT");
  expect(await exited).toBe(130);
  expect(stdout).toBe("");
  await expect.poll(() => started.filter(isAlive), { timeout: 5_000 }).toEqual([]);
  expect(labFolders().filter((name) => !before.includes(name))).toEqual([]);
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
