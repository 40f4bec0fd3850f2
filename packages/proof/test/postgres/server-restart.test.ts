import { type Attempt, SipVoiceError } from "@clinic/sip-voice";
import { openClinicDatabase, openQueue } from "@clinic/sip-voice/postgres";
import { sampleAttempt } from "@clinic/sip-voice/testing";
import { startPostgresServer } from "@clinic/sip-voice-lab";
import pg from "pg";
import { expect, test } from "vitest";

const cap = { name: "at one time", scope: "clinic", since: "under-way", atMost: 1_000_000 } as const;

test("a server that is restarted, or crashes, in the middle of attempts: nothing acknowledged is lost, none is reserved twice", async () => {
  const server = await startPostgresServer();
  const pool = new pg.Pool({ connectionString: server.url, max: 4 });
  pool.on("error", () => {});
  try {
    const { ledger } = await openClinicDatabase(pool);
    const queue = await openQueue(pool);
    const acknowledged = new Map<string, Attempt["state"]>();
    const uncertain = new Set<string>();
    let isOver = false;
    let ordinal = 0;

    /** Makes attempts until told to end, and writes down what was acknowledged, or that nobody knows. */
    async function caller(): Promise<void> {
      while (!isOver) {
        const attemptId = `attempt-${ordinal++}`;
        try {
          await queue.enqueue([{ attemptId }]);
          const reservation = await ledger.reserve(sampleAttempt({ attemptId }), [cap]);
          expect(reservation).toMatchObject({ kind: "reserved", attempt: { lease: 1 } });
          acknowledged.set(attemptId, "reserved");
          const start = await ledger.startDialing(attemptId, 1, Date.now());
          expect(start.kind).toBe("dialing");
          acknowledged.set(attemptId, "dialing");
        } catch (error) {
          if (!SipVoiceError.is(error)) throw error;
          expect(error.code).toBe("store-unavailable");
          uncertain.add(attemptId);
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      }
    }
    const callers = [caller(), caller(), caller()];
    for (const how of ["stop", "crash", "crash"] as const) {
      const enough = acknowledged.size + 20;
      while (acknowledged.size < enough) await new Promise((resolve) => setTimeout(resolve, 10));
      await server.restart(how);
    }
    const enough = acknowledged.size + 20;
    while (acknowledged.size < enough) await new Promise((resolve) => setTimeout(resolve, 10));
    isOver = true;
    await Promise.all(callers);

    expect(uncertain.size).toBeGreaterThan(0);
    const order = ["reserved", "dialing"];
    for (const [attemptId, state] of acknowledged) {
      const kept = (await ledger.get(attemptId))?.state ?? "";
      expect(order.indexOf(kept)).toBeGreaterThanOrEqual(order.indexOf(state));
    }
    for (const attemptId of uncertain) {
      const before = await ledger.get(attemptId);
      const again = await ledger.reserve(sampleAttempt({ attemptId }), [cap]);
      expect(again.kind).toBe(before ? "known" : "reserved");
    }
    const { due, claimed, later } = await queue.counts();
    expect(due + claimed + later).toBeGreaterThanOrEqual(acknowledged.size);
    await queue.close();
  } finally {
    await pool.end();
    await server.stop();
  }
});
