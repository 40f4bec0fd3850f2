import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import { attemptOf, type RaceResult, race, raceCap } from "./rival-process.ts";
import { migrations } from "./schema.ts";
import { type ThrowAwaySchema, throwAwaySchema } from "./throw-away-schema.ts";

const children: ChildProcess[] = [];
let schema: ThrowAwaySchema;

function rival(task: "race" | "work", ordinal: number): ChildProcess {
  const file = join(import.meta.dirname, "rival-process.ts");
  const child = fork(file, [inject("postgresUrl"), schema.schema, task, String(ordinal)], { execArgv: [] });
  children.push(child);
  return child;
}

/** What a rival says next. */
async function said(child: ChildProcess): Promise<unknown> {
  const over = once(child, "exit").then(([code]) => {
    throw new Error(`A rival ended with ${code}.`);
  });
  over.catch(() => {});
  return (await Promise.race([once(child, "message"), over]))[0];
}

beforeEach(() => {
  schema = throwAwaySchema(inject("postgresUrl"));
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await schema.dispose();
});

describe("several processes on one database", () => {
  it("make its tables once, dial each attempt once, keep the caps and book each slot once", async () => {
    const rivals = Array.from({ length: race.rivals }, (_, ordinal) => rival("race", ordinal));
    await Promise.all(rivals.map(said));
    // All are waiting at the line: they make the schema that is not there yet at the same moment.
    const results = (await Promise.all(
      rivals.map(async (child) => {
        const result = said(child);
        child.send("go");
        return await result;
      }),
    )) as RaceResult[];

    expect(results.reduce((sum, { added }) => sum + added, 0)).toBe(race.slots * (race.rivals + 1));
    const dialled = results.flatMap((result) => result.dialled);
    expect(dialled).toHaveLength(race.attempts);
    expect(new Set(dialled).size).toBe(race.attempts);
    expect(results.flatMap((result) => result.capped)).toHaveLength(race.cap);
    const booked = results.flatMap((result) => result.booked);
    expect(booked).toHaveLength(race.slots);
    expect(new Set(booked).size).toBe(race.slots);

    const { appointments, callLog, ledger } = await schema.open();
    expect(await ledger.underWay()).toHaveLength(race.cap);
    expect((await ledger.reserve(attemptOf("late"), [raceCap])).kind).toBe("capped");
    expect((await callLog.read("call-of-all"))?.entries).toHaveLength(race.attempts);
    const day = {
      clinicId: "main",
      at: "2026-11-23T18:00:00Z",
      from: "2026-11-27T00:00:00Z",
      to: "2026-11-28T00:00:00Z",
    };
    expect(await appointments.openSlots(day)).toEqual([]);
    const { rows } = await schema.query(
      `SELECT version FROM ${schema.schema}.schema_version ORDER BY version`,
    );
    expect(rows).toEqual(migrations(schema.schema).map((_, index) => ({ version: index + 1 })));
  });

  it("lose nothing that was acknowledged, write nothing by halves and hold up nobody, when one is killed", async () => {
    const { ledger, callLog } = await schema.open();
    for (const round of [1, 2, 3, 4, 5]) {
      const child = rival("work", round);
      const acknowledged = new Map<string, string>();
      let steps = 0;
      child.on("message", (message) => {
        const [attemptId, state] = message as [string, string];
        acknowledged.set(attemptId, state);
        steps += 1;
        if (steps === 30 + 7 * round) child.kill("SIGKILL");
      });
      await once(child, "exit");
      expect(steps).toBeGreaterThanOrEqual(30);

      const order = ["reserved", "dialing", "settled"];
      for (const [attemptId, state] of acknowledged) {
        const kept = await ledger.get(attemptId);
        // The step after the last one may have been kept too.
        expect(order.indexOf(kept?.state ?? "")).toBeGreaterThanOrEqual(order.indexOf(state));
      }
      const entries = (await callLog.read(`call-${round}`))?.entries ?? [];
      expect(entries.map(({ at }) => at)).toEqual(entries.map((_, index) => Math.floor(index / 2) + 1));
      expect(entries.length % 2).toBe(0);
      // The locks of the one who is gone are gone too.
      const reservation = await ledger.reserve(attemptOf(`after-${round}`), [
        { ...raceCap, atMost: 1_000_000 },
      ]);
      expect(reservation.kind).toBe("reserved");
    }
  });
});
