import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openClinicDatabase } from "./clinic-database.ts";
import { type RaceResult, race } from "./rival-process.ts";
import { migrations } from "./schema.ts";

let folder: string;
let path: string;
const children: ChildProcess[] = [];

function rival(task: "race" | "append", which: string): ChildProcess {
  const child = fork(join(import.meta.dirname, "rival-process.ts"), [path, task, which], { execArgv: [] });
  children.push(child);
  return child;
}

/** The file as the first version of this package left it. */
function makeFirstSchema(): void {
  const raw = new DatabaseSync(path);
  raw.exec("CREATE TABLE schema_version (version INTEGER PRIMARY KEY) STRICT");
  raw.exec("INSERT INTO schema_version (version) VALUES (1)");
  raw.exec(migrations[0] ?? "");
  raw.close();
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sip-voice-processes-"));
  path = join(folder, "clinic.db");
});

afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  rmSync(folder, { recursive: true });
});

describe("several processes on one file", { timeout: 60_000 }, () => {
  it.each(["is not there yet", "has the first schema"])(
    "that %s bring it up to date once, dial each attempt once and book each slot once",
    async (which) => {
      if (which === "has the first schema") makeFirstSchema();
      const rivals = Array.from({ length: race.rivals }, (_, ordinal) => rival("race", String(ordinal)));
      await Promise.all(rivals.map((child) => once(child, "message")));
      // All are waiting at the line: they open the file at the same moment.
      const results = (await Promise.all(
        rivals.map(async (child) => {
          const result = once(child, "message");
          child.send("go");
          return (await result)[0];
        }),
      )) as RaceResult[];

      expect(results.reduce((sum, { added }) => sum + added, 0)).toBe(race.slots * (race.rivals + 1));
      const dialled = results.flatMap((result) => result.dialled);
      expect(dialled).toHaveLength(race.attempts);
      expect(new Set(dialled).size).toBe(race.attempts);
      const booked = results.flatMap((result) => result.booked);
      expect(booked).toHaveLength(race.slots);
      expect(new Set(booked).size).toBe(race.slots);

      const { appointments, callLog, ledger, close } = openClinicDatabase(path);
      expect(await ledger.underWay()).toEqual([]);
      expect((await callLog.read("call-of-all"))?.entries).toHaveLength(race.attempts);
      const day = {
        clinicId: "main",
        at: "2026-11-23T18:00:00Z",
        from: "2026-11-27T00:00:00Z",
        to: "2026-11-28T00:00:00Z",
      };
      expect(await appointments.openSlots(day)).toEqual([]);
      close();
    },
  );

  it("lose nothing that was acknowledged, and write nothing by halves, when one is killed", async () => {
    for (const round of [1, 2, 3, 4, 5]) {
      const callId = `call-${round}`;
      const child = rival("append", callId);
      let acknowledged = 0;
      child.on("message", (at) => {
        acknowledged = Number(at);
        if (acknowledged >= 20 + 7 * round) child.kill("SIGKILL");
      });
      await once(child, "exit");

      const { callLog, close } = openClinicDatabase(path);
      const entries = (await callLog.read(callId))?.entries ?? [];
      expect(entries.length).toBeGreaterThanOrEqual(2 * acknowledged);
      expect(entries.map(({ at }) => at)).toEqual(entries.map((_, index) => Math.floor(index / 2) + 1));
      expect(entries.length % 2).toBe(0);
      await callLog.append(callId, [{ at: 0, event: { type: "opener-said" } }]);
      close();
    }
    const raw = new DatabaseSync(path);
    expect(raw.prepare("PRAGMA integrity_check").all()).toEqual([{ integrity_check: "ok" }]);
    raw.close();
  });
});
