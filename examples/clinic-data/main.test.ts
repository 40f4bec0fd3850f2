import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openClinicDatabase } from "@clinic/sip-voice/sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

let folder: string;
let child: ChildProcess | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "clinic-data-"));
});

afterEach(() => {
  child?.kill("SIGKILL");
  rmSync(folder, { recursive: true });
});

/** Runs the command; `onLine` hears each line of its progress. */
async function run(args: readonly string[], onLine: (line: string, child: ChildProcess) => void = () => {}) {
  const started = spawn(process.execPath, [join(import.meta.dirname, "main.ts"), ...args], { cwd: folder });
  child = started;
  let [stdout, stderr] = ["", ""];
  started.stdout.on("data", (data) => (stdout += data));
  started.stderr.on("data", (data) => {
    stderr += data;
    onLine(String(data), started);
  });
  const [code, signal] = await once(started, "close");
  return { code, signal, stdout, stderr };
}

const rows = 20_000;
const wrong = new Set([7, 12_345]);

function writeList(): void {
  const lines = Array.from({ length: rows }, (_, index) => {
    const number = wrong.has(index) ? "tomorrow" : "(510) 555-0111";
    return `a-${index},p-${index},Nadia Haddad,${number},Dr. Lane,2026-11-24 10:00`;
  });
  writeFileSync(
    join(folder, "list.csv"),
    ["id,patientId,patientName,phoneNumber,provider,start", ...lines].join("\n"),
  );
}

const importing = [
  "import",
  "appointments",
  "list.csv",
  "--clinic",
  "main",
  "--time-zone",
  "America/Los_Angeles",
];
const options = ["--minutes", "30", "--country", "US"];

async function count(): Promise<number> {
  const store = openClinicDatabase(join(folder, "clinic.sqlite"));
  let all = 0;
  for await (const _ of store.listAppointments("main")) all += 1;
  store.close();
  return all;
}

describe("clinic-data", () => {
  it.each(["SIGINT", "SIGKILL"] as const)("goes on with an import that %s has ended", async (signal) => {
    writeList();
    let lines = 0;
    const ended = await run([...importing, ...options], (_line, process) => {
      lines += 1;
      if (lines === 5) process.kill(signal);
    });
    expect(signal === "SIGINT" ? ended.code : ended.signal).toBe(signal === "SIGINT" ? 130 : "SIGKILL");
    const before = await count();
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(rows - wrong.size);

    const rest = await run([...importing, ...options]);
    expect(rest.stderr).toMatch(/going on after line \d+/);
    expect(rest.code).toBe(1);
    expect(await count()).toBe(rows - wrong.size);
    expect(existsSync(join(folder, "list.csv.progress"))).toBe(false);
    const rejects = readFileSync(join(folder, "list.csv.rejects.csv"), "utf8");
    for (const index of wrong) expect(rejects.split(`"a-${index}"`)).toHaveLength(2);
    expect(ended.stderr + rest.stderr + rest.stdout).not.toMatch(/tomorrow|Haddad/);
  });

  it("makes up a clinic, exports it, and imports that elsewhere", async () => {
    const made = await run([
      "demo",
      "--appointments",
      "300",
      "--free-slots",
      "50",
      "--from",
      "2026-11-30T08:00:00-08:00",
    ]);
    expect(made).toMatchObject({ code: 0, stdout: "300 appointments and 350 slots are new.\n" });
    for (const what of ["slots", "appointments"]) {
      expect((await run(["export", what, `${what}.csv`, "--clinic", "demo"])).code).toBe(0);
      const again = await run(["import", what, `${what}.csv`, "--database", "other.sqlite"]);
      expect(again).toMatchObject({
        code: 0,
        stdout: `${what === "slots" ? 350 : 300} new, 0 known, 0 rejected\n`,
      });
      expect(
        (await run(["export", what, `${what}-2.csv`, "--clinic", "demo", "--database", "other.sqlite"])).code,
      ).toBe(0);
      expect(readFileSync(join(folder, `${what}-2.csv`), "utf8")).toBe(
        readFileSync(join(folder, `${what}.csv`), "utf8"),
      );
    }
  });

  it("says in words what is wrong", async () => {
    writeFileSync(join(folder, "list.csv"), "Nadia Haddad,+15105550111\n");
    const { code, stderr } = await run([...importing, ...options]);
    expect(code).toBe(1);
    expect(stderr).toContain("first line lacks id");
    expect(stderr).not.toContain("Haddad");
  });
});
